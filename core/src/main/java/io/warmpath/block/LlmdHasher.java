package io.warmpath.block;

import java.util.ArrayList;
import java.util.List;
import net.openhft.hashing.LongHashFunction;
import org.jspecify.annotations.Nullable;

/** See {@link LlmdHash}. */
final class LlmdHasher extends EngineHasher {

  private static final int MEMBERS = 3;
  private static final String IDENTIFIER = "Hash";

  /** FNV-1a, 64 bits (draft-eastlake-fnv, section 5). */
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;

  private static final long FNV_PRIME = 0x100000001b3L;

  private final LlmdHash scheme;
  private final CborWriter cbor = new CborWriter();
  private final HashInput plain = new HashInput();
  private final LongHashFunction xxh64 = LongHashFunction.xx();
  private final long plainRoot;

  LlmdHasher(LlmdHash scheme) {
    super(scheme, Long.BYTES);
    this.scheme = scheme;
    plainRoot = root(scheme.model());
  }

  /** {@return what the first block of a prompt for this model hangs on} */
  long root(String model) {
    byte[] seed = HashInput.utf8(scheme.seed());
    byte[] name = HashInput.utf8(model);
    if (scheme.isXxh64()) {
      plain.clear();
      plain.littleLong(xxh64.hashBytes(seed)).littleLong(name.length).put(name);
      return xxh64.hashBytes(plain.bytes(), 0, plain.size());
    }
    cbor.start();
    cbor.openTuple(MEMBERS);
    cbor.unsigned(fnv(seed, seed.length));
    cbor.none();
    cbor.text(model);
    return fnv(cbor.written().bytes(), cbor.written().size());
  }

  @Override
  void hash(int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    int blocks = (to - from) / blockSize;
    List<@Nullable List<String>> given = extras.blockIdentifiers();
    if (given != null && blocks > 0 && given.size() != blocks) {
      throw new IllegalArgumentException(
          "block identifiers must be as many as full blocks, " + blocks + ", were " + given.size());
    }
    LoraAdapter adapter = extras.adapter();
    long root = adapter == null || adapter.name().isEmpty() ? plainRoot : root(adapter.name());
    long key = parent(extras, root);
    if (key == 0) {
      key = root; // llm-d reads a parent of 0 as none
    }
    boolean isPlain = extras.isTextOnly();
    for (int block = 0; block < blocks; block++) {
      int first = from + block * blockSize;
      List<String> identifiers =
          isPlain ? null : given != null ? given.get(block) : identifiers(extras, block, blockSize);
      key = scheme.isXxh64()
          ? xxh64(key, tokens, first, first + blockSize, identifiers)
          : cborFnv(key, tokens, first, first + blockSize, identifiers);
      emit(key);
    }
  }

  private long cborFnv(
      long parent, int[] tokens, int from, int to, @Nullable List<String> identifiers) {
    cbor.start();
    cbor.openTuple(MEMBERS);
    cbor.unsigned(parent);
    cbor.tokens(tokens, from, to);
    if (identifiers == null) {
      cbor.none();
    } else {
      cbor.openTuple(identifiers.size());
      for (String identifier : identifiers) {
        cbor.openMap(1);
        cbor.text(IDENTIFIER);
        cbor.text(identifier);
      }
    }
    return fnv(cbor.written().bytes(), cbor.written().size());
  }

  private long xxh64(
      long parent, int[] tokens, int from, int to, @Nullable List<String> identifiers) {
    plain.clear();
    plain.littleLong(parent).littleTokens(tokens, from, to);
    if (identifiers != null) {
      for (String identifier : identifiers) {
        byte[] utf8 = HashInput.utf8(identifier);
        plain.littleLong(utf8.length).put(utf8);
      }
    }
    return xxh64.hashBytes(plain.bytes(), 0, plain.size());
  }

  /** {@return the media that a block overlaps, and the salt in a prompt's first; null if nothing} */
  static @Nullable List<String> identifiers(PromptExtras extras, int block, int blockSize) {
    long start = (long) block * blockSize;
    List<String> found = new ArrayList<>();
    for (MediaItem item : extras.media()) {
      if (item.offset() < start + blockSize && item.end() > start) {
        found.add(item.identifier());
      }
    }
    String salt = extras.salt();
    if (block == 0 && extras.parent() == null && salt != null && !salt.isEmpty()) {
      found.add(salt);
    }
    return found.isEmpty() ? null : found;
  }

  /** {@return what was hashed last} */
  HashInput hashed() {
    return scheme.isXxh64() ? plain : cbor.written();
  }

  static long fnv(byte[] bytes, int size) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < size; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
