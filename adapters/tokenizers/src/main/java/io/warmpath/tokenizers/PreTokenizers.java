package io.warmpath.tokenizers;

import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code pre_tokenizer}. */
final class PreTokenizers {

  private static final String SUPPORTED = "Split and Digits before one ByteLevel, which comes last";

  private PreTokenizers() {}

  static PreTokenizer read(Section section) {
    return section.type().equals("Sequence")
        ? sequence(section.objects("pretokenizers"))
        : sequence(List.of(section));
  }

  private static PreTokenizer sequence(List<Section> sections) {
    PreTokenizer all = null;
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      boolean isLast = i == sections.size() - 1;
      if (section.type().equals("ByteLevel") != isLast) {
        throw section.unsupported("type", SUPPORTED);
      }
      PreTokenizer step = step(section);
      all = all == null ? step : all.then(step);
    }
    if (all == null) {
      throw new IllegalArgumentException(
          "tokenizer.json: pre_tokenizer is empty; supported: " + SUPPORTED);
    }
    return all;
  }

  private static PreTokenizer step(Section section) {
    return switch (section.type()) {
      case "ByteLevel" -> byteLevel(section);
      case "Split" -> split(section);
      case "Digits" ->
        new RegexSplit(
            Pattern.compile("\\p{N}"),
            section.flag("individual_digits", false)
                ? SplitBehavior.ISOLATED
                : SplitBehavior.CONTIGUOUS,
            false);
      default -> throw section.unsupported("type", SUPPORTED);
    };
  }

  private static PreTokenizer byteLevel(Section section) {
    PreTokenizer words = section.flag("use_regex", true)
        ? new Gpt2Words()
        : (text, from, to, out) -> out.piece(text, from, to);
    if (!section.flag("add_prefix_space", true)) {
      return words;
    }
    return (text, from, to, out) -> {
      if (text.charAt(from) == ' ') {
        words.split(text, from, to, out);
      } else {
        words.split(" " + text.substring(from, to), 0, to - from + 1, out);
      }
    };
  }

  private static PreTokenizer split(Section section) {
    Section pattern = section.object("pattern");
    SplitBehavior behavior = SplitBehavior.of(section);
    boolean invert = section.flag("invert", false);
    if (pattern.has("String")) {
      return new RegexSplit(
          Pattern.compile(pattern.text("String"), Pattern.LITERAL), behavior, invert);
    }
    String regex = pattern.text("Regex");
    if (behavior == SplitBehavior.ISOLATED) {
      if (regex.equals(Gpt4Words.pattern(1))) {
        return new Gpt4Words(1);
      }
      if (regex.equals(Gpt4Words.pattern(3))) {
        return new Gpt4Words(3);
      }
      if (regex.equals(Gpt2Words.PATTERN)) {
        return new Gpt2Words();
      }
    }
    return new RegexSplit(RegexDialect.compile(pattern.path(), regex), behavior, invert);
  }
}
