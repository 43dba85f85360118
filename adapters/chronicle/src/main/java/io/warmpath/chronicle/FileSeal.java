package io.warmpath.chronicle;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The last bytes of a file that others wrote: shows that it is whole. Chronicle Map reads a file that
 * has it as one that has not.
 *
 * <pre>
 *   89 'W' 'P' 'C' 0D 0A 1A 0A
 *   int64  length of the file before the seal
 *   int32  CRC32C of all before, these two words included
 * </pre>
 */
final class FileSeal {

  private static final long MAGIC = 0x89_57_50_43_0D_0A_1A_0AL;
  private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;
  private static final int PIECE_BYTES = 1 << 20;

  private FileSeal() {}

  static void append(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long length = channel.size();
      CRC32C crc = new CRC32C();
      pieces(channel, length, crc, piece -> {});
      ByteBuffer seal = ByteBuffer.allocate(BYTES).putLong(MAGIC).putLong(length);
      seal.putInt(crc(crc, seal)).flip();
      while (seal.hasRemaining()) {
        channel.write(seal);
      }
    }
  }

  /**
   * Copies what is before the seal, and checks it.
   *
   * @throws BadSnapshotException if the seal is not there or does not fit; the copy is no use then
   */
  static void copyChecked(Path file, Path copy) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      long length = from.size() - BYTES;
      if (length < 0) {
        throw new BadSnapshotException(
            from.size() == 0
                ? "is empty"
                : "is not a Warmpath snapshot in Chronicle Map, or cut short");
      }
      ByteBuffer seal = ByteBuffer.allocate(BYTES);
      from.position(length);
      fill(from, seal);
      if (seal.getLong(0) != MAGIC) {
        throw new BadSnapshotException(
            "is not a Warmpath snapshot in Chronicle Map, or cut short: it has no seal at its end");
      }
      if (seal.getLong(Long.BYTES) != length) {
        throw new BadSnapshotException("is damaged: it has " + length + " bytes before its seal, "
            + "which says " + seal.getLong(Long.BYTES));
      }
      from.position(0);
      CRC32C crc = new CRC32C();
      pieces(from, length, crc, piece -> {
        while (piece.hasRemaining()) {
          to.write(piece);
        }
      });
      int expected = seal.getInt(2 * Long.BYTES);
      if (expected != crc(crc, seal.position(2 * Long.BYTES))) {
        throw new BadSnapshotException("is damaged: its checksum is wrong");
      }
    }
  }

  /** Goes on with the seal's own words, which are before its position. */
  private static int crc(CRC32C crc, ByteBuffer seal) {
    crc.update(seal.duplicate().flip());
    return (int) crc.getValue();
  }

  private static void pieces(FileChannel from, long length, CRC32C crc, PageSink sink)
      throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    for (long left = length; left > 0; left -= piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, left));
      fill(from, piece);
      crc.update(piece.flip());
      sink.page(piece.rewind());
    }
  }

  private static void fill(FileChannel from, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (from.read(buffer) < 0) {
        throw new EOFException("it ends after " + from.position() + " bytes");
      }
    }
  }
}
