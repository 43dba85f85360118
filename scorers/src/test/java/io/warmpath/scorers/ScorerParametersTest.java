package io.warmpath.scorers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScorerParametersTest {

  @Test
  void aParameterOutOfRangeIsNamedWithItsRange() {
    assertMessage(
        "prefix-cache-scorer: matchLengthWeight must be in [0, 1], was 1.5",
        () -> new PrefixCacheScorer(1.5, 1));
    assertMessage(
        "prefix-cache-scorer: matchLengthScaleTokens must be at least 1, was 0",
        () -> new PrefixCacheScorer(0, 0));
    assertMessage(
        "active-request-scorer: idleThreshold must be at least 0, was -1",
        () -> new ActiveRequestScorer(-1, 1));
    assertMessage(
        "active-request-scorer: maxBusyScore must be in [0, 1], was NaN",
        () -> new ActiveRequestScorer(0, Double.NaN));
    assertMessage(
        "token-load-scorer: thresholdTokens must be at least 1, was 0",
        () -> new TokenLoadScorer(0));
  }

  private static void assertMessage(String message, Executable build) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, build).getMessage());
  }
}
