package io.warmpath.engine;

import static io.warmpath.engine.MessagePackReader.ARRAY;
import static io.warmpath.engine.MessagePackReader.BINARY;
import static io.warmpath.engine.MessagePackReader.INTEGER;
import static io.warmpath.engine.MessagePackReader.MAP;
import static io.warmpath.engine.MessagePackReader.NIL;
import static io.warmpath.engine.MessagePackReader.STRING;

import io.warmpath.engine.KvEventStats.Reason;
import io.warmpath.event.BlockExtras;
import io.warmpath.index.Tier;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one KV event, read from its array or its map; made once, filled again for each event.
 *
 * <p>Says what stands there, not whether it makes sense together. Fields that are not known are passed
 * over. What the keys of its blocks mean is found by {@link BlockKeys}.
 *
 * <p><b>Threads:</b> one. <b>Cost:</b> one pass over the event; no allocation once the arrays fit.
 */
final class KvEventFields {

  /*
   * Field names and the order of fields in the array form: vLLM, vllm/distributed/kv_events.py, from
   * 0.9.0 to 0.33.0 (in each release a prefix of this list); SGLang,
   * python/sglang/srt/disaggregation/kv_events.py, the same up to medium; cache_salt is SGLang 0.5.23,
   * mm_keys TensorRT-LLM; locality is vLLM 0.26 (pull request 48281), which has no arrays any more, and
   * origin is proposed for vLLM (pull request 51699).
   */
  private static final int IGNORED = 0;
  private static final int TYPE = 1;
  private static final int HASHES = 2;
  private static final int PARENT = 3;
  private static final int TOKENS = 4;
  private static final int BLOCK_SIZE = 5;
  private static final int LORA_ID = 6;
  private static final int MEDIUM = 7;
  private static final int LORA_NAME = 8;
  private static final int EXTRA_KEYS = 9;
  private static final int GROUP = 10;
  private static final int SPEC_KIND = 11;
  private static final int CACHE_SALT = 12;
  private static final int MM_KEYS = 13;
  private static final int WINDOW = 14;
  private static final int LOCALITY = 15;
  private static final int ORIGIN = 16;

  private static final byte[][] NAMES = ascii(
      "",
      "type",
      "block_hashes",
      "parent_block_hash",
      "token_ids",
      "block_size",
      "lora_id",
      "medium",
      "lora_name",
      "extra_keys",
      "group_idx",
      "kv_cache_spec_kind",
      "cache_salt",
      "mm_keys",
      "kv_cache_spec_sliding_window",
      "locality",
      "origin");

  private static final int[] STORED_ORDER = {
    HASHES,
    PARENT,
    TOKENS,
    BLOCK_SIZE,
    LORA_ID,
    MEDIUM,
    LORA_NAME,
    EXTRA_KEYS,
    GROUP,
    SPEC_KIND,
    WINDOW
  };
  private static final int[] REMOVED_ORDER = {HASHES, MEDIUM, GROUP};
  private static final int[] NO_ORDER = {};

  static final int NO_TAG = -1;
  static final int STORED = 0;
  static final int REMOVED = 1;
  static final int CLEARED = 2;
  static final int UNKNOWN_TAG = 3;
  private static final byte[][] TAGS = ascii("BlockStored", "BlockRemoved", "AllBlocksCleared");

  private static final byte[][] DEVICE_MEDIA = ascii("GPU");

  /** CPU_TIER1 is SGLang's (pull request 18205). */
  private static final byte[][] HOST_MEDIA = ascii("CPU", "CPU_PINNED", "CPU_TIER1");

  /** Storage that every engine reads: SGLang's L3 back ends, and llm-d's file system connector. */
  private static final byte[][] SHARED_MEDIA = ascii("EXTERNAL", "SHARED_STORAGE");

  private static final byte[][] REMOTE = ascii("REMOTE");
  private static final byte[][] LOCAL = ascii("LOCAL");
  private static final byte[][] REUSED = ascii("REUSED");

  /** vLLM, v1/kv_cache_interface.py: kinds that need every block of a prefix. */
  private static final byte[][] PREFIX_KINDS =
      ascii("full_attention", "mla_attention", "sink_full_attention");

