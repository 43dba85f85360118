package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.BlockHasher;
import io.warmpath.chronicle.RestoreReport.Outcome;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import io.warmpath.index.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every snapshot does. */
abstract class IndexSnapshotContract {

  static final SnapshotIdentity IDENTITY =
      SnapshotIdentity.of("qwen3-32b", 16, BlockHasher.keyed(0x5EC2E7L));

  @TempDir
  Path folder;

  abstract IndexSnapshot snapshot(Path path);

  /** How many random indexes to try. */
  abstract int histories();

  Path path() {
    return folder.resolve("index.snapshot");
  }

  RestoreReport restore(KvBlockIndex index) {
    return snapshot(path()).restore(index, IDENTITY, endpoint -> true, Fleet.NOW);
  }

  @Test
  void everyChainLooksUpEqualAfterARestore() throws IOException {
    for (int seed = 0; seed < histories(); seed++) {
      Fleet fleet = new Fleet(seed);
      KvBlockIndex before = fleet.filledIndex();
      KvBlockIndex after = Fleet.emptyIndex();

      SaveReport saved = snapshot(path()).save(before, IDENTITY);
      RestoreReport restored = restore(after);

      assertEquals(Outcome.RESTORED, restored.outcome(), restored::reason);
      assertEquals(saved.blocks(), restored.blocks());
      assertEquals(Fleet.held(before).size(), saved.blocks());
      assertEquals(Files.size(path()), saved.sizeBytes());
      fleet.assertSame(before, after);
    }
  }

  @Test
  @Timeout(60)
  void aMillionBlocksLookUpEqual() throws IOException {
    Endpoint one = Endpoint.of("10.0.0.1:8000");
    Endpoint two = Endpoint.of("10.0.0.2:8000");
    KvBlockIndex before = KvBlockIndex.create(1 << 20, () -> Fleet.NOW);
    Random random = new Random(7);
    long[][] chains = new long[1000][];
    for (int c = 0; c < chains.length; c++) {
      chains[c] = random.longs(1000).toArray();
      before.store(before.holder(HolderKey.gpu(one)), 0, false, chains[c], 0, 1000);
      before.store(before.holder(HolderKey.gpu(two)), 0, false, chains[c], 0, c);
    }
    KvBlockIndex after = KvBlockIndex.create(1 << 20, () -> Fleet.NOW);

    SaveReport saved = snapshot(path()).save(before, IDENTITY);
    RestoreReport restored = restore(after);
    System.out.println(getClass().getSimpleName() + ": " + saved + " " + restored);

    assertEquals(1_499_500, restored.blocks(), restored::reason);
    PrefixMatch match = new PrefixMatch();
    for (int c = 0; c < chains.length; c++) {
      after.match(chains[c], 0, 1000, match);
      assertEquals(1000, match.blocks(after.slot(one), Tier.GPU));
      assertEquals(c, match.blocks(after.slot(two), Tier.GPU));
    }
  }

  @Test
  void restoredBlocksAreBelievedForTheLifeOfAConfirmation() throws IOException {
    Fleet fleet = new Fleet(1);
    long[] now = {Fleet.NOW};
    KvBlockIndex after = KvBlockIndex.create(1 << 20, () -> now[0]);
    snapshot(path()).save(fleet.filledIndex(), IDENTITY);

    restore(after);

    now[0] += KvBlockIndex.CONFIRM_LIFE_NANOS - 1;
    assertTrue(shown(after) > 0);
    now[0]++;
    assertEquals(0, shown(after));
  }

  private static int shown(KvBlockIndex index) {
    int[] blocks = {0};
    index.visit((holder, hashes, from, count) -> blocks[0] += count);
    return blocks[0];
  }

