package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code split}, {@code rsplit} and {@code splitlines}. */
final class Splitting {

  private Splitting() {}

  /** Splits at a separator, or at white space without one; a negative {@code most} is no limit. */
  static List<Object> split(Run run, String text, @Nullable String separator, int most) {
    List<Object> parts = new ArrayList<>();
    int left = most < 0 ? Integer.MAX_VALUE : most;
    if (separator == null) {
      splitAtSpace(text, left, parts);
    } else {
      int done = 0;
      int at = text.indexOf(separator);
      while (at >= 0 && left-- > 0) {
        parts.add(text.substring(done, at));
        done = at + separator.length();
        at = text.indexOf(separator, done);
      }
      parts.add(text.substring(done));
    }
    return counted(run, parts, text);
  }

  private static List<Object> counted(Run run, List<Object> parts, String text) {
    run.make(parts.size());
    if (parts.size() > 1) {
      run.make(text.length());
    }
    return parts;
  }

  private static void splitAtSpace(String text, int most, List<Object> parts) {
    int left = most;
    int i = 0;
    while (true) {
      while (i < text.length() && Strings.isSpace(text.charAt(i))) {
        i++;
      }
      if (i == text.length()) {
        return;
      }
      if (left-- == 0) {
        parts.add(text.substring(i));
        return;
      }
      int start = i;
      while (i < text.length() && !Strings.isSpace(text.charAt(i))) {
        i++;
      }
      parts.add(text.substring(start, i));
    }
  }

  static List<Object> splitFromEnd(Run run, String text, @Nullable String separator, int most) {
    if (most < 0) {
      return split(run, text, separator, most);
    }
    List<Object> parts = new ArrayList<>();
    int left = most;
    if (separator == null) {
      splitAtSpaceFromEnd(text, left, parts);
    } else {
      int end = text.length();
      int at = text.lastIndexOf(separator);
      while (at >= 0 && left-- > 0) {
        parts.add(text.substring(at + separator.length(), end));
        end = at;
        at = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
      }
      parts.add(text.substring(0, end));
    }
    Collections.reverse(parts);
    return counted(run, parts, text);
  }

  private static void splitAtSpaceFromEnd(String text, int most, List<Object> parts) {
    int left = most;
    int i = text.length();
    while (true) {
      while (i > 0 && Strings.isSpace(text.charAt(i - 1))) {
        i--;
      }
      if (i == 0) {
        return;
      }
      if (left-- == 0) {
        parts.add(text.substring(0, i));
        return;
      }
      int end = i;
      while (i > 0 && !Strings.isSpace(text.charAt(i - 1))) {
        i--;
      }
      parts.add(text.substring(i, end));
    }
  }

  static List<Object> lines(Run run, String text, boolean keepsEnds) {
    List<Object> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && !Strings.isLineEnd(text.charAt(end))) {
        end++;
      }
      int next = end;
      if (next < text.length()) {
        next += text.startsWith("\r\n", next) ? 2 : 1;
      }
      lines.add(text.substring(start, keepsEnds ? next : end));
      start = next;
    }
    return counted(run, lines, text);
  }
}
