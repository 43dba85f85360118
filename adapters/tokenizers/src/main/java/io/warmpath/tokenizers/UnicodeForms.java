package io.warmpath.tokenizers;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads {@code normalizer}: none, or Unicode normalization forms in a row. */
final class UnicodeForms implements UnaryOperator<String> {

  private static final char FIRST_NOT_ASCII = 0x80;

  private final List<Normalizer.Form> forms;

  private UnicodeForms(List<Normalizer.Form> forms) {
    this.forms = List.copyOf(forms);
  }

  static UnicodeForms read(@Nullable Object normalizer) {
    List<Normalizer.Form> forms = new ArrayList<>();
    if (normalizer != null) {
      collect(Section.of("normalizer", normalizer), forms);
    }
    return new UnicodeForms(forms);
  }

  private static void collect(Section section, List<Normalizer.Form> forms) {
    switch (section.type()) {
      case "NFC", "NFD", "NFKC", "NFKD" -> forms.add(Normalizer.Form.valueOf(section.type()));
      case "Sequence" -> section.objects("normalizers").forEach(part -> collect(part, forms));
      default ->
        throw section.unsupported("type", "NFC, NFD, NFKC, NFKD, a Sequence of them, null");
    }
  }

  /** {@return the text in all forms; the same object if that changes nothing} */
  @Override
  public String apply(String text) {
    if (forms.isEmpty() || isAscii(text)) {
      return text;
    }
    String normalized = text;
    for (Normalizer.Form form : forms) {
      if (!Normalizer.isNormalized(normalized, form)) {
        normalized = Normalizer.normalize(normalized, form);
      }
    }
    return normalized;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_NOT_ASCII) {
        return false;
      }
    }
    return true;
  }
}
