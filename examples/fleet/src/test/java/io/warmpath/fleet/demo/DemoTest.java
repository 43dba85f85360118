package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
class DemoTest {

  @TempDir
  Path directory;

  private int exit;

  @Test
  void aSmallDemoWalksComparesAndCleansUp() throws Exception {
    Path json = directory.resolve("demo.json");

    String text = run("--pods=3", "--seconds=0.5", "--time-scale=2", "--json=" + json);

    assertEquals(0, exit, text);
    List<String> lines =
        text.lines().filter(line -> line.contains("Got pod scores")).toList();
    assertEquals(2, lines.size(), text);
    assertTrue(lines.get(0).endsWith("\"scores\": null}"), text);
    assertTrue(lines.get(1).matches(".*\"scores\": \\{\"127\\.0\\.0\\.1:\\d+\": 29}}"), text);
    for (String policy : List.of("random", "round robin", "least queue", "warmpath")) {
      assertTrue(text.contains("\n" + policy), text);
      assertTrue(Files.readString(json).contains("\"" + policy + "\""), text);
    }
    assertTrue(Files.readString(json).contains("Got pod scores"), text);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("fleet-")) {
        thread.join(TimeUnit.SECONDS.toMillis(10));
        assertTrue(!thread.isAlive(), thread + " is left");
      }
    }
  }

  @Test
  void badOptionsAreNamed() throws IOException {
    assertTrue(run("--rate=0").contains("--rate must be above 0, was 0.0"));
    assertEquals(1, exit);
    assertTrue(run("--pods=0").contains("--pods must be at least 1"));
    assertEquals(1, exit);
    assertTrue(run("--trace=" + directory.resolve("none")).contains("there is no trace"));
    assertEquals(1, exit);
  }

  private String run(String... options) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    exit = new CommandLine(new Demo(new Screen(out, false))).execute(options);
    return written.toString(StandardCharsets.UTF_8);
  }
}
