package io.warmpath.chronicle;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The start of a snapshot: what it is, and what it belongs to. All versions begin alike, so that a
 * newer one can be told from a damaged one.
 *
 * <pre>
 *   89 'W' 'P' 'S' 0D 0A 1A 0A     as PNG's, RFC 2083 3.1: shows a transfer as text
 *   int32  version                 1
 *   int32  n
 *   n bytes                        name model, int32 block size, name scheme, name fingerprint
 *   int32  CRC32C of all before
 * </pre>
 */
final class SnapshotHeader {

  static final int VERSION = 1;
  static final int FIXED_BYTES = Long.BYTES + 2 * Integer.BYTES;
  static final int MOST_BYTES = 64 << 10;

  private static final long MAGIC = 0x89_57_50_53_0D_0A_1A_0AL;

  private SnapshotHeader() {}

  static ByteBuffer of(SnapshotIdentity identity) {
    ByteBuffer header = ByteBuffer.allocate(MOST_BYTES);
    header.putLong(MAGIC).putInt(VERSION).putInt(0);
    Names.put(header, identity.model());
    header.putInt(identity.blockSize());
    Names.put(header, identity.hashScheme());
    Names.put(header, identity.fingerprint());
    header.putInt(FIXED_BYTES - Integer.BYTES, header.position() - FIXED_BYTES);
    header.putInt(checksum(header, header.position()));
    return header.flip();
  }

  /**
   * Looks at the first {@link #FIXED_BYTES}.
   *
   * @return how many bytes follow
   */
  static int rest(ByteBuffer fixed) throws BadSnapshotException {
    if (fixed.getLong(0) != MAGIC) {
      throw new BadSnapshotException("is not a Warmpath snapshot");
    }
    int length = fixed.getInt(FIXED_BYTES - Integer.BYTES);
    if (length < 0 || length > MOST_BYTES - FIXED_BYTES - Integer.BYTES) {
      throw new BadSnapshotException("is damaged: its header says it has " + length + " bytes");
    }
    return length + Integer.BYTES;
  }

  /** Checks a whole header, from its first byte to the buffer's limit. */
  static void check(ByteBuffer header, SnapshotIdentity identity) throws BadSnapshotException {
    int end = header.limit() - Integer.BYTES;
    if (header.getInt(end) != checksum(header, end)) {
      throw new BadSnapshotException("is damaged: the checksum of its header is wrong");
    }
    int version = header.getInt(Long.BYTES);
    if (version != VERSION) {
      throw new BadSnapshotException(
          "has format version " + version + "; this program reads " + VERSION);
    }
    try {
      header.position(FIXED_BYTES);
      same("model", Names.get(header), identity.model());
      same("block size", header.getInt(), identity.blockSize());
      same("hash scheme", Names.get(header), identity.hashScheme());
      same("fingerprint of the hash secret", Names.get(header), identity.fingerprint());
    } catch (BufferUnderflowException e) {
      throw new BadSnapshotException("is damaged: its header ends early");
    }
  }

  private static void same(String field, Object saved, Object own) throws BadSnapshotException {
    if (!saved.equals(own)) {
      throw new BadSnapshotException("belongs to another index: its " + field + " is '" + saved
          + "', this router's is '" + own + "'");
    }
  }

  private static int checksum(ByteBuffer header, int end) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().position(0).limit(end));
    return (int) crc.getValue();
  }
}
