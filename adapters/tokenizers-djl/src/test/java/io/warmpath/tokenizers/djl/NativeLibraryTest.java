package io.warmpath.tokenizers.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the native library is unpacked, each in a process of its own. */
final class NativeLibraryTest {

  @TempDir
  private Path directory;

  @Test
  void theLibraryIsUnpackedIntoTheFolderGiven() throws Exception {
    Path folder = directory.resolve("cache");

    String printed = run(folder);

    assertEquals("DJL (Hugging Face tokenizers 0.21.0)", printed);
    try (Stream<Path> files = Files.walk(folder)) {
      assertEquals(1, files.filter(Files::isRegularFile).count());
    }
  }

  @Test
  void whereItCannotBeUnpackedTheErrorNamesTheFolderAndTheRemedy() throws Exception {
    Path folder = Files.writeString(directory.resolve("file"), "in the way").resolve("cache");

    String printed = run(folder);

    assertTrue(
        printed.startsWith(
            "the native library of ai.djl.huggingface:tokenizers cannot be loaded: it"
                + " is unpacked into '" + folder.resolve("tokenizers")
                + "', which must be writable"),
        printed);
    assertTrue(printed.contains("set DJL_CACHE_DIR"), printed);
  }

  private String run(Path cache) throws IOException, InterruptedException {
    Path printed = directory.resolve("printed");
    Process process = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-DDJL_CACHE_DIR=" + cache,
            "-cp",
            System.getProperty("java.class.path"),
            LoadingProgram.class.getName(),
            Vectors.own("own_wordpiece").toString()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(printed.toFile())
        .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it did not end");
      return Files.readString(printed, Charset.defaultCharset()).strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
