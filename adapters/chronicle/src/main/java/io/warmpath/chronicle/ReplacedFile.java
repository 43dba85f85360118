package io.warmpath.chronicle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/** A file that is replaced as a whole or not at all: written beside it, forced to disk, renamed. */
final class ReplacedFile {

  /** Writes a file that exists and is empty. */
  interface Body {
    void write(Path file) throws IOException;
  }

  private static final String SUFFIX = ".tmp";

  /** What is older than a new temporary file by this much is no other saver's work any more. */
  private static final Duration LEFT_OVER = Duration.ofHours(1);

  private ReplacedFile() {}

  /** Replaces a file; returns the length of the new one. */
  static long write(Path path, Body body) throws IOException {
    Path temporary = temporary(path);
    try {
      body.write(temporary);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      long size = Files.size(temporary);
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      forceFolder(path);
      return size;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Makes an empty file beside another one, for its owner only, and removes what a crash has left.
   *
   * @return the file
   */
  static Path temporary(Path path) throws IOException {
    String prefix = path.getFileName() + ".";
    Path made = Files.createTempFile(folder(path), prefix, SUFFIX);
    FileTime now = Files.getLastModifiedTime(made);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(
        folder(path),
        file -> file.getFileName().toString().startsWith(prefix)
            && file.getFileName().toString().endsWith(SUFFIX))) {
      for (Path file : files) {
        if (isLeftOver(file, now)) {
          Files.deleteIfExists(file);
        }
      }
    }
    return made;
  }

  private static boolean isLeftOver(Path file, FileTime now) throws IOException {
    return Files.exists(file)
        && Duration.between(Files.getLastModifiedTime(file).toInstant(), now.toInstant())
                .compareTo(LEFT_OVER)
            > 0;
  }

  private static Path folder(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(path + " names no file");
    }
    return folder;
  }

  /** Makes the new name durable. Where folders cannot be opened, as on Windows, it is without. */
  private static void forceFolder(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(folder(path), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // The file itself is complete: after a power failure the old one may be back.
    }
  }
}
