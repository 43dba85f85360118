package io.warmpath.block;

import io.warmpath.block.SglangHash.Namespace;
import org.jspecify.annotations.Nullable;

/** See {@link SglangHash}. */
final class SglangHasher extends EngineHasher {

  private static final int DIGEST_BYTES = 32;
  private static final String SALT = "sglang-cache-salt-v1\0";
  private static final String EVENT_NAMESPACE = "sglang-kv-event-namespace-v1";
  private static final String STORAGE_NAMESPACE = "sglang-cache-namespace-v1";

  private final SglangHash scheme;
  private final Digester sha256 = Digester.sha256();
  private final HashInput input = new HashInput();
  private final byte[] digest = new byte[DIGEST_BYTES];
  private final byte[] named = new byte[DIGEST_BYTES];

  SglangHasher(SglangHash scheme) {
    super(scheme, DIGEST_BYTES);
    this.scheme = scheme;
  }

  @Override
  void hash(int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    byte[] seed = chainSeed(extras);
    byte[] namespace = eventNamespace(extras);
    boolean hasParent = seed != null;
    if (seed != null) {
      System.arraycopy(seed, 0, digest, 0, DIGEST_BYTES);
    }
    int ahead = scheme.pairsTokens() ? 1 : 0;
    for (int first = from; to - first >= (long) blockSize + ahead; first += blockSize) {
      input.clear();
      if (hasParent) {
        input.put(digest);
      }
      if (scheme.pairsTokens()) {
        for (int i = first; i < first + blockSize; i++) {
          input.littleInt(tokens[i]).littleInt(tokens[i + 1]);
        }
      } else {
        input.littleTokens(tokens, first, first + blockSize);
      }
      sha256.digest(input, digest);
      hasParent = true;
      long value = HashInput.bigLong(digest, 0);
      emit(digest, 0, namespace == null ? value : named(namespace, value));
    }
  }

  private long named(byte[] namespace, long value) {
    input.clear();
    input.put(namespace).bigLong(value);
    sha256.digest(input, named);
    return HashInput.bigLong(named, 0);
  }

  /** {@return what stands before the first block, or null if nothing} */
  byte @Nullable [] chainSeed(PromptExtras extras) {
    if (extras.parent() != null) {
      return extras.parent();
    }
    String salt = extras.salt();
    return switch (scheme.namespace()) {
      case NONE -> null;
      case EVENTS, DYNAMO -> salt == null ? null : sha256(SALT + salt);
      case STORAGE -> namespace(STORAGE_NAMESPACE, extras);
    };
  }

  /** {@return what the hashes of events are hashed with once more, or null if they are not} */
  byte @Nullable [] eventNamespace(PromptExtras extras) {
    Namespace namespace = scheme.namespace();
    boolean isNamed = namespace == Namespace.DYNAMO
        || (namespace == Namespace.EVENTS && extras.adapter() != null);
    return isNamed ? namespace(EVENT_NAMESPACE, extras) : null;
  }

  private byte @Nullable [] namespace(String name, PromptExtras extras) {
    LoraAdapter adapter = extras.adapter();
    String salt = extras.salt();
    return adapter == null && salt == null
        ? null
        : namespace(name, adapter == null ? null : adapter.name(), salt);
  }

  /** {@return the digest of a namespace, as {@link Namespace#DYNAMO} says} */
  private byte[] namespace(String name, @Nullable String first, @Nullable String second) {
    input.clear();
    input.put(HashInput.utf8(name));
    putPart(first);
    putPart(second);
    return sha256.digest(input);
  }

  private void putPart(@Nullable String part) {
    if (part == null) {
      input.put(0);
    } else {
      byte[] utf8 = HashInput.utf8(part);
      input.put(1).littleLong(utf8.length).put(utf8);
    }
  }

  private byte[] sha256(String text) {
    input.clear();
    input.put(HashInput.utf8(text));
    return sha256.digest(input);
  }
}
