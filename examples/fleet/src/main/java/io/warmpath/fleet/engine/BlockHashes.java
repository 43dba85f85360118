package io.warmpath.fleet.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * vLLM's prefix-cache block hashes, algorithm {@code sha256_cbor}: a block's digest is SHA-256 of the canonical CBOR
 * of {@code [digest of the block before, [its tokens], null or extra keys]}; before block 0 stands the digest of the
 * seed text alone. KV events carry the last 8 bytes, big-endian.
 *
 * <p>Source: vLLM 0.32, {@code vllm/v1/core/kv_cache_utils.py} and {@code vllm/utils/hashing.py}, re-implemented
 * from their description and checked against vectors that those functions made. Canonical CBOR is RFC 8949 section
 * 4.2.1 (shortest integers, definite lengths).
 *
 * <p><b>Threads:</b> any number; each chain belongs to one at a time.
 */
final class BlockHashes {

  private final byte[] noneHash;
  private final int blockSize;

  /** Hashes of blocks of {@code blockSize} tokens under vLLM's {@code PYTHONHASHSEED=seed}. */
  BlockHashes(String seed, int blockSize) {
    CborWriter text = new CborWriter(16 + 3 * seed.length());
    text.text(seed);
    MessageDigest sha256 = sha256();
    sha256.update(text.bytes(), 0, text.size());
    this.noneHash = sha256.digest();
    this.blockSize = blockSize;
  }

  /** {@return what stands before block 0; shared, not to be written} */
  byte[] noneHash() {
    return noneHash;
  }

  /** {@return an empty chain; {@code salt} is the request's {@code cache_salt}, empty for none} */
  HashChain chain(String salt) {
    return new HashChain(noneHash, blockSize, salt);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The few forms of canonical CBOR that a block needs. */
  static final class CborWriter {
    private byte[] buffer;
    private int size;

    CborWriter(int capacity) {
      buffer = new byte[Math.max(16, capacity)];
    }

    byte[] bytes() {
      return buffer;
    }

    int size() {
      return size;
    }

    void clear() {
      size = 0;
    }

    void array(int length) {
      head(0x80, length);
    }

    void unsigned(int value) {
      head(0x00, value);
    }

    void byteString(byte[] value) {
      head(0x40, value.length);
      append(value);
    }

    void text(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      head(0x60, utf8.length);
      append(utf8);
    }

    void nil() {
      ensure(1);
      buffer[size++] = (byte) 0xf6;
    }

    private void append(byte[] value) {
      ensure(value.length);
      System.arraycopy(value, 0, buffer, size, value.length);
      size += value.length;
    }

    private void head(int major, int value) {
      ensure(5);
      if (value < 0) {
        throw new IllegalArgumentException("token ids and lengths are at least 0, was " + value);
      } else if (value < 24) {
        buffer[size++] = (byte) (major | value);
      } else if (value < 0x100) {
        buffer[size++] = (byte) (major | 24);
        buffer[size++] = (byte) value;
      } else if (value < 0x10000) {
        buffer[size++] = (byte) (major | 25);
        buffer[size++] = (byte) (value >>> 8);
        buffer[size++] = (byte) value;
      } else {
        buffer[size++] = (byte) (major | 26);
        buffer[size++] = (byte) (value >>> 24);
        buffer[size++] = (byte) (value >>> 16);
        buffer[size++] = (byte) (value >>> 8);
        buffer[size++] = (byte) value;
      }
    }

    private void ensure(int more) {
      if (size + more > buffer.length) {
        buffer = java.util.Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
      }
    }
  }
}
