package io.warmpath.tokenizers.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The filter {@code wordwrap}: Python's textwrap, a paragraph a line. */
final class WordWrap {

  private WordWrap() {}

  static Object wrap(Run run, Object value, Arguments a) {
    if (!(value instanceof String text)) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : new JinjaError("'" + Types.name(value) + "' object has no attribute 'splitlines'");
    }
    int width = a.integer(0, 79);
    if (width <= 0) {
      throw new JinjaError("invalid width " + width + " (must be > 0)");
    }
    String separator = a.hasValue(2) ? a.text(2) : "\n";
    List<String> lines = new ArrayList<>();
    for (Object line : Splitting.lines(run, text, false)) {
      List<String> wrapped = new ArrayList<>();
      wrapLine(run, (String) line, width, a.truth(1, true), a.truth(3, true), wrapped);
      lines.add(String.join(separator, wrapped));
    }
    run.make((long) lines.size() * separator.length());
    return run.made(String.join(separator, lines));
  }

  private static void wrapLine(
      Run run,
      String line,
      int width,
      boolean breaksWords,
      boolean breaksAtHyphens,
      List<String> lines) {
    Deque<String> chunks = chunks(line, breaksAtHyphens);
    while (!chunks.isEmpty()) {
      if (!lines.isEmpty() && Strings.strip(chunks.getFirst(), null).isEmpty()) {
        chunks.removeFirst();
      }
      List<String> current = new ArrayList<>();
      int left = width;
      while (!chunks.isEmpty() && Strings.length(chunks.getFirst()) <= left) {
        left -= Strings.length(chunks.getFirst());
        current.add(chunks.removeFirst());
      }
      if (!chunks.isEmpty() && Strings.length(chunks.getFirst()) > width) {
        run.work(16L * chunks.getFirst().length());
        breakWord(chunks, left, breaksWords, breaksAtHyphens, current);
      }
      if (!current.isEmpty()
          && Strings.strip(current.get(current.size() - 1), null).isEmpty()) {
        current.remove(current.size() - 1);
      }
      if (!current.isEmpty()) {
        lines.add(String.join("", current));
      }
    }
  }

  /** Takes what fits of a word that is longer than a line. */
  private static void breakWord(
      Deque<String> chunks,
      int left,
      boolean breaksWords,
      boolean breaksAtHyphens,
      List<String> current) {
    if (!breaksWords) {
      if (current.isEmpty()) {
        current.add(chunks.removeFirst());
      }
      return;
    }
    String word = chunks.removeFirst();
    int size = Strings.length(word);
    int end = left;
    int hyphen = breaksAtHyphens ? Strings.substring(word, 0, left, size).lastIndexOf('-') : -1;
    if (hyphen > 0 && !word.substring(0, hyphen).replace("-", "").isEmpty()) {
      end = word.codePointCount(0, hyphen) + 1;
    }
    current.add(Strings.substring(word, 0, end, size));
    chunks.addFirst(Strings.substring(word, end, size, size));
  }

  /** {@return words and the white space between them; words with hyphens in parts} */
  private static Deque<String> chunks(String line, boolean breaksAtHyphens) {
    Deque<String> chunks = new ArrayDeque<>();
    int i = 0;
    while (i < line.length()) {
      int end = i + 1;
      boolean isSpace = Strings.isSpace(line.charAt(i));
      while (end < line.length() && Strings.isSpace(line.charAt(end)) == isSpace) {
        end++;
      }
      int start = i;
      for (int j = i + 2; breaksAtHyphens && !isSpace && j < end - 1; j++) {
        boolean isHyphen = line.charAt(j) == '-'
            && Character.isLetter(line.charAt(j - 1))
            && Character.isLetter(line.charAt(j - 2))
            && Character.isLetter(line.charAt(j + 1))
            && (j + 2 < end && Character.isLetter(line.charAt(j + 2)));
        if (isHyphen) {
          chunks.add(line.substring(start, j + 1));
          start = j + 1;
        }
      }
      chunks.add(line.substring(start, end));
      i = end;
    }
    return chunks;
  }
}
