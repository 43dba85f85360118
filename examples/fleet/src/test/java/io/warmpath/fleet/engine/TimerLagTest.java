package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimerLagTest {

  @Test
  void quantilesAreWithinAnEighth() {
    TimerLag lag = new TimerLag();
    for (int i = 1; i <= 1000; i++) {
      lag.record(i * 1000L, 10_000_000);
    }

    LagStats stats = lag.stats();

    assertEquals(1000, stats.steps());
    assertEquals(500_000, (double) stats.p50Nanos(), 500_000 / 8.0);
    assertEquals(990_000, (double) stats.p99Nanos(), 990_000 / 8.0);
    assertEquals(1_000_000, stats.maxNanos());
    assertEquals(0.05005, stats.shareOfStep(), 1e-9);
  }

  @Test
  void nothingRecordedIsNoLag() {
    assertEquals(new LagStats(0, 0, 0, 0, 0), new TimerLag().stats());
  }

  @Test
  void extremesHaveABucket() {
    TimerLag lag = new TimerLag();

    lag.record(Long.MAX_VALUE / 2, 1);
    lag.record(-5, 1);
    lag.record(0, 1);

    assertEquals(0, lag.stats().p50Nanos());
    assertTrue(lag.stats().p99Nanos() > Long.MAX_VALUE / 4);
  }
}
