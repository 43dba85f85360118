package io.warmpath.tokenizers;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Oniguruma patterns, as {@code tokenizer.json} has them, as {@code java.util.regex} patterns.
 *
 * <p>Classes mean Unicode ({@code \s} is White_Space), {@code .} stops at line feeds only, {@code
 * ^} and {@code $} match at lines, scripts are written with Is. What would compile to another
 * meaning is refused.
 */
final class RegexDialect {

  private static final int FLAGS =
      Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES | Pattern.MULTILINE;
  private static final String BARE_WORD = "[\\w\u00B2\u00B3\u00B9\u00BC-\u00BE]";
  private static final String NO_BARE_WORD = "[^\\w\u00B2\u00B3\u00B9\u00BC-\u00BE]";
  private static final Pattern NEGATED_PROPERTY = Pattern.compile("\\\\p\\{\\^(\\w+)}");
  private static final Pattern SCRIPT = Pattern.compile("\\\\([pP])\\{(\\p{Lu}\\p{Ll}\\p{Ll}+)}");
  private static final Map<Pattern, String> NOT_ALIKE = Map.of(
      Pattern.compile("\\[\\[:"), "[[:...:]] is to be written as \\p{...}",
      Pattern.compile("\\{\\d*,?\\d*}\\+"), "{n}+ repeats in Oniguruma, possesses in Java",
      Pattern.compile("\\\\[hH]"), "\\h is a hexadecimal digit in Oniguruma, a space in Java",
      Pattern.compile("\\\\K"), "\\K is not in Java");

  private RegexDialect() {}

  /**
   * Translates a pattern.
   *
   * @param where path of the pattern, for the message
   */
  static Pattern compile(String where, String onig) {
    NOT_ALIKE.forEach((construct, why) -> {
      if (construct.matcher(onig).find()) {
        throw refused(where, onig, why);
      }
    });
    String java = NEGATED_PROPERTY.matcher(onig).replaceAll("\\\\P{$1}");
    java = SCRIPT.matcher(java).replaceAll(RegexDialect::script);
    java = bareWords(java);
    try {
      return Pattern.compile(java, FLAGS);
    } catch (PatternSyntaxException e) {
      throw refused(where, onig, e.getDescription());
    }
  }

  /**
   * Six characters of Latin-1 are {@code \w} in Oniguruma, but not {@code [\w]}: it has a table of its
   * own for single bytes (measured, tokenizers 0.23.3).
   */
  private static String bareWords(String pattern) {
    StringBuilder out = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        String escape = pattern.substring(i, i + 2);
        boolean isBareWord = depth == 0 && escape.equalsIgnoreCase("\\w");
        out.append(isBareWord ? escape.equals("\\w") ? BARE_WORD : NO_BARE_WORD : escape);
        i++;
        continue;
      }
      depth += c == '[' ? 1 : c == ']' && depth > 0 ? -1 : 0;
      out.append(c);
    }
    return out.toString();
  }

  /** Alpha, Alnum and their like mean the same in both; other long names are scripts. */
  private static String script(MatchResult match) {
    String name = match.group(2);
    boolean posix = switch (name) {
      case "Alpha", "Alnum", "Digit", "Lower", "Upper", "Punct", "Space" -> true;
      default -> false;
    };
    return "\\\\" + match.group(1) + "{" + (posix ? name : "Is" + name) + "}";
  }

  private static IllegalArgumentException refused(String where, String pattern, String why) {
    return new IllegalArgumentException(
        "tokenizer.json: %s: pattern '%s' is not supported by the pure Java reader (%s)"
            .formatted(where, pattern, why));
  }
}
