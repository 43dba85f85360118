package io.warmpath.tokenizers.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What is left of a failing text. */
final class ShrinkingTest {

  @Test
  void onlyWhatTheFailureNeedsIsLeft() {
    String text = "many words \uD83D\uDE80 before, between x and after it, y and more";

    String smallest = Shrinking.smallest(
        text,
        t -> t.contains("\uD83D\uDE80") && t.indexOf('y') > t.indexOf('x') && t.contains("x"));

    assertEquals("\uD83D\uDE80xy", smallest);
  }
}