  @Test
  void endpointsThatAreGoneDoNotComeBack() throws IOException {
    Fleet fleet = new Fleet(2);
    KvBlockIndex before = fleet.filledIndex();
    Endpoint gone = fleet.endpoints.get(3);
    KvBlockIndex after = Fleet.emptyIndex();
    snapshot(path()).save(before, IDENTITY);

    RestoreReport restored =
        snapshot(path()).restore(after, IDENTITY, endpoint -> !endpoint.equals(gone), Fleet.NOW);

    long all = Fleet.held(before).size();
    before.drop(gone);
    assertEquals(Fleet.held(before), Fleet.held(after));
    assertEquals(1, restored.skippedEndpoints());
    assertEquals(all - Fleet.held(before).size(), restored.skippedBlocks());
    assertEquals(all - restored.skippedBlocks(), restored.blocks());
  }

  @Test
  void anEmptyIndexIsASnapshotToo() throws IOException {
    snapshot(path()).save(Fleet.emptyIndex(), IDENTITY);

    RestoreReport restored = restore(Fleet.emptyIndex());

    assertEquals(Outcome.RESTORED, restored.outcome(), restored::reason);
    assertEquals(0, restored.blocks());
  }

  @Test
  void whereThereIsNoFileNothingIsRestored() {
    assertUntouched(Outcome.ABSENT, "does not exist");
  }

  @Test
  void aSnapshotOfAnotherIdentityIsRefusedByTheNameOfTheField() throws IOException {
    BlockHasher hasher = BlockHasher.keyed(0x5EC2E7L);
    BlockHasher other = BlockHasher.keyed(0x5EC2E8L);
    String own = IDENTITY.fingerprint();

    assertForeign(
        SnapshotIdentity.of("llama-3", 16, hasher),
        "model is 'llama-3', this router's is 'qwen3-32b'");
    assertForeign(
        new SnapshotIdentity("qwen3-32b", 32, IDENTITY.hashScheme(), own),
        "block size is '32', this router's is '16'");
    assertForeign(
        new SnapshotIdentity("qwen3-32b", 16, "sha256_cbor", own), "hash scheme is 'sha256_cbor'");
    assertForeign(
        SnapshotIdentity.of("qwen3-32b", 16, other), "fingerprint of the hash secret is '");
  }

  private void assertForeign(SnapshotIdentity identity, String says) throws IOException {
    snapshot(path()).save(new Fleet(3).filledIndex(), identity);

    assertUntouched(Outcome.REFUSED, says);
  }

  @Test
  void whatIsNoPlainFileIsRefused() throws IOException {
    Files.createDirectory(path());

    assertUntouched(Outcome.REFUSED, "is a folder");
    RestoreReport device = snapshot(Path.of("/dev/null"))
        .restore(Fleet.emptyIndex(), IDENTITY, endpoint -> true, Fleet.NOW);
    assertTrue(device.reason().contains("is not a plain file"), device::reason);
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    Files.createSymbolicLink(path(), path());

    assertUntouched(Outcome.REFUSED, "cannot be read");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Files.createFile(path());

    assertUntouched(Outcome.REFUSED, "is empty");
  }

