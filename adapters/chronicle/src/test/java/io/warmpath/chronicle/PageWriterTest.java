package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.chronicle.ShownIndex.Confirmed;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.BlockVisitor;
import io.warmpath.index.HolderKey;
import io.warmpath.index.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageWriterTest {

  private static final HolderKey A = HolderKey.gpu(Endpoint.of("10.0.0.1:8000"));
  private static final HolderKey B = HolderKey.gpu(Endpoint.of("10.0.0.2:8000"));
  private static final int EMPTY_PAGE = 4 * Integer.BYTES;
  private static final int STRETCH = 3 * Integer.BYTES;

  @TempDir
  Path folder;

  @Test
  void stretchesComeBackAsTheyWereShown() throws IOException {
    long[] run = LongStream.range(100, 200).toArray();

    assertComesBack(visitor -> {
      visitor.stretch(A, run, 0, 100);
      visitor.stretch(B, run, 20, 30);
      visitor.stretch(B, run, 60, 40);
      visitor.stretch(HolderKey.shared(65_535), run, 99, 1);
      visitor.stretch(A, new long[] {1, 2}, 0, 2);
    });
  }

  @Test
  void blocksThatHoldersShareAreWrittenOnce() throws IOException {
    long[] run = LongStream.range(100, 200).toArray();
    Consumer<BlockVisitor> one = visitor -> visitor.stretch(A, run, 10, 80);

    long alone = bytes(one);
    long both = bytes(one.andThen(visitor -> visitor.stretch(A, run, 10, 80)));
    long longer = bytes(one.andThen(visitor -> visitor.stretch(A, run, 20, 80)));

    assertEquals(alone + STRETCH, both);
    assertEquals(alone + STRETCH + 10 * Long.BYTES, longer);
  }

  @Test
  void anArrayThatIsFilledAnewIsNotTakenForTheOldOne() throws IOException {
    long[] reused = new long[10];

    assertComesBack(visitor -> {
      Arrays.setAll(reused, i -> i);
      visitor.stretch(A, reused, 0, 10);
      Arrays.setAll(reused, i -> i == 9 ? 99 : i);
      visitor.stretch(B, reused, 0, 10);
      visitor.stretch(A, reused, 5, 5);
    });
  }

  @Test
  void longStretchesAreCutAtPagesAndLoseNothing() throws IOException {
    long[] run = new Random(1).longs(3L * PageWriter.MOST_BLOCKS + 7).toArray();
    ShownIndex after = restored(visitor -> {
      visitor.stretch(B, run, 0, 1);
      visitor.stretch(A, run, 0, run.length);
    });

    List<Long> blocks = new ArrayList<>();
    for (Confirmed confirmed : after.confirmed.subList(1, after.confirmed.size())) {
      assertEquals(A, confirmed.holder());
      blocks.addAll(confirmed.blocks());
    }
    assertEquals(Arrays.stream(run).boxed().toList(), blocks);
  }

  @Test
  void randomStretchesComeBackAsTheyWereShown() throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      int from = seed;
      assertComesBack(visitor -> {
        Random random = new Random(from);
        long[] run = new long[200];
        for (int i = 0; i < PageWriter.MOST_STRETCHES + 1000; i++) {
          if (random.nextInt(5) == 0) {
            int left = random.nextInt(200);
            Arrays.setAll(run, b -> b < left ? run[b] : random.nextInt(3));
          }
          int first = random.nextInt(200);
          HolderKey holder = new HolderKey(A.endpoint(), Tier.CPU, random.nextInt(300));
          visitor.stretch(holder, run, first, 1 + random.nextInt(200 - first));
        }
      });
    }
  }

  @Test
  void manyHoldersWithLongNamesComeBack() throws IOException {
    String name = "x".repeat(Names.MOST_BYTES - 10);

    assertComesBack(visitor -> {
      for (int i = 0; i < 100; i++) {
        Endpoint endpoint = new Endpoint(name + i, name, 1 + i, Integer.MAX_VALUE - i);
        visitor.stretch(HolderKey.gpu(endpoint), new long[] {i}, 0, 1);
      }
      for (int group = 0; group < 10_000; group++) {
        visitor.stretch(HolderKey.shared(group), new long[] {1}, 0, 1);
      }
    });
  }

  @Test
  void aNameThatIsTooLongFailsTheSave() {
    Endpoint endpoint = new Endpoint("ü".repeat(Names.MOST_BYTES / 2 + 1), "host", 1, 0);
    ShownIndex index =
        new ShownIndex(visitor -> visitor.stretch(HolderKey.gpu(endpoint), new long[1], 0, 1));

    IOException e = assertThrows(IOException.class, () -> PageWriter.write(index, page -> {}));

    assertTrue(e.getMessage().contains("65535"), e::getMessage);
  }

  @Test
  void pagesThatMakeNoSenseAreRefused() throws IOException {
    List<byte[]> pages = new ArrayList<>();
    PageWriter.write(
        new ShownIndex(visitor -> visitor.stretch(A, new long[] {7, 8}, 0, 2)), page -> {
          byte[] bytes = new byte[page.remaining()];
          page.get(bytes);
          pages.add(bytes);
        });
    byte[] good = pages.get(0);
    int refused = 0;

    for (int i = 0; i < good.length; i++) {
      for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        byte[] bad = good.clone();
        bad[i] = (byte) value;
        refused += isRefused(bad) ? 1 : 0;
      }
      assertTrue(isRefused(Arrays.copyOf(good, i)), "cut after " + i);
    }
    assertTrue(isRefused(Arrays.copyOf(good, good.length + 1)));
    assertTrue(refused > 100, () -> "some are refused, and nothing else is thrown");
  }

  private static boolean isRefused(byte[] page) {
    try {
      new PageReader(new PageReader.Content() {
            @Override
            public void holder(HolderKey key) {}

            @Override
            public void stretch(int holder, long[] blocks, int from, int count) {
              assertTrue(from >= 0 && from + count <= blocks.length);
            }
          })
          .page(ByteBuffer.wrap(page));
      return false;
    } catch (BadSnapshotException e) {
      return true;
    }
  }

  private static long bytes(Consumer<BlockVisitor> shown) throws IOException {
    long[] bytes = {-EMPTY_PAGE};
    PageWriter.write(new ShownIndex(shown), page -> bytes[0] += page.remaining());
    return bytes[0];
  }

  private ShownIndex restored(Consumer<BlockVisitor> shown) throws IOException {
    IndexSnapshot snapshot = IndexSnapshot.file(folder.resolve("pages"));
    ShownIndex after = new ShownIndex(visitor -> {});
    snapshot.save(new ShownIndex(shown), IndexSnapshotContract.IDENTITY);
    RestoreReport report =
        snapshot.restore(after, IndexSnapshotContract.IDENTITY, endpoint -> true, 0);
    assertEquals(RestoreReport.Outcome.RESTORED, report.outcome(), report::reason);
    return after;
  }

  private void assertComesBack(Consumer<BlockVisitor> shown) throws IOException {
    List<Confirmed> expected = new ArrayList<>();
    shown.accept((holder, blocks, from, count) -> expected.add(
        new Confirmed(holder, Arrays.stream(blocks, from, from + count).boxed().toList())));

    assertEquals(expected, restored(shown).confirmed);
  }
}
