package io.warmpath.chronicle;

import io.warmpath.chronicle.RestoreReport.Outcome;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** One restore: all pages are checked, then all are read again into the index. For one thread. */
final class Restoration {

  /** The pages of a snapshot, which can be read twice. */
  interface Source {

    /**
     * Checks that the snapshot is whole and of this identity, and shows its pages.
     *
     * @return what the snapshot says is in these pages
     */
    SnapshotTotals check(PageSink pages) throws IOException;

    /** Shows the same pages again; throws if they are not the same. */
    void read(PageSink pages) throws IOException;
  }

  /** Opens a snapshot, uses it, and closes it. */
  interface Store {

    void use(Consumer consumer) throws IOException;

    /** What uses an open snapshot. */
    interface Consumer {
      void accept(Source source) throws IOException;
    }
  }

  private static final int SKIPPED = -1;

  private final Path path;
  private final KvBlockIndex index;
  private final Predicate<Endpoint> wanted;
  private final long nowNanos;
  private final long begin = System.nanoTime();

  private boolean checked;
  private int skippedEndpoints;
  private long blocks;
  private long skippedBlocks;

  Restoration(Path path, KvBlockIndex index, Predicate<Endpoint> wanted, long nowNanos) {
    this.path = path;
    this.index = index;
    this.wanted = wanted;
    this.nowNanos = nowNanos;
  }

  RestoreReport run(Store store) {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      if (!file.isRegularFile()) {
        return report(Outcome.REFUSED, file.isDirectory() ? "is a folder" : "is not a plain file");
      }
      store.use(this::restore);
      return report(Outcome.RESTORED, "was restored: " + blocks + " blocks");
    } catch (NoSuchFileException e) {
      return report(Outcome.ABSENT, "does not exist");
    } catch (BadSnapshotException e) {
      return report(failure(), e.finding());
    } catch (IOException e) {
      return report(failure(), "cannot be read: " + e);
    }
  }

  private Outcome failure() {
    return checked ? Outcome.INCOMPLETE : Outcome.REFUSED;
  }

  private RestoreReport report(Outcome outcome, String what) {
    return new RestoreReport(
        outcome,
        "snapshot " + path + " " + what,
        blocks,
        skippedBlocks,
        skippedEndpoints,
        Duration.ofNanos(System.nanoTime() - begin));
  }

  private void restore(Source source) throws IOException {
    Endpoints endpoints = new Endpoints();
    PageReader reader = new PageReader(endpoints);
    SnapshotTotals said = source.check(reader);
    if (!said.equals(reader.totals())) {
      throw new BadSnapshotException(
          "is damaged: it should have " + said + ", has " + reader.totals());
    }
    endpoints.choose();
    checked = true;
    source.read(new PageReader(new Believer(endpoints)));
  }

  /** The first reading: collects the endpoints. */
  private final class Endpoints implements PageReader.Content {
    private final Map<Endpoint, Boolean> chosen = new HashMap<>();

    @Override
    public void holder(HolderKey key) {
      Endpoint endpoint = key.endpoint();
      if (endpoint != null) {
        chosen.put(endpoint, true);
      }
    }

    @Override
    public void stretch(int holder, long[] all, int from, int count) {}

    void choose() {
      chosen.replaceAll((endpoint, unknown) -> wanted.test(endpoint));
      skippedEndpoints = (int) chosen.values().stream().filter(yes -> !yes).count();
    }

    boolean has(HolderKey key) {
      Endpoint endpoint = key.endpoint();
      return endpoint == null || chosen.getOrDefault(endpoint, false);
    }
  }

  /** The second reading: believes what it is shown. */
  private final class Believer implements PageReader.Content {
    private final Endpoints endpoints;
    private final long[] chain = new long[PageWriter.MOST_BLOCKS];
    private int[] holders = new int[64];
    private int size;

    Believer(Endpoints endpoints) {
      this.endpoints = endpoints;
    }

    @Override
    public void holder(HolderKey key) {
      if (size == holders.length) {
        holders = Arrays.copyOf(holders, 2 * size);
      }
      holders[size++] = endpoints.has(key) ? index.holder(key) : SKIPPED;
    }

    @Override
    public void stretch(int holder, long[] all, int from, int count) {
      if (holders[holder] == SKIPPED) {
        skippedBlocks += count;
      } else {
        System.arraycopy(all, from, chain, 0, count);
        index.confirm(holders[holder], chain, count, nowNanos);
        blocks += count;
      }
    }
  }
}
