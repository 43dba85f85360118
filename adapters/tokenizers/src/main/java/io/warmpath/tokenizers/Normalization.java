package io.warmpath.tokenizers;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is done to text before it is cut into words: the steps of {@code normalizer}, in order.
 *
 * <p>Read-only once built. Cost: a look at each char of text that is normalized already; what has to
 * be changed is copied.
 */
final class Normalization implements UnaryOperator<String> {

  private static final String SUPPORTED =
      "NFC, NFD, NFKC, NFKD, Replace, Prepend, Strip, a Sequence of them, null";

  private final List<UnicodeForm> forms;
  private final List<UnaryOperator<String>> steps;

  private Normalization(List<UnaryOperator<String>> steps) {
    this.steps = List.copyOf(steps);
    this.forms = steps.stream()
        .filter(UnicodeForm.class::isInstance)
        .map(UnicodeForm.class::cast)
        .toList();
  }

  static Normalization read(@Nullable Object normalizer) {
    List<UnaryOperator<String>> steps = new ArrayList<>();
    if (normalizer != null) {
      collect(Section.of("normalizer", normalizer), steps);
    }
    return new Normalization(steps);
  }

  private static void collect(Section section, List<UnaryOperator<String>> steps) {
    switch (section.type()) {
      case "NFC", "NFD", "NFKC", "NFKD" ->
        steps.add(new UnicodeForm(Normalizer.Form.valueOf(section.type())));
      case "Sequence" -> section.objects("normalizers").forEach(part -> collect(part, steps));
      case "Prepend" -> {
        String before = section.text("prepend");
        steps.add(text -> text.isEmpty() ? text : before + text);
      }
      case "Replace" -> steps.add(replace(section));
      case "Strip" -> {
        boolean left = section.flag("strip_left", true);
        boolean right = section.flag("strip_right", true);
        steps.add(text -> strip(text, left, right));
      }
      default -> throw section.unsupported("type", SUPPORTED);
    }
  }

  private static UnaryOperator<String> replace(Section section) {
    String content = section.text("content");
    Section pattern = section.object("pattern");
    if (!pattern.has("String")) {
      throw pattern.unsupported("Regex", "a String");
    }
    String wanted = pattern.text("String");
    if (wanted.isEmpty()) {
      throw pattern.wrong("String", "must not be empty");
    }
    return text -> text.replace(wanted, content);
  }

  private static String strip(String text, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && Characters.isSpace(text.charAt(from))) {
      from++;
    }
    while (right && from < to && Characters.isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** {@return whether {@link #apply} would leave this text as it is, for sure} */
  boolean isDone(char[] text, int from, int to) {
    if (!isOfForms()) {
      return false;
    }
    for (int i = 0; i < forms.size(); i++) {
      if (!forms.get(i).isDone(text, from, to)) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether there are no other steps than Unicode normalization forms} */
  boolean isOfForms() {
    return forms.size() == steps.size();
  }

  /** {@return whether some form may change a text because of this character} */
  boolean mayChange(int codePoint) {
    for (int i = 0; i < forms.size(); i++) {
      if (forms.get(i).mayChange(codePoint)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String apply(String text) {
    String normalized = text;
    for (UnaryOperator<String> step : steps) {
      normalized = step.apply(normalized);
    }
    return normalized;
  }
}