  private static final byte[][] WINDOW_KINDS = ascii("sliding_window", "sliding_window_mla");
  private static final byte[][] STATE_KINDS = ascii("mamba");

  private static final int NO_KIND = 0;
  private static final int PREFIX = 1;
  private static final int SLIDING = 2;
  private static final int STATE = 3;
  private static final int OTHER_KIND = 4;

  /** Groups of one model; those of real hybrids are fewer than ten. */
  private static final int MAX_GROUPS = 1_024;

  /** Blocks of one event: 4 Mi, of which the array takes 48 MiB at most. */
  private static final int MAX_HASHES = 1 << 22;

  /** Tokens of one event: 16 Mi, more than any context; the array takes 96 MiB at most. */
  private static final int MAX_TOKENS = 1 << 24;

  /** Where a field is a count, a size or a place in the bytes: the event does not have it. */
  static final int ABSENT = -1;

  /** {@link #foreignToken} where all tokens are numbers. */
  static final int NEVER = Integer.MAX_VALUE;

  private final MessagePackReader reader;

  /** The first thing wrong with the event, or null. */
  @Nullable
  Reason problem;

  /** One of {@link #NO_TAG}, {@link #STORED}, {@link #REMOVED}, {@link #CLEARED}, {@link #UNKNOWN_TAG}. */
  int tag;

  long[] hashes = new long[64];

  /** Valid entries of {@link #hashes}, or {@link #ABSENT}. */
  int hashCount;

  /** Whether the parent was named, be it as nil. */
  boolean parentRead;

  boolean hasParent;
  long parent;
  int[] tokens = new int[2_048];

  /** Valid entries of {@link #tokens}, or {@link #ABSENT}. */
  int tokenCount;

  /** Index of the first token that is no number, or {@link #NEVER}. */
  int foreignToken;

  /** Tokens of a block, or {@link #ABSENT}. */
  int blockSize;

  boolean loraIdGiven;
  int adapterFrom;

  /** Bytes of the adapter's name from {@link #adapterFrom}, 0 for none. */
  int adapterLength;

  int saltFrom;

  /** Bytes of the salt from {@link #saltFrom}, 0 for none. */
  int saltLength;

  Tier tier = Tier.GPU;
  private boolean isRemote;
  private boolean isLocal;
  int group;

  /** Whether the engine had the blocks already. */
  boolean reused;

  private int kind;

  /** Tokens of the sliding window, or {@link #ABSENT}. */
  private int window;

  /** Where the value of {@code extra_keys} begins, or {@link #ABSENT}. */
  int extraKeysAt;

  /** Where the value of {@code mm_keys} begins, or {@link #ABSENT}. */
  int mmKeysAt;

  /** Creates fields that are read from {@code reader}. */
  KvEventFields(MessagePackReader reader) {
    this.reader = reader;
  }

  /** Reads the event at the reader's position, which is behind it afterwards. */
  void read() {
    problem = null;
    tag = NO_TAG;
    hashCount = ABSENT;
    parentRead = false;
    hasParent = false;
    parent = 0;
    tokenCount = ABSENT;
    foreignToken = NEVER;
    blockSize = ABSENT;
    loraIdGiven = false;
    adapterFrom = 0;
    adapterLength = 0;
    saltFrom = 0;
    saltLength = 0;
    tier = Tier.GPU;
    isRemote = false;
    isLocal = false;
    group = 0;
    reused = false;
    kind = NO_KIND;
    window = ABSENT;
    extraKeysAt = ABSENT;
    mmKeysAt = ABSENT;
    switch (reader.next()) {
      case ARRAY -> readArrayEvent(reader.count());
      case MAP -> readMapEvent(reader.count());
      default -> fail(Reason.WRONG_TYPE);
    }
    if ((tier != Tier.GPU && isRemote) || (tier == Tier.SHARED && isLocal)) {
      tier = isRemote ? Tier.SHARED : Tier.DISK;
    }
  }

  private void readArrayEvent(int members) {
    if (members == 0) {
      return;
    }
    readField(TYPE);
    int[] order = tag == STORED ? STORED_ORDER : tag == REMOVED ? REMOVED_ORDER : NO_ORDER;
    for (int i = 0; i < members - 1; i++) {
      readField(i < order.length ? order[i] : IGNORED);
    }
  }

