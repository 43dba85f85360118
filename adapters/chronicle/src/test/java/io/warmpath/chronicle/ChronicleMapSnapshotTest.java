package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.chronicle.RestoreReport.Outcome;
import io.warmpath.index.HolderKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.openhft.chronicle.map.ChronicleMap;
import org.junit.jupiter.api.Test;

class ChronicleMapSnapshotTest extends IndexSnapshotContract {

  @Override
  IndexSnapshot snapshot(Path path) {
    return IndexSnapshot.chronicle(path);
  }

  @Override
  int histories() {
    return 5;
  }

  @Test
  void chronicleMapReadsTheFileAsItIs() throws IOException {
    snapshot(path()).save(new Fleet(1).filledIndex(), IDENTITY);

    try (ChronicleMap<Long, byte[]> map =
        ChronicleMap.of(Long.class, byte[].class).createPersistedTo(path().toFile())) {
      ByteBuffer meta = ByteBuffer.wrap(map.get(0L));
      SnapshotTotals totals =
          SnapshotTotals.get(meta.position(meta.limit() - Integer.BYTES - SnapshotTotals.BYTES));
      assertEquals(totals.pages() + 1, map.size());
    }
  }

  @Test
  void aFlippedBitIsRefusedBeforeChronicleMapSeesIt() throws IOException {
    byte[] bytes = saved();
    Random random = new Random(1);
    for (int place = 0;
        place < bytes.length;
        place += place < 4096 ? 67 : 1 + random.nextInt(100_000)) {
      assertFlipRefused(bytes, place);
    }
    for (int place = bytes.length - 20; place < bytes.length; place++) {
      assertFlipRefused(bytes, place);
    }
  }

  private void assertFlipRefused(byte[] bytes, int place) throws IOException {
    bytes[place] ^= 0x10;
    assertRefused(bytes, place < bytes.length - 20 ? "its checksum is wrong" : "");
    bytes[place] ^= 0x10;
  }

  @Test
  void aFileThatIsCutShortOrGoesOnIsRefused() throws IOException {
    byte[] bytes = saved();
    for (int length :
        new int[] {1, 19, 20, 21, bytes.length / 2, bytes.length - 20, bytes.length - 1}) {
      assertRefused(Arrays.copyOf(bytes, length), "cut short");
    }
    assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "no seal");
    byte[] middle = Arrays.copyOfRange(bytes, 1, bytes.length);
    assertRefused(middle, "before its seal, which says");
  }

  @Test
  void aMapWithoutASealIsRefused() throws IOException {
    try (ChronicleMap<Long, byte[]> map = map(path())) {
      map.put(0L, new byte[10]);
    }

    assertUntouched(Outcome.REFUSED, "no seal");
  }

  @Test
  void aSealedMapWhoseEntriesDoNotFitIsRefused() throws IOException {
    byte[] page = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    ByteBuffer header = SnapshotHeader.of(IDENTITY);
    byte[] meta = new byte[header.remaining() + SnapshotTotals.BYTES + Integer.BYTES];
    header.get(meta, 0, header.remaining());
    byte[] twoPages = meta.clone();
    twoPages[meta.length - Integer.BYTES - 1] = 2;

    assertSealedRefused("entry 0 is missing");
    assertSealedRefused("describes it is cut short", new byte[3]);
    assertSealedRefused("is not a Warmpath snapshot", new byte[16]);
    assertSealedRefused("describes it has", Arrays.copyOf(meta, meta.length - 1));
    assertSealedRefused("entry 2 is missing", twoPages, page);
    assertSealedRefused("has 2 entries instead of 1", meta, page);
    meta[meta.length - 1] = 1;
    assertSealedRefused("the checksum of its entries is wrong", meta);
  }

  private void assertSealedRefused(String says, byte[]... entries) throws IOException {
    Files.deleteIfExists(path());
    try (ChronicleMap<Long, byte[]> map = map(path())) {
      for (int key = 0; key < entries.length; key++) {
        map.put((long) key, entries[key]);
      }
    }
    FileSeal.append(path());

    assertUntouched(Outcome.REFUSED, says);
  }

  @Test
  void aSealedFileWithoutAMapIsRefused() throws IOException {
    Files.createFile(path());
    FileSeal.append(path());

    assertUntouched(Outcome.REFUSED, "Chronicle Map cannot open it");
  }

  @Test
  void anIndexThatGrowsBetweenCountingAndWritingIsSaved() throws IOException {
    int[] visits = new int[1];
    ShownIndex growing = new ShownIndex(visitor -> {
      int stretches = visits[0]++ == 0 ? 1 : 300;
      long[] run = new Random(1).longs(PageWriter.MOST_BLOCKS).toArray();
      for (int i = 0; i < stretches; i++) {
        visitor.stretch(HolderKey.shared(i), run, 0, i == 0 ? 10 : 2000);
      }
    });

    SaveReport saved = snapshot(path()).save(growing, IDENTITY);

    assertEquals(10 + 299 * 2000, saved.blocks());
    assertEquals(saved.blocks(), restore(new ShownIndex(visitor -> {})).blocks());
  }

  @Test
  void anIndexThatGrowsWithoutMeasureFailsTheSaveAndLeavesTheOldSnapshot() throws IOException {
    snapshot(path()).save(new Fleet(1).filledIndex(), IDENTITY);
    int[] visits = new int[1];
    long[] run = new Random(1).longs(PageWriter.MOST_BLOCKS).toArray();
    ShownIndex growing = new ShownIndex(visitor -> {
      int stretches = visits[0]++ == 0 ? 1 : 20_000;
      for (int i = 0; i < stretches; i++) {
        run[0] = i;
        visitor.stretch(HolderKey.shared(0), run, 0, run.length);
      }
    });

    IOException e = assertThrows(IOException.class, () -> snapshot(path()).save(growing, IDENTITY));

    assertTrue(e.getMessage().contains("Chronicle Map cannot write"), e::getMessage);
    assertEquals(Outcome.RESTORED, restore(Fleet.emptyIndex()).outcome());
  }

  private static ChronicleMap<Long, byte[]> map(Path path) throws IOException {
    return ChronicleMap.of(Long.class, byte[].class)
        .entries(10)
        .averageValueSize(100)
        .createPersistedTo(path.toFile());
  }

  private byte[] saved() throws IOException {
    snapshot(path()).save(new Fleet(1).filledIndex(), IDENTITY);
    return Files.readAllBytes(path());
  }
}
