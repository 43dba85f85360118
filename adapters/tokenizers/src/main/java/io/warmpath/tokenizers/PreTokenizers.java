package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code pre_tokenizer}. */
final class PreTokenizers {

  private static final String SUPPORTED = "Split and Digits before one ByteLevel, which comes last";

  /** Leaves text as it is; needs no other step behind it. */
  private static final PreTokenizer WHOLE = (text, from, to, out) -> out.piece(text, from, to);

  /** The patterns that are done by hand, applied with behaviour Isolated. */
  private static final Map<String, PreTokenizer> BY_HAND = byHand();

  private PreTokenizers() {}

  private static Map<String, PreTokenizer> byHand() {
    Map<String, PreTokenizer> byHand = new HashMap<>();
    byHand.put(Gpt2Words.PATTERN, new Gpt2Words());
    for (int maxDigits : new int[] {1, 3}) {
      for (boolean flag : new boolean[] {false, true}) {
        byHand.put(Gpt4Words.pattern(maxDigits, flag), new Gpt4Words(maxDigits, flag));
        byHand.put(CasedWords.pattern(maxDigits, flag), new CasedWords(maxDigits, flag));
      }
    }
    return Map.copyOf(byHand);
  }

  static PreTokenizer read(Section section) {
    return section.type().equals("Sequence")
        ? sequence(section.objects("pretokenizers"))
        : sequence(List.of(section));
  }

  private static PreTokenizer sequence(List<Section> sections) {
    List<PreTokenizer> steps = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      boolean isLast = i == sections.size() - 1;
      if (section.type().equals("ByteLevel") != isLast) {
        throw section.unsupported("type", SUPPORTED);
      }
      PreTokenizer step = step(section);
      if (step != WHOLE) {
        steps.add(step);
      }
    }
    if (sections.isEmpty()) {
      throw new IllegalArgumentException(
          "tokenizer.json: pre_tokenizer is empty; supported: " + SUPPORTED);
    }
    if (isolated(sections).equals(DeepSeekWords.PATTERNS)) {
      steps.subList(0, DeepSeekWords.PATTERNS.size()).clear();
      steps.add(0, new DeepSeekWords());
    }
    return steps.stream().reduce(PreTokenizer::then).orElse(WHOLE);
  }

  /** {@return the patterns of the splits that the steps begin with and that isolate their matches} */
  private static List<String> isolated(List<Section> sections) {
    List<String> patterns = new ArrayList<>();
    for (Section section : sections) {
      if (!section.type().equals("Split")
          || section.flag("invert", false)
          || SplitBehavior.of(section) != SplitBehavior.ISOLATED
          || !section.object("pattern").has("Regex")) {
        break;
      }
      patterns.add(section.object("pattern").text("Regex"));
    }
    return patterns;
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
    PreTokenizer words = section.flag("use_regex", true) ? new Gpt2Words() : WHOLE;
    if (!section.flag("add_prefix_space", true)) {
      return words;
    }
    return (text, from, to, out) -> {
      if (text[from] == ' ') {
        words.split(text, from, to, out);
      } else {
        char[] spaced = new char[to - from + 1];
        spaced[0] = ' ';
        System.arraycopy(text, from, spaced, 1, to - from);
        words.split(spaced, 0, spaced.length, out);
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
    PreTokenizer byHand = BY_HAND.get(regex);
    if (byHand != null && behavior == SplitBehavior.ISOLATED) {
      return byHand;
    }
    return new RegexSplit(RegexDialect.compile(pattern.path(), regex), behavior, invert);
  }
}
