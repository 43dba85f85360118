package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Normal forms and words are those of the original, whatever Unicode version the JDK has. */
final class GoldenPiecesTest {

  private final Map<?, ?> file;

  GoldenPiecesTest() throws IOException {
    file = Golden.read(Golden.path("pieces.json"));
  }

  @Test
  void textsHaveTheNormalFormsOfTheOriginal() {
    int changed = 0;
    for (Normalizer.Form name : Normalizer.Form.values()) {
      UnicodeForm form = new UnicodeForm(name);
      for (Map<?, ?> one : cases()) {
        String text = text(one);
        Object expected = one.get(name.name());
        changed += expected == null ? 0 : 1;

        assertEquals(expected == null ? text : expected, form.apply(text));
        if (form.isDone(text.toCharArray(), 0, text.length())) {
          assertEquals(null, expected, () -> name + " of '" + text + "' is not done");
        }
      }
    }
    assertEquals(true, changed > 400, "texts that change");
  }

  @Test
  void textsHaveTheWordsOfTheOriginal() {
    Map<?, ?> patterns = (Map<?, ?>) Objects.requireNonNull(file.get("patterns"));
    for (Map.Entry<?, ?> pattern : patterns.entrySet()) {
      PreTokenizer words = preTokenizer((List<?>) pattern.getValue());
      for (Map<?, ?> one : cases()) {
        String text = text(one);
        Map<?, ?> ends = (Map<?, ?>) Objects.requireNonNull(one.get("ends"));
        List<Long> found = new ArrayList<>();
        words.split(
            text.toCharArray(),
            0,
            text.length(),
            (t, from, to) -> found.add((long) Character.codePointCount(t, 0, to)));

        assertEquals(
            ends.get(pattern.getKey()), found, () -> pattern.getKey() + " of '" + text + "'");
      }
    }
    assertEquals(7, patterns.size());
  }

  /** {@return the steps, read as from a file} */
  private static PreTokenizer preTokenizer(List<?> patterns) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Object pattern : patterns) {
      steps.add(
          Map.of("type", "Split", "behavior", "Isolated", "pattern", Map.of("Regex", pattern)));
    }
    steps.add(Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", false));
    Map<String, Object> sequence = new HashMap<>();
    sequence.put("type", "Sequence");
    sequence.put("pretokenizers", steps);
    return PreTokenizers.read(Section.of("pre_tokenizer", sequence));
  }

  private List<Map<?, ?>> cases() {
    List<Map<?, ?>> cases = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(file.get("cases")))
        .forEach(one -> cases.add((Map<?, ?>) one));
    assertEquals(400, cases.size());
    return cases;
  }

  private static String text(Map<?, ?> one) {
    return (String) Objects.requireNonNull(one.get("text"));
  }
}
