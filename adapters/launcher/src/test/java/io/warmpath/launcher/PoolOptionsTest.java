package io.warmpath.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class PoolOptionsTest {

  @Command(name = "host")
  static final class Host {
    @Mixin
    final PoolOptions pool = new PoolOptions();
  }

  private static PoolOptions parse(String... args) {
    Host host = new Host();
    new CommandLine(host).parseArgs(args);
    return host.pool;
  }

  private static Router router(String... args) {
    return parse(args).router(Runnable::run);
  }

  private static String failure(String... args) {
    return String.valueOf(
        assertThrows(ParameterException.class, () -> router(args)).getMessage());
  }

  @Test
  void withoutOptionsTheBlockSizeIsLearnedAndTextIsNotRead() {
    assertEquals(0, router().blockSize().tokens());
    assertTrue(parse().logScores());
    assertTrue(parse().warning().startsWith("no --tokenizer: "));
  }

  @Test
  void optionsReachTheRouter() {
    PoolOptions options = parse(
        "--block-size", "32", "--model-adapter", "a", "b", "--secret", "0xff", "--no-log-scores");

    assertEquals(32, options.router(Runnable::run).blockSize().tokens());
    assertFalse(options.logScores());
  }

  @Test
  void aBlockSizeThatCannotBeIsNamed() {
    assertEquals(
        "Invalid value for option '--block-size': blockSize must be at least 1 token, was 0",
        failure("--block-size", "0"));
  }

  @Test
  void aFolderWithoutATokenizerIsNamed(@TempDir Path folder) {
    String message = failure("--tokenizer", folder.toString());

    assertTrue(message.startsWith("Invalid value for option '--tokenizer': " + folder), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0x", "0x11223344556677889", "9223372036854775808"})
  void aSecretThatIsNoNumberIsNamed(String secret) {
    assertTrue(failure("--secret", secret).contains("is no 64-bit number"), secret);
  }
}