  @Test
  void someOtherFileIsRefused() throws IOException {
    for (int size : new int[] {1, 15, 16, 19, 20, 21, 1000, 1 << 20}) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      Files.write(path(), bytes);

      assertUntouched(Outcome.REFUSED, "");
    }
  }

  @Test
  void aFailedSaveLeavesTheOldSnapshotAndNoOther() throws IOException {
    snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY);
    byte[] old = Files.readAllBytes(path());

    assertThrows(
        Exception.class,
        () -> snapshot(path())
            .save(
                new ShownIndex(visitor -> {
                  visitor.stretch(HolderKey.shared(0), new long[9000], 0, 9000);
                  throw new IllegalStateException("in the middle");
                }),
                IDENTITY));

    assertArrayEquals(old, Files.readAllBytes(path()));
    assertEquals(List.of(path()), files());
  }

  @Test
  void aSaveInsteadOfAFolderFails() throws IOException {
    Files.createDirectories(path().resolve("full"));

    assertThrows(
        IOException.class, () -> snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY));

    assertEquals(List.of(path()), files());
  }

  @Test
  void whatACrashHasLeftIsRemovedAndWhatAnotherSaverWritesIsNot() throws IOException {
    Path leftOver = Files.createFile(folder.resolve("index.snapshot.123.tmp"));
    Path other = Files.createFile(folder.resolve("index.snapshot.124.tmp"));
    Path foreign = Files.createFile(folder.resolve("other.snapshot.123.tmp"));
    FileTime old =
        FileTime.from(Files.getLastModifiedTime(other).toInstant().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(leftOver, old);
    Files.setLastModifiedTime(foreign, old);

    snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY);

    assertEquals(List.of(path(), other, foreign), files());
  }

  @Test
  void aSnapshotIsForItsOwnerOnly() throws IOException {
    snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY);

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
  }

  @Test
  void aRestoreLeavesTheFileAsItIs() throws IOException {
    snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY);
    byte[] old = Files.readAllBytes(path());

    restore(Fleet.emptyIndex());

    assertArrayEquals(old, Files.readAllBytes(path()));
    assertEquals(List.of(path()), files());
  }

  @Test
  void whatThePredicateThrowsComesThroughAndNothingIsRestored() throws IOException {
    snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY);
    KvBlockIndex index = Fleet.emptyIndex();
    IndexStats before = index.stats();

    assertThrows(
        ArithmeticException.class,
        () -> snapshot(path())
            .restore(
                index,
                IDENTITY,
                endpoint -> {
                  throw new ArithmeticException();
                },
                Fleet.NOW));

    assertEquals(before, index.stats());
    assertEquals(List.of(path()), files());
  }

  @Test
  @Timeout(60)
  void aSaveBesideChangesKeepsWhatDoesNotChange() throws Exception {
    Fleet fleet = new Fleet(5);
    KvBlockIndex before = fleet.filledIndex();
    Set<String> still = Fleet.held(before);
    Endpoint busy = Endpoint.of("10.0.0.9:8000");
    int holder = before.holder(HolderKey.gpu(busy));
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch changing = new CountDownLatch(1);
    Thread writer = new Thread(() -> {
      Random random = new Random(6);
      while (!stop.get()) {
        long[] chain = fleet.chains.get(random.nextInt(fleet.chains.size()));
        before.store(holder, 0, false, chain, 0, chain.length);
        before.remove(holder, chain, 0, random.nextInt(chain.length));
        changing.countDown();
      }
    });
    KvBlockIndex after = Fleet.emptyIndex();
    writer.start();
    try {
      assertTrue(changing.await(10, TimeUnit.SECONDS));

      snapshot(path()).save(before, IDENTITY);
    } finally {
      stop.set(true);
      writer.join(TimeUnit.SECONDS.toMillis(10));
    }
    RestoreReport restored = restore(after);

    assertEquals(Outcome.RESTORED, restored.outcome(), restored::reason);
    Set<String> restoredBlocks = Fleet.held(after);
    assertTrue(restoredBlocks.containsAll(still));
    restoredBlocks.removeAll(still);
    for (long[] chain : fleet.chains) {
      for (long block : chain) {
        restoredBlocks.remove(HolderKey.gpu(busy) + " " + block);
      }
    }
    assertEquals(Set.of(), restoredBlocks);
  }

  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  void assertRefused(byte[] file, String says) throws IOException {
    Files.write(path(), file);
    assertUntouched(Outcome.REFUSED, says);
  }

  /** A restore has this outcome and reason, and leaves an index that has something as it was. */
  void assertUntouched(Outcome outcome, String says) {
    KvBlockIndex index = Fleet.emptyIndex();
    index.store(index.holder(HolderKey.shared(0)), 0, false, new long[] {1, 2, 3}, 0, 3);
    IndexStats before = index.stats();

    RestoreReport report = restore(index);

    assertEquals(outcome, report.outcome(), report::reason);
    assertTrue(report.reason().contains(says), report::reason);
    assertTrue(report.reason().contains(path().toString()), report::reason);
    assertEquals(before, index.stats());
    assertEquals(0, report.blocks());
  }
}
