package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens around a text, from {@code post_processor}.
 *
 * @param before ids before the text; shared, never changed
 * @param after ids behind the text; shared, never changed
 */
record Frame(int[] before, int[] after) {

  private static final Frame NONE = new Frame(new int[0], new int[0]);

  static Frame read(@Nullable Object postProcessor) {
    return postProcessor == null ? NONE : of(Section.of("post_processor", postProcessor));
  }

  private static Frame of(Section section) {
    return switch (section.type()) {
      case "ByteLevel" -> NONE;
      case "TemplateProcessing" -> template(section);
      case "RobertaProcessing", "BertProcessing" ->
        new Frame(new int[] {pairId(section, "cls")}, new int[] {pairId(section, "sep")});
      case "Sequence" -> {
        Frame all = NONE;
        for (Section processor : section.objects("processors")) {
          Frame outer = of(processor);
          all = new Frame(join(outer.before, all.before), join(all.after, outer.after));
        }
        yield all;
      }
      default ->
        throw section.unsupported(
            "type",
            "ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing, Sequence, null");
    };
  }

  /** {@return the id of a member such as {@code ["<s>", 0]}} */
  private static int pairId(Section section, String name) {
    if (section.fields().get(name) instanceof List<?> pair
        && pair.size() == 2
        && pair.get(1) instanceof Long id) {
      return id.intValue();
    }
    throw section.wrong(name, "must be a token and its id");
  }

  private static Frame template(Section section) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    int texts = 0;
    for (Section piece : section.objects("single")) {
      if (piece.has("Sequence")) {
        texts++;
        continue;
      }
      String name = piece.object("SpecialToken").text("id");
      Section token = section.object("special_tokens").object(name);
      if (!(token.fields().get("ids") instanceof List<?> ids)) {
        throw token.wrong("ids", "must be an array");
      }
      for (Object id : ids) {
        if (!(id instanceof Long number)) {
          throw token.wrong("ids", "must hold integers");
        }
        (texts == 0 ? before : after).add(number.intValue());
      }
    }
    if (texts != 1) {
      throw section.unsupported("single", "a template with the text in it exactly once");
    }
    return new Frame(ints(before), ints(after));
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] join(int[] first, int[] second) {
    int[] joined = new int[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Override
  public String toString() {
    return "Frame[%d before, %d after]".formatted(before.length, after.length);
  }
}
