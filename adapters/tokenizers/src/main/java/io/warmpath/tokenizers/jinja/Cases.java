package io.warmpath.tokenizers.jinja;

import java.util.Locale;

/** Upper, lower and title case as Python's texts have them. */
final class Cases {

  private Cases() {}

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** {@return one character in title case, which may become several} */
  static String titleCase(String character) {
    int c = character.codePointAt(0);
    int title = Character.toTitleCase(c);
    if (title != c || Character.isTitleCase(c)) {
      return Character.toString(title);
    }
    String upper = character.toUpperCase(Locale.ROOT);
    // Several characters, such as of the German sharp s: only the first is large.
    return upper.length() > character.length()
        ? upper.substring(0, 1) + upper.substring(1).toLowerCase(Locale.ROOT)
        : upper;
  }

  static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean isInside = false;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      String character = Character.toString(c);
      out.append(isInside ? character.toLowerCase(Locale.ROOT) : titleCase(character));
      isInside = isCased(c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  static String swap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      String character = Character.toString(c);
      if (Character.isUpperCase(c)) {
        out.append(character.toLowerCase(Locale.ROOT));
      } else {
        out.append(Character.isLowerCase(c) ? character.toUpperCase(Locale.ROOT) : character);
      }
    });
    return out.toString();
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    boolean isInside = false;
    boolean isAny = false;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      boolean isLarge = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (isLarge == isInside && isCased(c)) {
        return false;
      }
      isAny |= isCased(c);
      isInside = isCased(c);
      i += Character.charCount(c);
    }
    return isAny;
  }

  static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && (text.charAt(0) == '_' || Character.isUnicodeIdentifierStart(text.codePointAt(0)))
        && text.codePoints()
            .allMatch(
                c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }
}
