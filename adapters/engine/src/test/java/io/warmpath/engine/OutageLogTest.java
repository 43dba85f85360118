package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutageLogTest {

  private static final String LINE =
      "WARNING KV events of x: cannot be reached; will be tried again";

  private final LogLines lines = new LogLines();
  private final OutageLog log = new OutageLog("x");

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void aLongOutageIsOneLine() {
    fail(100);

    assertEquals(List.of(LINE), lines.all());
  }

  @Test
  void oneFailedAttemptIsNoOutage() {
    fail(1);
    log.connected();
    fail(1);

    assertEquals(List.of(), lines.all());
  }

  @Test
  void theNextOutageIsALineOfItsOwn() {
    fail(3);
    log.connected();
    fail(3);

    assertEquals(List.of(LINE, LINE), lines.all());
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      log.failed();
    }
  }
}
