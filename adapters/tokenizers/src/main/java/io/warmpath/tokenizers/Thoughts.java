package io.warmpath.tokenizers;

/**
 * The two parts of an answer that began with {@code <think>…</think>}, cut as Qwen3's template
 * does.
 */
final class Thoughts {

  private static final String START = "<think>";
  private static final String END = "</think>";

  private Thoughts() {}

  /**
   * {@return what stands between the marks, without line breaks around it; empty if no end mark}
   */
  static String of(String content) {
    int end = content.indexOf(END);
    if (end < 0) {
      return "";
    }
    String before = stripEnd(content.substring(0, end));
    int start = before.lastIndexOf(START);
    return stripStart(start < 0 ? before : before.substring(start + START.length()));
  }

  /**
   * {@return what stands behind the last end mark, without line breaks before it; all if no end
   * mark}
   */
  static String answer(String content) {
    int end = content.lastIndexOf(END);
    return end < 0 ? content : stripStart(content.substring(end + END.length()));
  }

  static String strip(String text) {
    return stripStart(stripEnd(text));
  }

  static String stripStart(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == '\n') {
      start++;
    }
    return text.substring(start);
  }

  private static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(0, end);
  }
}
