package io.warmpath.chronicle;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A place where what a {@link KvBlockIndex} knows is kept between two runs of a router.
 *
 * <p>Kept is which holder has which blocks. What was counted before comes back as <em>believed</em>:
 * nobody knows what engines removed while the router was down, and their handles for removals are not
 * kept. So each restored block is {@linkplain KvBlockIndex#confirm confirmed}: it ends after {@link
 * KvBlockIndex#CONFIRM_LIFE_NANOS}, or earlier if the engine clears or removes it. Not kept are copies,
 * ends of marks, the needs of cache groups and which holders are approximate: whoever builds the index
 * says these again, before it restores.
 *
 * <p><b>Threads:</b> safe for any number; of several savers the last one to finish wins. The index may
 * be in use meanwhile: what changes during a save may be in the snapshot or not. <b>Cost:</b> one
 * pass over the index to save (two for Chronicle Map), two over the file to restore, about
 * a megabyte of memory. Blocks the calling thread, so not for an event loop.
 */
public sealed interface IndexSnapshot permits CheckedFileSnapshot, ChronicleMapSnapshot {

  /**
   * Returns the snapshot in one checked file; no library and no JVM flag is needed.
   *
   * @param path the file, which need not exist; its folder must when it is saved
   * @return the snapshot
   */
  static IndexSnapshot file(Path path) {
    return new CheckedFileSnapshot(path);
  }

  /**
   * Returns the snapshot in a Chronicle Map file.
   *
   * @param path the file, which need not exist; its folder must
   * @return the snapshot
   * @throws IllegalStateException if Chronicle Map cannot run in this JVM; the message lists the
   *     flags that are missing, or says what else is
   */
  static IndexSnapshot chronicle(Path path) {
    ChronicleFlags.check();
    return new ChronicleMapSnapshot(path);
  }

  /**
   * Writes what an index holds. The file is replaced at one instant, when all of the new one is on
   * disk: a save that fails, or a crash in the middle of one, leaves the old one as it was.
   *
   * @param index read through {@link KvBlockIndex#visit}
   * @param identity what the block hashes belong to
   * @return what was saved
   * @throws IOException if the file cannot be written
   */
  SaveReport save(KvBlockIndex index, SnapshotIdentity identity) throws IOException;

  /**
   * Brings what was saved into an index. The whole file is checked first: unless the outcome is {@link
   * RestoreReport.Outcome#RESTORED} or {@link RestoreReport.Outcome#INCOMPLETE} the index is as it was
   * before. No state of the file makes this throw.
   *
   * @param index gets holders for the endpoints wanted, and marks for their blocks
   * @param identity what this index's block hashes belong to; a snapshot of another one is refused
   * @param wanted whether an endpoint is still there; what others had is left out. Called once for
   *     each endpoint of the snapshot; storage that all endpoints share is always restored
   * @param nowNanos the index's clock
   * @return what was restored, or why nothing was
   */
  RestoreReport restore(
      KvBlockIndex index, SnapshotIdentity identity, Predicate<Endpoint> wanted, long nowNanos);
}
