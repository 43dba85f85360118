package io.warmpath.tokenizers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text at the matches of a pattern.
 *
 * <p>Cost: that of {@code java.util.regex}, and a copy of the text.
 */
final class RegexSplit implements PreTokenizer {

  private final Pattern pattern;
  private final SplitBehavior behavior;
  private final boolean invert;

  /**
   * @param invert whether the gaps count as matches and the matches as gaps
   */
  RegexSplit(Pattern pattern, SplitBehavior behavior, boolean invert) {
    this.pattern = pattern;
    this.behavior = behavior;
    this.invert = invert;
  }

  @Override
  public void split(char[] text, int from, int to, Pieces out) {
    Cutter cutter = new Cutter(behavior, text, from, out);
    Matcher matcher = pattern.matcher(StandIns.of(text, from, to));
    int done = from;
    while (matcher.find()) {
      cutter.part(done, from + matcher.start(), invert);
      cutter.part(from + matcher.start(), from + matcher.end(), !invert);
      done = from + matcher.end();
    }
    cutter.part(done, to, invert);
    cutter.finish(to);
  }

  /** Joins matches and gaps into pieces: the piece that is open starts at {@code start}. */
  private static final class Cutter {
    private final SplitBehavior behavior;
    private final char[] text;
    private final Pieces out;
    private int start;
    private boolean afterMatch;
    private boolean any;

    Cutter(SplitBehavior behavior, char[] text, int from, Pieces out) {
      this.behavior = behavior;
      this.text = text;
      this.out = out;
      this.start = from;
    }

    void part(int from, int to, boolean isMatch) {
      if (from == to) {
        return;
      }
      boolean joins = any
          && switch (behavior) {
            case ISOLATED, REMOVED -> false;
            case MERGED_WITH_PREVIOUS -> isMatch && !afterMatch;
            case MERGED_WITH_NEXT -> afterMatch && !isMatch;
            case CONTIGUOUS -> isMatch == afterMatch;
          };
      if (!joins) {
        cut(from);
      }
      any = true;
      afterMatch = isMatch;
    }

    void finish(int to) {
      cut(to);
    }

    private void cut(int end) {
      boolean dropped = behavior == SplitBehavior.REMOVED && afterMatch;
      if (start < end && !dropped) {
        out.piece(text, start, end);
      }
      start = end;
    }
  }
}
