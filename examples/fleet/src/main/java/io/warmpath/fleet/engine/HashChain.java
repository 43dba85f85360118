package io.warmpath.fleet.engine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The block hashes of one sequence, first block first; grows with its tokens.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class HashChain {

  private static final int DIGEST_BYTES = 32;

  private final int blockSize;
  private final String salt;
  private final MessageDigest sha256 = BlockHashes.sha256();
  private final BlockHashes.CborWriter cbor;
  private byte[] digest;
  private long[] hashes = new long[16];
  private int length;

  HashChain(byte[] noneHash, int blockSize, String salt) {
    this.digest = noneHash;
    this.blockSize = blockSize;
    this.salt = salt;
    this.cbor = new BlockHashes.CborWriter(DIGEST_BYTES + 16 + 3 * blockSize);
  }

  /** {@return blocks hashed so far} */
  int length() {
    return length;
  }

  /** {@return the hash of block {@code i}, as in KV events: the last 8 bytes of its digest} */
  long hash(int i) {
    return hashes[i];
  }

  /** {@return the hashes of blocks {@code [from, to)}} */
  long[] hashes(int from, int to) {
    return Arrays.copyOfRange(hashes, from, to);
  }

  /** {@return the whole digest of the last block} */
  byte[] lastDigest() {
    return digest.clone();
  }

  String salt() {
    return salt;
  }

  /** Hashes every block that {@code tokens[0, count)} fills and that is not hashed yet. */
  void extendTo(int[] tokens, int count) {
    while ((length + 1) * blockSize <= count) {
      append(tokens, length * blockSize);
    }
  }

  private void append(int[] tokens, int from) {
    cbor.clear();
    cbor.array(3);
    cbor.byteString(digest);
    cbor.array(blockSize);
    for (int i = from; i < from + blockSize; i++) {
      cbor.unsigned(tokens[i]);
    }
    if (length == 0 && !salt.isEmpty()) {
      // vLLM 0.31 and later tag each extra key; before, the salt stood alone.
      cbor.array(1);
      cbor.array(2);
      cbor.text("cache_salt");
      cbor.text(salt);
    } else {
      cbor.nil();
    }
    sha256.update(cbor.bytes(), 0, cbor.size());
    digest = sha256.digest();
    if (length == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * length);
    }
    hashes[length++] = ByteBuffer.wrap(digest).getLong(DIGEST_BYTES - Long.BYTES);
  }
}
