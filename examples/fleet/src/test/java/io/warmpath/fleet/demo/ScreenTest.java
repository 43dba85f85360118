package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void whereLinesCannotBeOverwrittenOnlyLinesAreWritten() {
    Screen screen = screen(false);

    screen.progress("random", 1, 2);
    screen.line("done");

    assertEquals("done" + System.lineSeparator(), text());
  }

  @Test
  void aTerminalShowsABarAndALineReplacesIt() {
    Screen screen = screen(true);

    screen.progress("random", 1, 2);
    assertTrue(text().endsWith("random [###############...............] 50 %"), text());
    screen.line("done");

    assertTrue(text().endsWith("\r\u001b[2Kdone" + System.lineSeparator()), text());
  }

  @Test
  void theBarIsWrittenOnceForEachPercent() {
    Screen screen = screen(true);

    screen.progress("random", 500, 1000);
    int length = written.size();
    screen.progress("random", 501, 1000);

    assertEquals(length, written.size());
  }

  private Screen screen(boolean terminal) {
    return new Screen(new PrintStream(written, false, StandardCharsets.UTF_8), terminal);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
