package io.warmpath.block;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import net.openhft.hashing.LongTupleHashFunction;

/** A hash function over bytes; for one thread. */
abstract class Digester {

  final int length;

  private Digester(int length) {
    this.length = length;
  }

  /** Writes the digest of the first {@code size} bytes to the first {@code length} of {@code to}. */
  abstract void digest(byte[] bytes, int size, byte[] to);

  final void digest(HashInput input, byte[] to) {
    digest(input.bytes(), input.size(), to);
  }

  final byte[] digest(HashInput input) {
    byte[] digest = new byte[length];
    digest(input, digest);
    return digest;
  }

  /** {@return SHA-256 of the JDK, 32 bytes} */
  static Digester sha256() {
    return new Sha256();
  }

  /** {@return XXH3 of 128 bits, seed 0, in its canonical form: 16 bytes, big-endian} */
  static Digester xxh3() {
    return new Xxh3();
  }

  private static final class Sha256 extends Digester {
    private static final int BYTES = 32;
    private final MessageDigest sha256;

    Sha256() {
      super(BYTES);
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    @Override
    void digest(byte[] bytes, int size, byte[] to) {
      sha256.update(bytes, 0, size);
      try {
        sha256.digest(to, 0, BYTES);
      } catch (DigestException e) {
        throw new IllegalStateException("32 bytes hold a SHA-256 digest", e);
      }
    }
  }

  private static final class Xxh3 extends Digester {
    private static final int BYTES = 16;
    private final LongTupleHashFunction xxh3 = LongTupleHashFunction.xx128();
    private final long[] words = xxh3.newResultArray();

    Xxh3() {
      super(BYTES);
    }

    @Override
    void digest(byte[] bytes, int size, byte[] to) {
      xxh3.hashBytes(bytes, 0, size, words);
      HashInput.bigLong(to, 0, words[1]);
      HashInput.bigLong(to, Long.BYTES, words[0]);
    }
  }
}
