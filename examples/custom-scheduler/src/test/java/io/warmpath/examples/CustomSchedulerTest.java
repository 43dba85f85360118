package io.warmpath.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomSchedulerTest {

  private static final Path ROOT = Path.of("../..");
  private static final Path TOKENIZER =
      ROOT.resolve("examples/fleet/src/main/resources/io/warmpath/fleet/tokenizer");

  @Test
  void theSecondRequestGoesWhereTheFirstWent() throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      CustomScheduler.route(TOKENIZER, Endpoint.of("127.0.0.1:1"), Endpoint.of("127.0.0.1:2"), 2);
    } finally {
      System.setOut(out);
    }

    List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(2, lines.size(), lines::toString);
    String pod = lines.get(0).substring(0, lines.get(0).indexOf(' '));
    assertTrue(lines.get(0).startsWith(pod + " has 0 of "), lines::toString);
    assertTrue(lines.get(1).matches(pod + " has [1-9][0-9]* of [0-9]+ blocks"), lines::toString);
  }

  @Test
  void theReadmesCodeIsThisCode() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String source =
        Files.readString(Path.of("src/main/java/io/warmpath/examples/CustomScheduler.java"));

    assertEquals(
        words(between(source, "// begin: README", "// end: README")),
        words(between(readme, "```java\n", "```")));
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin);
    assertTrue(from >= 0, "no " + begin.strip());
    return text.substring(from + begin.length(), text.indexOf(end, from + begin.length()));
  }

  private static String words(String code) {
    return code.replaceAll("\\s+", "");
  }
}
