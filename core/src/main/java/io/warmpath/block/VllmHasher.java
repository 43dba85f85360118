package io.warmpath.block;

import org.jspecify.annotations.Nullable;

/** See {@link VllmHash}. */
final class VllmHasher extends EngineHasher {

  private static final int MEMBERS = 3;

  private final VllmHash scheme;
  private final boolean isNumber;
  private final Digester digester;
  private final ValueWriter writer;
  private final byte[] noneHash;

  /** The last digest, with what is cut off before {@code at}. */
  private final byte[] digest;

  private final int at;
  private final byte[] joined;

  VllmHasher(VllmHash scheme) {
    super(scheme, digestBytes(scheme) * (scheme.joinsDigests() ? scheme.hashesPerBlock() : 1));
    this.scheme = scheme;
    isNumber = scheme.generation() == VllmGeneration.V0_10_0;
    digester = scheme.algorithm().isSha256() ? Digester.sha256() : Digester.xxh3();
    writer = scheme.algorithm().isPickled() ? new PickleWriter() : new CborWriter();
    digest = new byte[digester.length];
    at = digest.length - digestBytes(scheme);
    joined = new byte[digestBytes()];
    writer.start();
    writer.text(new ExtraKey.Text(scheme.seedText()));
    writer.finish();
    noneHash = digester.digest(writer.written());
  }

  private static int digestBytes(VllmHash scheme) {
    return switch (scheme.algorithm()) {
      case SHA256, SHA256_CBOR -> 32;
      case XXHASH, XXHASH_CBOR -> 16;
      case SHA256_CBOR_64BIT -> Long.BYTES;
    };
  }

  /** {@return what stands before block 0; shared} */
  byte[] noneHash() {
    return noneHash;
  }

  /** {@return what was hashed last} */
  HashInput hashed() {
    return writer.written();
  }

  @Override
  void hash(int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    int perBlock = scheme.hashesPerBlock();
    if (blockSize % perBlock != 0) {
      throw new IllegalArgumentException(
          "block size " + blockSize + " must be a multiple of hashesPerBlock " + perBlock);
    }
    int unit = blockSize / perBlock;
    int lookahead = scheme.lookaheadTokens();
    VllmExtraKeys keys =
        extras.isTextOnly() && lookahead == 0 ? null : new VllmExtraKeys(scheme, extras);
    begin(extras.parent());
    int blocks = (int) (((long) to - from - lookahead) / blockSize);
    int first = from;
    for (int block = 0; block < blocks; block++) {
      for (int part = 0; part < perBlock; part++) {
        int next = first + unit;
        hashUnit(
            tokens,
            first,
            next,
            keys == null ? null : keys.of(first - from, next - from, tokens, next));
        if (joined.length > digest.length - at) {
          int length = digest.length - at;
          System.arraycopy(digest, at, joined, part * length, length);
        }
        first = next;
      }
      emitBlock();
    }
  }

  /** Of a parent that is several digests in a row, the last one goes on. */
  private void begin(byte @Nullable [] parent) {
    byte[] before = parent == null ? noneHash : parent;
    int length = digest.length - at;
    System.arraycopy(before, before.length - length, digest, at, length);
  }

  private void hashUnit(int[] tokens, int first, int next, ExtraKey.@Nullable Tuple extra) {
    ValueWriter to = writer;
    to.start();
    to.openTuple(MEMBERS);
    if (isNumber) {
      to.unsigned(digest, at, digest.length - at);
    } else {
      to.bytes(digest, at, digest.length - at);
    }
    to.tokens(tokens, first, next);
    if (extra == null) {
      to.none();
    } else {
      to.value(extra);
    }
    to.closeTuple(MEMBERS);
    to.finish();
    digester.digest(to.written(), digest);
  }

  private void emitBlock() {
    long value = HashInput.bigLong(digest, digest.length - Long.BYTES);
    if (joined.length > digest.length - at) {
      emit(joined, 0, value);
    } else {
      emit(digest, at, value);
    }
  }
}
