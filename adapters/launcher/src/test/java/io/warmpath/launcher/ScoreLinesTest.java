package io.warmpath.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScoreLinesTest {

  @Test
  void linesArePrintedInOrderBeforeItCloses() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ScoreLines lines = new ScoreLines(new PrintStream(out, true, StandardCharsets.UTF_8))) {
      lines.accept("one");
      lines.accept("two");
    }

    assertEquals(
        "one" + System.lineSeparator() + "two" + System.lineSeparator(),
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whenNobodyReadsFurtherLinesAreRefusedInsteadOfWaiting() {
    CountDownLatch read = new CountDownLatch(1);
    OutputStream stuck = new OutputStream() {
      @Override
      public void write(int b) {
        try {
          read.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
    try (ScoreLines lines = new ScoreLines(new PrintStream(stuck, true, StandardCharsets.UTF_8))) {
      assertThrows(RejectedExecutionException.class, () -> {
        for (int i = 0; i < 5000; i++) {
          lines.accept("line");
        }
      });
      read.countDown();
    }
  }
}
