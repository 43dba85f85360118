package io.warmpath.launcher;

import io.warmpath.Router;
import io.warmpath.chronicle.IndexSnapshot;
import io.warmpath.chronicle.RestoreReport;
import io.warmpath.chronicle.RestoreReport.Outcome;
import io.warmpath.chronicle.SnapshotIdentity;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a pool's index knows over a restart of the host, in one checked file: brings it back at
 * the start, saves it again and again, and once more when it is closed.
 *
 * <p>A file that cannot be restored is no failed start: that is logged and counted, the index begins
 * empty, and the next save replaces the file. So is one that is older than an hour: by then, what
 * engines have is something else.
 *
 * <p><b>Threads:</b> safe for any number; saves on one of its own.
 */
public final class Snapshots implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());

  /** Oldest file that is restored. */
  static final Duration MOST_AGE = Duration.ofHours(1);

  /** How long the last save may take; one of a million blocks takes some seconds. */
  private static final long CLOSE_SECONDS = 20;

  private final @Nullable Saver saver;

  private Snapshots(@Nullable Saver saver) {
    this.saver = saver;
  }

  /** {@return what keeps nothing} */
  static Snapshots none() {
    return new Snapshots(null);
  }

  /**
   * Restores what the file has, and begins to save.
   *
   * @param path need not exist
   * @param identity what the router's block hashes belong to
   * @param router without endpoints yet, so that no event came before
   * @param endpoints those it will get; what others had is left out
   * @param interval from one save's end to the next one's begin
   */
  static Snapshots start(
      Path path,
      SnapshotIdentity identity,
      Router router,
      Set<Endpoint> endpoints,
      Duration interval) {
    IndexSnapshot file = IndexSnapshot.file(path);
    RestoreReport restored = isOld(path)
        ? new RestoreReport(
            Outcome.REFUSED,
            "snapshot " + path + " is older than " + MOST_AGE.toMinutes() + " minutes",
            0,
            0,
            0,
            Duration.ZERO)
        : file.restore(
            router.index(), identity, endpoints::contains, router.nanoClock().getAsLong());
    boolean isWhole =
        restored.outcome() == Outcome.RESTORED || restored.outcome() == Outcome.ABSENT;
    LOG.log(isWhole ? Level.INFO : Level.WARNING, restored.reason());
    return new Snapshots(new Saver(file, identity, router.index(), restored, interval));
  }

  private static boolean isOld(Path path) {
    try {
      Instant saved = Files.getLastModifiedTime(path).toInstant();
      return saved.isBefore(Instant.now().minus(MOST_AGE));
    } catch (IOException e) {
      return false; // restoring says what is wrong with it
    }
  }

  /** {@return the counters; all 0 if nothing is kept} */
  public SnapshotStats stats() {
    return saver == null ? new SnapshotStats(0, 0, 0, 0, 0, 0, 0) : saver.stats();
  }

  /**
   * Adds the counters to a host's page, if anything is kept.
   *
   * @param stats of the engine adapter, as JSON values
   * @return these, with {@code snapshot}
   */
  public Map<String, Object> beside(Map<String, Object> stats) {
    if (saver == null) {
      return stats;
    }
    Map<String, Object> all = new LinkedHashMap<>(stats);
    all.put("snapshot", stats().asMap());
    return all;
  }

  /** Saves once more, waits for that for 20 s at most, and ends the thread. */
  @Override
  public void close() {
    if (saver != null) {
      saver.close();
    }
  }

  /** The thread that saves. */
  private static final class Saver {
    private final IndexSnapshot file;
    private final SnapshotIdentity identity;
    private final KvBlockIndex index;
    private final RestoreReport restored;
    private final ScheduledThreadPoolExecutor thread;

    // Written by the thread only.
    private volatile long saves;
    private volatile long failedSaves;
    private volatile long savedBlocks;
    private boolean isFailing;

    @SuppressWarnings("FutureReturnValueIgnored") // save() never throws
    Saver(
        IndexSnapshot file,
        SnapshotIdentity identity,
        KvBlockIndex index,
        RestoreReport restored,
        Duration interval) {
      this.file = file;
      this.identity = identity;
      this.index = index;
      this.restored = restored;
      thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "warmpath-snapshots");
        made.setDaemon(true);
        return made;
      });
      thread.scheduleWithFixedDelay(
          this::save, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void save() {
      try {
        savedBlocks = file.save(index, identity).blocks();
        saves++;
        isFailing = false;
      } catch (IOException e) {
        failedSaves++;
        if (!isFailing) {
          LOG.log(Level.WARNING, "the snapshot could not be saved: {0}", e.toString());
        }
        isFailing = true;
      }
    }

    SnapshotStats stats() {
      return new SnapshotStats(
          restored.outcome() == Outcome.REFUSED ? 1 : 0,
          restored.outcome() == Outcome.INCOMPLETE ? 1 : 0,
          restored.blocks(),
          restored.skippedBlocks(),
          saves,
          failedSaves,
          savedBlocks);
    }

    void close() {
      try {
        thread.execute(this::save);
      } catch (RejectedExecutionException closedBefore) {
        return;
      }
      thread.shutdown();
      try {
        if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          LOG.log(Level.WARNING, "the last snapshot took too long; the one before stays");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