  private void readMapEvent(int pairs) {
    for (int i = 0; i < pairs; i++) {
      int field = IGNORED;
      if (reader.next() == STRING) {
        field = Math.max(IGNORED, reader.indexIn(NAMES));
      } else {
        reader.skipMembers();
      }
      readField(field);
    }
  }

  /** Reads one value with everything in it. */
  private void readField(int field) {
    switch (field) {
      case TYPE -> readTag();
      case HASHES -> readHashes();
      case PARENT -> readParent();
      case TOKENS -> readTokens();
      case BLOCK_SIZE -> blockSize = readSmall(Integer.MAX_VALUE, ABSENT);
      case LORA_ID -> {
        loraIdGiven = reader.next() != NIL;
        reader.skipMembers();
      }
      case MEDIUM -> readMedium();
      case LORA_NAME -> {
        adapterLength = readText();
        adapterFrom = adapterLength == 0 ? 0 : reader.from();
      }
      case EXTRA_KEYS -> {
        extraKeysAt = reader.position();
        reader.skip();
      }
      case GROUP -> group = readSmall(MAX_GROUPS - 1, 0);
      case SPEC_KIND -> readSpecKind();
      case WINDOW -> window = readSmall(Integer.MAX_VALUE, ABSENT);
      case LOCALITY -> {
        int word = readWord();
        isRemote = word == STRING && reader.indexIn(REMOTE) >= 0;
        isLocal = word == STRING && reader.indexIn(LOCAL) >= 0;
      }
      case ORIGIN -> reused = readWord() == STRING && reader.indexIn(REUSED) >= 0;
      case CACHE_SALT -> {
        saltLength = readText();
        saltFrom = saltLength == 0 ? 0 : reader.from();
      }
      case MM_KEYS -> {
        mmKeysAt = reader.position();
        reader.skip();
      }
      default -> reader.skip();
    }
  }

  private void readTag() {
    if (reader.next() != STRING) {
      reader.skipMembers();
      fail(Reason.WRONG_TYPE);
      return;
    }
    int known = reader.indexIn(TAGS);
    tag = known < 0 ? UNKNOWN_TAG : known;
  }

  /** Reads the head of a list; if it cannot be one, skips it, says so and returns {@link #ABSENT}. */
  private int openList(int most) {
    int kind = reader.next();
    boolean list = kind == ARRAY;
    if (list && reader.count() <= most) {
      return reader.count();
    }
    reader.skipMembers();
    fail(list ? Reason.OUT_OF_RANGE : kind == NIL ? Reason.MISSING_FIELD : Reason.WRONG_TYPE);
    return ABSENT;
  }

  private void readHashes() {
    int count = openList(MAX_HASHES);
    if (count == ABSENT) {
      return;
    }
    if (count > hashes.length) {
      hashes = new long[capacity(count)];
    }
    for (int i = 0; i < count; i++) {
      hashes[i] = readHash(reader.next());
    }
    hashCount = count;
  }

  private void readParent() {
    int kind = reader.next();
    parentRead = true;
    hasParent = kind != NIL;
    parent = hasParent ? readHash(kind) : 0;
  }

  private long readHash(int kind) {
    if (kind == INTEGER) {
      return reader.number();
    }
    if (kind == BINARY && reader.count() >= Long.BYTES) {
      return reader.lastEightBytes();
    }
    reader.skipMembers();
    fail(Reason.BAD_HASH);
    return 0;
  }

  private void readTokens() {
    int count = openList(MAX_TOKENS);
    if (count == ABSENT) {
      return;
    }
    if (count > tokens.length) {
      tokens = new int[capacity(count)];
    }
    foreignToken = NEVER;
    for (int i = 0; i < count; i++) {
      tokens[i] = readToken(i);
    }
    tokenCount = count;
  }

  private int readToken(int position) {
    int kind = reader.next();
    if (kind == INTEGER) {
      long token = reader.number();
      if (token < 0 || token > Integer.MAX_VALUE) {
        fail(Reason.BAD_TOKEN);
      }
      return (int) token;
    }
    reader.skipMembers();
    if (kind == STRING || kind == BINARY) {
      foreignToken = Math.min(foreignToken, position); // TensorRT-LLM: digest of an image
    } else {
      fail(Reason.WRONG_TYPE); // SGLang with EAGLE: pairs of tokens
    }
    return 0;
  }

