package io.warmpath.chronicle;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * A snapshot in one file.
 *
 * <pre>
 *   header                        see {@link SnapshotHeader}
 *   int32 n, n bytes              a page, see {@link PageWriter}; n at least 1; as often as there are
 *   int32 0                       end of the pages
 *   totals                        see {@link SnapshotTotals}
 *   int32 CRC32C of all before
 * </pre>
 */
final class CheckedFileSnapshot implements IndexSnapshot {

  private final Path path;

  CheckedFileSnapshot(Path path) {
    this.path = path;
  }

  @Override
  public SaveReport save(KvBlockIndex index, SnapshotIdentity identity) throws IOException {
    long begin = System.nanoTime();
    SnapshotTotals[] totals = new SnapshotTotals[1];
    long size = ReplacedFile.write(path, file -> totals[0] = write(file, index, identity));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new SaveReport(totals[0].blocks(), totals[0].stretches(), size, took);
  }

  private static SnapshotTotals write(Path file, KvBlockIndex index, SnapshotIdentity identity)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      CRC32C crc = new CRC32C();
      put(channel, SnapshotHeader.of(identity), crc);
      ByteBuffer small = ByteBuffer.allocate(Integer.BYTES + SnapshotTotals.BYTES);
      SnapshotTotals totals = PageWriter.write(index, page -> {
        put(channel, small.clear().putInt(page.remaining()).flip(), crc);
        put(channel, page, crc);
      });
      small.clear().putInt(0);
      totals.put(small);
      put(channel, small.flip(), crc);
      put(channel, small.clear().putInt((int) crc.getValue()).flip(), crc);
      return totals;
    }
  }

  private static void put(FileChannel channel, ByteBuffer bytes, CRC32C crc) throws IOException {
    crc.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public RestoreReport restore(
      KvBlockIndex index, SnapshotIdentity identity, Predicate<Endpoint> wanted, long nowNanos) {
    return new Restoration(path, index, wanted, nowNanos).run(consumer -> {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        consumer.accept(new Pages(channel, identity));
      }
    });
  }

  /** The pages of an open file. */
  private static final class Pages implements Restoration.Source {
    private final FileChannel channel;
    private final SnapshotIdentity identity;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(PageWriter.MOST_BYTES);

    /** CRC32C of each page when it was checked. */
    private final List<Integer> checked = new ArrayList<>();

    private long firstPage;

    Pages(FileChannel channel, SnapshotIdentity identity) {
      this.channel = channel;
      this.identity = identity;
    }

    @Override
    public SnapshotTotals check(PageSink sink) throws IOException {
      if (channel.size() == 0) {
        throw new BadSnapshotException("is empty");
      }
      ByteBuffer header = ByteBuffer.allocate(SnapshotHeader.MOST_BYTES);
      get(header.limit(SnapshotHeader.FIXED_BYTES));
      int rest = SnapshotHeader.rest(header);
      get(header.limit(SnapshotHeader.FIXED_BYTES + rest));
      SnapshotHeader.check(header, identity);
      firstPage = channel.position();
      for (int length = length(); length != 0; length = length()) {
        ByteBuffer page = page(length);
        checked.add(checksum(page));
        sink.page(page);
      }
      SnapshotTotals totals = SnapshotTotals.get(some(SnapshotTotals.BYTES));
      int expected = (int) crc.getValue();
      if (some(Integer.BYTES).getInt() != expected) {
        throw new BadSnapshotException("is damaged: its checksum is wrong");
      }
      if (channel.position() != channel.size()) {
        throw new BadSnapshotException("is damaged: it goes on after its end");
      }
      return totals;
    }

    @Override
    public void read(PageSink sink) throws IOException {
      channel.position(firstPage);
      for (int expected : checked) {
        ByteBuffer page = page(length());
        if (checksum(page) != expected) {
          throw new BadSnapshotException("was changed while it was read");
        }
        sink.page(page);
      }
    }

    private int length() throws IOException {
      return some(Integer.BYTES).getInt();
    }

    private ByteBuffer page(int length) throws IOException {
      if (length < 1 || length > PageWriter.MOST_BYTES) {
        throw new BadSnapshotException("is damaged: a page says it has " + length + " bytes");
      }
      return some(length);
    }

    private ByteBuffer some(int count) throws IOException {
      buffer.clear().limit(count);
      get(buffer);
      return buffer.flip();
    }

    private static int checksum(ByteBuffer page) {
      CRC32C crc = new CRC32C();
      crc.update(page.duplicate());
      return (int) crc.getValue();
    }

    /** Fills the buffer up to its limit. */
    private void get(ByteBuffer to) throws IOException {
      int from = to.position();
      while (to.hasRemaining()) {
        if (channel.read(to) < 0) {
          throw new BadSnapshotException(
              "is cut short: it ends after " + channel.position() + " bytes");
        }
      }
      crc.update(to.duplicate().position(from));
    }
  }
}
