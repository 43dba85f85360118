package io.warmpath.chronicle;

import java.time.Duration;

/**
 * What a restore has done.
 *
 * @param outcome what became of it
 * @param reason in words for a log line: the file, and why it was not restored
 * @param blocks blocks believed again, counted once for each holder
 * @param skippedBlocks blocks left out because their endpoint is not wanted any more
 * @param skippedEndpoints endpoints left out
 * @param took how long it took
 */
public record RestoreReport(
    Outcome outcome,
    String reason,
    long blocks,
    long skippedBlocks,
    int skippedEndpoints,
    Duration took) {

  /** What can become of a restore. */
  public enum Outcome {
    /** Everything that is wanted is believed again. */
    RESTORED,
    /** There is no snapshot; the index is untouched. */
    ABSENT,
    /** The snapshot is damaged, of another identity or not readable; the index is untouched. */
    REFUSED,
    /**
     * The file was whole when it was checked, and could not be read to its end after that: somebody
     * writes into it, or the disk fails. What is believed again was checked.
     */
    INCOMPLETE
  }
}
