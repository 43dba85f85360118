package io.warmpath.chronicle;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the block hashes of a snapshot belong to. Two routers whose identities are equal name the same
 * blocks by the same hashes.
 *
 * @param model name of the base model
 * @param blockSize tokens per block, at least 1
 * @param hashScheme name and version of the scheme that makes the hashes
 * @param fingerprint of what the scheme is seeded with; must not tell the secret itself
 */
public record SnapshotIdentity(String model, int blockSize, String hashScheme, String fingerprint) {

  /** Warmpath's own scheme, see {@link BlockHasher}: {@code warmpath-xxh3-chain-1}. */
  public static final String OWN_SCHEME = "warmpath-xxh3-chain-1";

  private static final int MOST_CHARS = 1024;
  private static final int PROBE_BLOCKS = 2;
  private static final int FINGERPRINT_BYTES = 16;
  private static final String FINGERPRINT = "warmpath snapshot fingerprint 1";

  /** Checks the parts. */
  public SnapshotIdentity {
    checkName("model", model);
    checkName("hash scheme", hashScheme);
    checkName("fingerprint", fingerprint);
    if (blockSize < 1) {
      throw new IllegalArgumentException(
          "snapshot identity: block size must be at least 1, was " + blockSize);
    }
  }

  /**
   * Makes the identity of an index whose blocks are named by Warmpath's own hashes.
   *
   * @param model name of the base model
   * @param blockSize tokens per block, at least 1
   * @param hasher what names the blocks; its secret must be given, not random, or no later run can
   *     restore what this one saves
   * @return the identity; its fingerprint is 128 bits of SHA-256 over the hashes of two fixed blocks,
   *     so it differs as well if the scheme does
   */
  public static SnapshotIdentity of(String model, int blockSize, BlockHasher hasher) {
    if (blockSize < 1) {
      throw new IllegalArgumentException(
          "snapshot identity: block size must be at least 1, was " + blockSize);
    }
    int[] tokens = new int[PROBE_BLOCKS * blockSize];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i;
    }
    BlockChain probe = new BlockChain();
    probe.start(hasher.root(null, FINGERPRINT));
    hasher.append(probe, tokens, 0, tokens.length, blockSize);
    return new SnapshotIdentity(model, blockSize, OWN_SCHEME, digest(probe));
  }

  /** Through SHA-256, as XXH3 is not made to hide its seed. */
  private static String digest(BlockChain probe) {
    ByteBuffer hashes = ByteBuffer.allocate(probe.length() * Long.BYTES);
    hashes.asLongBuffer().put(probe.hashes(), 0, probe.length());
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(FINGERPRINT.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest(hashes.array()), 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  private static void checkName(String what, String name) {
    if (name.isBlank() || name.length() > MOST_CHARS) {
      throw new IllegalArgumentException("snapshot identity: " + what + " must have 1 to "
          + MOST_CHARS + " characters, was " + (name.isBlank() ? "blank" : name.length()));
    }
  }
}
