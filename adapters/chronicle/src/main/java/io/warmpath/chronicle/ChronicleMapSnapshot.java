package io.warmpath.chronicle;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in a Chronicle Map file of {@code Long} to {@code byte[]}, with a {@link FileSeal} behind
 * it.
 *
 * <pre>
 *   key 1, 2, ...   a page each, see {@link PageWriter}
 *   key 0           header (see {@link SnapshotHeader}), totals (see {@link SnapshotTotals}),
 *                   int32 CRC32C of all pages in the order of their keys; written last
 * </pre>
 *
 * <p>A damaged map may crash the JVM that opens it, and who reads one takes locks in it, which a crash
 * would leave there: it is checked by its seal first, and what is opened is a copy of what was checked.
 */
final class ChronicleMapSnapshot implements IndexSnapshot {

  private static final long META = 0;
  private static final long FIRST_PAGE = 1;

  /** Room for the index to grow between counting and writing: Chronicle Map's size is fixed. */
  private static final double MOST_BLOAT = 10;

  private static final int SPARE_ENTRIES = 16;

  /** An entry has at most 64 chunks (Chronicle Map), and the longest page is in 256 KiB. */
  private static final int CHUNK_BYTES = 8 << 10;

  private final Path path;

  ChronicleMapSnapshot(Path path) {
    this.path = path;
  }

  @Override
  public SaveReport save(KvBlockIndex index, SnapshotIdentity identity) throws IOException {
    long begin = System.nanoTime();
    long[] pageBytes = new long[1];
    SnapshotTotals expected = PageWriter.write(index, page -> pageBytes[0] += page.remaining());
    SnapshotTotals[] totals = new SnapshotTotals[1];
    long size = ReplacedFile.write(path, file -> {
      try (ChronicleMap<Long, byte[]> map = create(file, expected.pages(), pageBytes[0])) {
        totals[0] = write(map, index, identity);
      } catch (RuntimeException | LinkageError e) {
        throw new IOException("Chronicle Map cannot write " + file + ": " + e, e);
      }
      FileSeal.append(file);
    });
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new SaveReport(totals[0].blocks(), totals[0].stretches(), size, took);
  }

  private static ChronicleMap<Long, byte[]> create(Path file, int pages, long pageBytes)
      throws IOException {
    return builder()
        .name("warmpath")
        .entries(pages + SPARE_ENTRIES)
        .averageValueSize(Math.max(CHUNK_BYTES, (double) pageBytes / Math.max(1, pages)))
        .actualChunkSize(CHUNK_BYTES)
        .maxBloatFactor(MOST_BLOAT)
        .createPersistedTo(file.toFile());
  }

  private static ChronicleMapBuilder<Long, byte[]> builder() {
    return ChronicleMap.of(Long.class, byte[].class);
  }

  private static SnapshotTotals write(
      ChronicleMap<Long, byte[]> map, KvBlockIndex index, SnapshotIdentity identity)
      throws IOException {
    CRC32C crc = new CRC32C();
    long[] key = {FIRST_PAGE};
    SnapshotTotals totals = PageWriter.write(index, page -> {
      byte[] value = new byte[page.remaining()];
      page.get(value);
      crc.update(value);
      map.put(key[0]++, value);
    });
    ByteBuffer header = SnapshotHeader.of(identity);
    ByteBuffer meta = ByteBuffer.allocate(header.remaining() + SnapshotTotals.BYTES + Integer.BYTES)
        .put(header);
    totals.put(meta);
    map.put(META, meta.putInt((int) crc.getValue()).array());
    return totals;
  }

  @Override
  public RestoreReport restore(
      KvBlockIndex index, SnapshotIdentity identity, Predicate<Endpoint> wanted, long nowNanos) {
    return new Restoration(path, index, wanted, nowNanos).run(consumer -> {
      Path copy = ReplacedFile.temporary(path);
      try {
        FileSeal.copyChecked(path, copy);
        try (ChronicleMap<Long, byte[]> map = open(copy)) {
          consumer.accept(new Entries(map, identity));
        }
      } finally {
        Files.deleteIfExists(copy);
      }
    });
  }

  private static ChronicleMap<Long, byte[]> open(Path file) throws IOException {
    try {
      return builder().createPersistedTo(file.toFile());
    } catch (RuntimeException | LinkageError e) {
      throw new IOException("Chronicle Map cannot open it: " + e, e);
    }
  }

  private record Entries(ChronicleMap<Long, byte[]> map, SnapshotIdentity identity)
      implements Restoration.Source {

    @Override
    public SnapshotTotals check(PageSink sink) throws IOException {
      ByteBuffer meta = get(META);
      if (meta.limit() < SnapshotHeader.FIXED_BYTES) {
        throw new BadSnapshotException("is damaged: the entry that describes it is cut short");
      }
      int header = SnapshotHeader.FIXED_BYTES + SnapshotHeader.rest(meta);
      if (meta.limit() != header + SnapshotTotals.BYTES + Integer.BYTES) {
        throw new BadSnapshotException(
            "is damaged: the entry that describes it has " + meta.limit() + " bytes");
      }
      SnapshotHeader.check(meta.duplicate().limit(header), identity);
      SnapshotTotals totals = SnapshotTotals.get(meta.position(header));
      CRC32C crc = new CRC32C();
      for (long key = FIRST_PAGE; key < FIRST_PAGE + totals.pages(); key++) {
        ByteBuffer page = get(key);
        crc.update(page.duplicate());
        sink.page(page);
      }
      if (meta.getInt() != (int) crc.getValue()) {
        throw new BadSnapshotException("is damaged: the checksum of its entries is wrong");
      }
      if (map.longSize() != totals.pages() + 1L) {
        throw new BadSnapshotException("is damaged: it has " + map.longSize()
            + " entries instead of " + (totals.pages() + 1L));
      }
      return totals;
    }

    @Override
    public void read(PageSink sink) throws IOException {
      for (long key = FIRST_PAGE; key < map.longSize(); key++) {
        sink.page(get(key));
      }
    }

    private ByteBuffer get(long key) throws IOException {
      byte @Nullable [] value;
      try {
        value = map.get(key);
      } catch (RuntimeException e) {
        throw new IOException("Chronicle Map cannot read entry " + key + ": " + e, e);
      }
      if (value == null) {
        throw new BadSnapshotException("is damaged: entry " + key + " is missing");
      }
      return ByteBuffer.wrap(value);
    }
  }
}
