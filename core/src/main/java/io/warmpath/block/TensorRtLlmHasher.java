package io.warmpath.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** See {@link TensorRtLlmHash}. */
final class TensorRtLlmHasher extends EngineHasher {

  /** Constants of {@code BlockKeyHasher::hash}. */
  private static final long FIRST = 0xbf58476d1ce4e5b9L;

  private static final long SECOND = 0x94d049bb133111ebL;
  private static final int TOKEN = 0x45d9f3b;
  private static final int COMBINE = 0x9e3779b9;

  private final Digester sha256 = Digester.sha256();

  TensorRtLlmHasher(TensorRtLlmHash scheme) {
    super(scheme, Long.BYTES);
  }

  @Override
  void hash(int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    long hash = parent(extras, 0);
    LoraAdapter adapter = extras.adapter();
    String salt = extras.salt();
    for (int first = from; to - first >= blockSize; first += blockSize) {
      long seed = blockSize ^ (hash * FIRST);
      if (hash == 0 && salt != null) {
        seed = mixLong(saltId(salt), seed);
      }
      for (int i = first; i < first + blockSize; i++) {
        seed = mixToken(tokens[i], seed);
      }
      if (adapter != null) {
        seed = mixLong(Objects.requireNonNull(adapter.id()), seed);
      }
      hash = seed;
      emit(hash);
    }
  }

  /** {@return the number that stands for a salt} */
  long saltId(String salt) {
    byte[] utf8 = HashInput.utf8(salt);
    byte[] digest = new byte[sha256.length];
    sha256.digest(utf8, utf8.length, digest);
    return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static long mixToken(int token, long seed) {
    int a = token;
    a = ((a >>> 16) ^ a) * TOKEN;
    a = ((a >>> 16) ^ a) * TOKEN;
    a = (a >>> 16) ^ a;
    return combine(Integer.toUnsignedLong(a + COMBINE), seed);
  }

  private static long mixLong(long value, long seed) {
    long c = value;
    c = (c ^ (c >>> 30)) * FIRST;
    c = (c ^ (c >>> 27)) * SECOND;
    c = c ^ (c >>> 31);
    return combine(c + Integer.toUnsignedLong(COMBINE), seed);
  }

  private static long combine(long value, long seed) {
    return seed ^ (value + (seed << 6) + (seed >>> 2));
  }
}
