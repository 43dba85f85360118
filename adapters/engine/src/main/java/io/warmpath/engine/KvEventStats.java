package io.warmpath.engine;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the KV events of one source, or of all sources of a subscriber together.
 *
 * @param connections times the connection to the publisher was made
 * @param messages messages received live, broken ones and duplicates included
 * @param malformedMessages of these, and of replay answers, dropped because their frames have another
 *     shape than {@code [topic][sequence][batch]}
 * @param batches batches applied, replayed ones included
 * @param rejectedBatches batches dropped as a whole because their bytes are broken; each one resets
 *     the source
 * @param trailingBytes batches that were followed by bytes of no meaning, which were ignored
 * @param rankMismatches batches that name another data-parallel rank than the source's; applied
 * @param stored {@code BlockStored} events given to the sink
 * @param removed {@code BlockRemoved} events given to the sink
 * @param cleared {@code AllBlocksCleared} events given to the sink
 * @param skipped events dropped one by one, by reason; has every reason
 * @param duplicates batches dropped because they were applied already
 * @param gaps times sequence numbers were missing
 * @param lateJoins times the first batch to be had was not the engine's first
 * @param replays replays asked for
 * @param failedReplays of these, those that did not come to their end in time
 * @param replayedBatches batches applied out of replays
 * @param restarts times the engine was seen to have started anew
 * @param overflows times more messages waited for a replay than may wait
 * @param resets times the sink was told to forget
 * @param sinkFailures times the sink threw; its source is reset with the next batch
 * @param lastSequence sequence number of the last batch applied; -1 before the first, and for several
 *     sources together
 */
public record KvEventStats(
    long connections,
    long messages,
    long malformedMessages,
    long batches,
    long rejectedBatches,
    long trailingBytes,
    long rankMismatches,
    long stored,
    long removed,
    long cleared,
    Map<Reason, Long> skipped,
    long duplicates,
    long gaps,
    long lateJoins,
    long replays,
    long failedReplays,
    long replayedBatches,
    long restarts,
    long overflows,
    long resets,
    long sinkFailures,
    long lastSequence) {

  /** Why an event was dropped alone. */
  public enum Reason {
    /** Its tag is none that is known. */
    UNKNOWN_EVENT,
    /** It has no tag, no hashes, no parent, no tokens or no block size. */
    MISSING_FIELD,
    /** It is neither array nor map, or a member has a type that it cannot have. */
    WRONG_TYPE,
    /** A hash is neither an integer nor at least 8 bytes. */
    BAD_HASH,
    /** A token is negative or beyond 32 bits. */
    BAD_TOKEN,
    /** Its block size or cache group is out of range, or it has too many hashes or tokens. */
    OUT_OF_RANGE
  }

  /** Copies the reasons. */
  public KvEventStats {
    EnumMap<Reason, Long> copy = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      copy.put(reason, skipped.getOrDefault(reason, 0L));
    }
    skipped = Collections.unmodifiableMap(copy);
  }

  /** {@return events dropped one by one, for whatever reason} */
  public long skippedEvents() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }
}
