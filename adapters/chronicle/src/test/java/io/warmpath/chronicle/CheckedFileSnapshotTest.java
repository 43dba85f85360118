package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.chronicle.RestoreReport.Outcome;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CheckedFileSnapshotTest extends IndexSnapshotContract {

  @Override
  IndexSnapshot snapshot(Path path) {
    return IndexSnapshot.file(path);
  }

  @Override
  int histories() {
    return 10;
  }

  @Test
  void aFlippedBitOfAnyByteIsRefused() throws IOException {
    byte[] good = small();
    for (int place = 0; place < good.length; place++) {
      byte[] bad = good.clone();
      bad[place] ^= (byte) (1 << place % 8);

      assertRefused(bad, place < 8 ? "is not a Warmpath snapshot" : "");
    }
  }

  @Test
  void aFileThatIsCutShortIsRefused() throws IOException {
    byte[] good = small();
    for (int length = 1; length < good.length; length++) {
      assertRefused(
          Arrays.copyOf(good, length), "is cut short: it ends after " + length + " bytes");
    }
  }

  @Test
  void aFileThatGoesOnIsRefused() throws IOException {
    byte[] good = small();

    assertRefused(Arrays.copyOf(good, good.length + 1), "goes on after its end");
  }

  @Test
  void aNewerVersionIsRefusedAsSuch() throws IOException {
    byte[] newer = small();
    newer[11] = 2;
    int header = 16 + ByteBuffer.wrap(newer).getInt(12);
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, header);
    ByteBuffer.wrap(newer).putInt(header, (int) crc.getValue());

    assertRefused(newer, "has format version 2; this program reads 1");
  }

  /** The checksums were computed apart, in Python, from the polynomial. */
  @Test
  void theFormatIsAsDocumented() throws IOException {
    Endpoint endpoint = new Endpoint("a", "b", 8000, 1);
    KvBlockIndex index = Fleet.emptyIndex();
    index.store(index.holder(HolderKey.gpu(endpoint)), 0, false, new long[] {-2}, 0, 1);
    snapshot(path()).save(index, new SnapshotIdentity("m", 16, "s", "f"));

    assertEquals(
        "895750530d0a1a0a" // magic
            + "00000001" // version
            + "0000000d" // bytes of the identity
            + "00016d" + "00000010" + "000173" + "000166" // m, 16, s, f
            + "d5ad61dc" // CRC32C
            + "00000037" // bytes of the page
            + "00000001" + "000161" + "000162" + "1f40" + "00000001" // a, b, 8000, rank 1
            + "00000001" + "00000000" + "00" + "0000" // of endpoint 0, GPU, group 0
            + "00000001" + "fffffffffffffffe" // one block
            + "00000001" + "00000000" + "00000000" + "00000001" // holder 0, from 0, one block
            + "00000000" // end of the pages
            + "0000000000000001" + "0000000000000001" + "00000001" // blocks, stretches, pages
            + "ef4ed075", // CRC32C
        HexFormat.of().formatHex(Files.readAllBytes(path())));
  }

  @Test
  void aFileThatIsOverwrittenAfterItWasCheckedIsReportedAsIncomplete() throws IOException {
    snapshot(path()).save(new Fleet(4).filledIndex(), IDENTITY);
    KvBlockIndex index = Fleet.emptyIndex();

    RestoreReport report =
        snapshot(path()).restore(index, IDENTITY, endpoint -> overwriteTheEnd(), Fleet.NOW);

    assertEquals(Outcome.INCOMPLETE, report.outcome());
    assertEquals("snapshot " + path() + " was changed while it was read", report.reason());
    assertEquals(report.blocks(), Fleet.held(index).size());
  }

  private boolean overwriteTheEnd() {
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), channel.size() - 64);
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] small() throws IOException {
    Endpoint endpoint = Endpoint.of("10.0.0.1:8000");
    KvBlockIndex index = Fleet.emptyIndex();
    index.store(index.holder(HolderKey.gpu(endpoint)), 0, false, new long[] {5, 6, 7}, 0, 3);
    index.store(index.holder(HolderKey.shared(0)), 0, false, new long[] {5, 6}, 0, 2);
    snapshot(path()).save(index, IDENTITY);
    assertEquals(Outcome.RESTORED, restore(Fleet.emptyIndex()).outcome());
    return Files.readAllBytes(path());
  }
}