  private int readSmall(int max, int whenNil) {
    int kind = reader.next();
    if (kind == NIL) {
      return whenNil;
    }
    if (kind != INTEGER) {
      reader.skipMembers();
      fail(Reason.WRONG_TYPE);
      return whenNil;
    }
    long value = reader.number();
    if (value < 0 || value > max) {
      fail(Reason.OUT_OF_RANGE);
      return whenNil;
    }
    return (int) value;
  }

  private void readMedium() {
    tier = readWord() != STRING || reader.indexIn(DEVICE_MEDIA) >= 0
        ? Tier.GPU
        : reader.indexIn(HOST_MEDIA) >= 0
            ? Tier.CPU
            : reader.indexIn(SHARED_MEDIA) >= 0 ? Tier.SHARED : Tier.DISK;
  }

  private void readSpecKind() {
    kind = readWord() != STRING
        ? NO_KIND
        : reader.indexIn(PREFIX_KINDS) >= 0
            ? PREFIX
            : reader.indexIn(WINDOW_KINDS) >= 0
                ? SLIDING
                : reader.indexIn(STATE_KINDS) >= 0 ? STATE : OTHER_KIND;
  }

  /**
   * {@return what a prefix needs of the group, as {@link BlockExtras#reach} says}
   *
   * <p>vLLM 0.33, v1/core/single_type_kv_cache_manager.py: a hit needs the blocks of the window less
   * one token, rounded up, and of a state space the last block. Chunked local attention follows other
   * rules, and encoders and cross attention have no prefix.
   */
  int reach() {
    return switch (kind) {
      case NO_KIND -> BlockExtras.UNTOLD;
      case PREFIX -> BlockExtras.WHOLE_PREFIX;
      case SLIDING -> window < 1 ? BlockExtras.NOT_REUSABLE : Math.max(1, window - 1);
      case STATE -> 1;
      default -> BlockExtras.NOT_REUSABLE;
    };
  }

  /** Reads a text or nil, and returns which; anything else is skipped, said so, and taken for nil. */
  private int readWord() {
    int kind = reader.next();
    if (kind != STRING && kind != NIL) {
      reader.skipMembers();
      fail(Reason.WRONG_TYPE);
      return NIL;
    }
    return kind;
  }

  /** Returns the bytes of a text, 0 for nil; the reader has where they begin. */
  private int readText() {
    return readWord() == STRING ? reader.count() : 0;
  }

  /** Notes what is wrong; the first thing counts. */
  void fail(Reason reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  /** {@return why the event cannot be applied, or null if it can} */
  @Nullable
  Reason defect() {
    return problem != null && tag != UNKNOWN_TAG && tag != CLEARED ? problem : missing();
  }

  private @Nullable Reason missing() {
    return switch (tag) {
      case STORED ->
        hashCount == ABSENT || !parentRead || tokenCount == ABSENT || blockSize == ABSENT
            ? Reason.MISSING_FIELD
            : null;
      case REMOVED -> hashCount == ABSENT ? Reason.MISSING_FIELD : null;
      case CLEARED -> null;
      case UNKNOWN_TAG -> Reason.UNKNOWN_EVENT;
      default -> Reason.MISSING_FIELD;
    };
  }

  /** Leaves out the first {@code count} blocks, the last of which is the parent of the others. */
  void dropBlocks(int count) {
    int dropped = count * blockSize;
    hasParent = true;
    parent = hashes[count - 1];
    hashCount -= count;
    tokenCount -= dropped;
    System.arraycopy(hashes, count, hashes, 0, hashCount);
    System.arraycopy(tokens, dropped, tokens, 0, tokenCount);
  }

  private static int capacity(int count) {
    return (count + 63 & -64) * 3 / 2;
  }

  private static byte[][] ascii(String... words) {
    byte[][] encoded = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      encoded[i] = words[i].getBytes(StandardCharsets.US_ASCII);
    }
    return encoded;
  }
}
