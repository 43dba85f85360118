package io.warmpath.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where golden files are: in the directory of {@code -Dwarmpath.vectors=DIR}, else in the test
 * resources under {@code /golden}. A relative directory counts from where Maven was started.
 */
public final class GoldenFiles {

  private GoldenFiles() {}

  /** {@return the directory given, or nothing where test resources count} */
  public static Optional<Path> directory() {
    return directory("warmpath.vectors");
  }

  /** {@return the directory that a system property names} */
  public static Optional<Path> directory(String property) {
    String given = System.getProperty(property, "");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Path directory = Path.of(System.getProperty("warmpath.started", "")).resolve(given);
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "-D" + property + "=" + given + ": there is no directory " + directory);
    }
    return Optional.of(directory);
  }

  /** {@return the bytes of a file, or nothing if there is none} */
  public static Optional<byte[]> read(String name) {
    Optional<Path> directory = directory();
    try {
      if (directory.isPresent()) {
        Path file = directory.get().resolve(name);
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
      }
      try (InputStream in = GoldenFiles.class.getResourceAsStream("/golden/" + name)) {
        return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** {@return {@code known} and what else there is of this kind in the directory given, in order} */
  public static Collection<String> names(String folder, boolean folders, Collection<String> known) {
    TreeSet<String> names = new TreeSet<>(known);
    Optional<Path> place =
        directory().map(directory -> directory.resolve(folder)).filter(Files::isDirectory);
    if (place.isPresent()) {
      try (Stream<Path> entries = Files.list(place.get())) {
        entries
            .filter(entry -> folders == Files.isDirectory(entry))
            .map(entry -> entry.getFileName().toString())
            .forEach(names::add);
      } catch (IOException e) {
        throw new UncheckedIOException(folder, e);
      }
    }
    return names;
  }
}
