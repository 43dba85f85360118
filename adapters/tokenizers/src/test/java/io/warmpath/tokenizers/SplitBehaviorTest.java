package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The examples are those of {@code normalizer.rs}: "the-final--countdown", split at each hyphen.
 */
final class SplitBehaviorTest {

  @Test
  void isolatedKeepsMatchesAsPieces() {
    assertEquals(
        List.of("the", "-", "final", "-", "-", "countdown"), split(SplitBehavior.ISOLATED, false));
  }

  @Test
  void removedDropsMatches() {
    assertEquals(List.of("the", "final", "countdown"), split(SplitBehavior.REMOVED, false));
  }

  @Test
  void removedAndInvertedKeepsOnlyMatches() {
    assertEquals(List.of("-", "-", "-"), split(SplitBehavior.REMOVED, true));
  }

  @Test
  void mergedWithPreviousEndsAPieceWithItsMatch() {
    assertEquals(
        List.of("the-", "final-", "-", "countdown"),
        split(SplitBehavior.MERGED_WITH_PREVIOUS, false));
  }

  @Test
  void mergedWithNextBeginsAPieceWithItsMatch() {
    assertEquals(
        List.of("the", "-final", "-", "-countdown"), split(SplitBehavior.MERGED_WITH_NEXT, false));
  }

  @Test
  void contiguousJoinsNeighbouringMatches() {
    assertEquals(
        List.of("the", "-", "final", "--", "countdown"), split(SplitBehavior.CONTIGUOUS, false));
  }

  private static List<String> split(SplitBehavior behavior, boolean invert) {
    List<String> pieces = new ArrayList<>();
    String text = "the-final--countdown";
    new RegexSplit(Pattern.compile("-"), behavior, invert)
        .split(
            text.toCharArray(),
            0,
            text.length(),
            (t, from, to) -> pieces.add(new String(t, from, to - from)));
    return pieces;
  }
}
