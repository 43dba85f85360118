package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is expected was seen with PyPI tokenizers 0.23.3 and the same added tokens. */
final class AddedTokenMatcherTest {

  private final AddedTokenMatcher matcher = new AddedTokenMatcher(
      List.of(
          new AddedToken(0, "zab", false, false, false, false),
          new AddedToken(1, "zabc", false, false, false, false),
          new AddedToken(2, "bcd", false, false, false, false),
          new AddedToken(3, "qone", true, false, false, false),
          new AddedToken(4, "neq", false, false, false, false),
          new AddedToken(5, "zL", false, true, false, false),
          new AddedToken(6, "zR", false, false, true, false)),
      text -> text);

  @Test
  void theLongestOfTheLeftmostIsTaken() {
    assertEquals(List.of("1", "'d'"), parts("zabcd"));
    assertEquals(List.of("0", "'d'"), parts("zabd"));
  }

  @Test
  void aWordThatIsNotSingleIsTextAndHidesWhatBeginsInIt() {
    assertEquals(List.of("'xqoneq'"), parts("xqoneq"));
    assertEquals(List.of("'_qone'"), parts("_qone"));
    assertEquals(List.of("'qone\u0301'"), parts("qone\u0301"));
    assertEquals(List.of("3", "' '", "4"), parts("qone neq"));
  }

  @Test
  void spacesGoToTheTokenThatStripsFirst() {
    assertEquals(List.of("' \n '", "6", "5", "' x'"), parts(" \n zR \t zL x"));
    assertEquals(List.of("'x'", "5"), parts("x \u3000\nzL"));
  }

  private List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    String framed = "a" + text + "a";
    matcher.split(framed.toCharArray(), 1, framed.length() - 1, new AddedTokenMatcher.Parts() {
      @Override
      public void token(int id) {
        parts.add(String.valueOf(id));
      }

      @Override
      public void text(char[] whole, int from, int to) {
        parts.add("'" + new String(whole, from, to - from) + "'");
      }
    });
    return parts;
  }
}
