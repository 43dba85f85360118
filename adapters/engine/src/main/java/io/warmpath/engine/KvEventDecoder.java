package io.warmpath.engine;

import static io.warmpath.engine.KvEventFields.NEVER;
import static io.warmpath.engine.KvEventFields.REMOVED;
import static io.warmpath.engine.KvEventFields.STORED;
import static io.warmpath.engine.MessagePackReader.ARRAY;
import static io.warmpath.engine.MessagePackReader.INTEGER;

import io.warmpath.engine.KvEventStats.Reason;
import io.warmpath.event.BlockExtras;
import io.warmpath.event.KvEventSink;

/**
 * Turns the event batches that engines publish into calls of a {@link KvEventSink}.
 *
 * <p>It reads what vLLM 0.9 to 0.33, SGLang 0.4.9 to 0.5.23 and TensorRT-LLM's publisher send: a
 * MessagePack array {@code [time, [event…], rank?]}, each event an array (vLLM before 0.24, SGLang
 * before 0.5.20) or a map, which is found out event by event. Fields that are not known are ignored,
 * and so is the order of a map's keys.
 *
 * <p>A batch whose bytes are broken (cut short, lying lengths, nested beyond 32) is rejected before
 * any of it is applied. An event that makes no sense is skipped alone. Events that blocks depend on
 * for more than tokens, such as an image, are split at the first such block, so that the blocks before
 * it are known by their tokens.
 *
 * <p><b>Threads:</b> one at a time; {@link #stats} from any. <b>Cost:</b> two passes over the bytes; no
 * allocation once the arrays fit, but for names of adapters and salts that are new. The arrays keep
 * the size of the largest event, of which at most 4 Mi hashes and 16 Mi tokens are read. <b>Errors:</b> none thrown; what is dropped is counted.
 */
public final class KvEventDecoder {

  /** What became of a batch. */
  public enum Result {
    /** Applied, but for events that were skipped and counted. */
    OK,
    /** Nothing of it was applied: whatever it said is lost. */
    REJECTED
  }

  private static final int ANY_RANK = -1;

  private final MessagePackReader reader = new MessagePackReader();
  private final KvEventFields event = new KvEventFields(reader);
  private final BlockKeys keys = new BlockKeys(reader, event);
  private final BlockExtrasCache extrasCache = new BlockExtrasCache();
  private final KvEventCounters own = new KvEventCounters();
  private byte[] bytes = {};
  private boolean lostRemoval;

  /** Creates a decoder; it can serve many sources, one after another. */
  public KvEventDecoder() {}

  /**
   * Applies one batch.
   *
   * @param bytes holds the batch; not changed, not kept
   * @param offset first byte of it
   * @param length its bytes
   * @param sink receives the events, in order
   * @return whether it was applied; if not, the sink was not called
   */
  public Result decode(byte[] bytes, int offset, int length, KvEventSink sink) {
    return decode(bytes, offset, length, ANY_RANK, sink, own);
  }

  /** {@return what {@link #decode(byte[], int, int, KvEventSink)} counted so far} */
  public KvEventStats stats() {
    return own.snapshot();
  }

  /** The same, for the source of {@code counters}; {@code rank} is negative where any will do. */
  Result decode(
      byte[] bytes, int offset, int length, int rank, KvEventSink sink, KvEventCounters counters) {
    this.bytes = bytes;
    lostRemoval = false;
    reader.wrap(bytes, offset, length);
    boolean wellFormed = reader.isWellFormed();
    int end = reader.position();
    reader.position(offset);
    if (!wellFormed || reader.next() != ARRAY || reader.count() < 2) {
      counters.rejectedBatches.increment();
      return Result.REJECTED;
    }
    int members = reader.count();
    reader.skip(); // the time: nothing here depends on it
    if (reader.next() != ARRAY) {
      counters.rejectedBatches.increment();
      return Result.REJECTED;
    }
    counters.batches.increment();
    for (int events = reader.count(); events > 0; events--) {
      event.read();
      int opaqueFrom = event.problem == null && event.tag == STORED ? keys.opaqueFrom() : NEVER;
      apply(opaqueFrom, sink, counters);
    }
    if (members > 2 && reader.next() == INTEGER && rank >= 0 && reader.number() != rank) {
      counters.rankMismatches.increment();
    }
    if (end < offset + length) {
      counters.trailingBytes.increment();
    }
    return Result.OK;
  }

  /** {@return whether the last batch said that blocks are gone, but not readably which} */
  boolean lostRemoval() {
    return lostRemoval;
  }

  private void apply(int opaqueFrom, KvEventSink sink, KvEventCounters counters) {
    Reason defect = event.defect();
    if (defect != null) {
      counters.skipped(defect);
      lostRemoval |= event.tag == REMOVED;
      return;
    }
    switch (event.tag) {
      case STORED -> {
        counters.stored.increment();
        applyStored(opaqueFrom, sink);
      }
      case REMOVED -> {
        counters.removed.increment();
        sink.removed(event.hashes, event.hashCount, event.tier, event.group);
      }
      default -> {
        counters.cleared.increment();
        sink.cleared();
      }
    }
  }

  private void applyStored(int opaqueFrom, KvEventSink sink) {
    if (event.blockSize == 0 || event.tokenCount == 0) {
      event.blockSize = 0; // the placeholder of an offloading tier: known blocks are there as well
      event.tokenCount = 0;
    }
    int blockSize = event.blockSize;
    int plain = Math.min(opaqueFrom, event.hashCount);
    if (plain > 0
        && plain < event.hashCount
        && event.tokenCount == (long) event.hashCount * blockSize) {
      emit(sink, plain, plain * blockSize, false);
      event.dropBlocks(plain);
    }
    emit(sink, event.hashCount, event.tokenCount, opaqueFrom != NEVER);
  }

  private void emit(KvEventSink sink, int count, int tokenCount, boolean opaque) {
    BlockExtras extras = extrasCache.extras(
        bytes,
        event.adapterFrom,
        event.adapterLength,
        event.saltFrom,
        event.saltLength,
        opaque,
        event.reused,
        event.reach());
    sink.stored(
        event.hashes,
        count,
        event.hasParent,
        event.parent,
        event.tokens,
        tokenCount,
        event.blockSize,
        event.tier,
        event.group,
        extras);
  }
}
