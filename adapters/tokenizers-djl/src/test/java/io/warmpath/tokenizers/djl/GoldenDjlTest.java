package io.warmpath.tokenizers.djl;

import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.parse;

import io.warmpath.golden.GoldenFiles;
import io.warmpath.golden.GoldenReport;
import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole files of texts and what they become, of every tokenizer but the pure Java reader's own. */
@Tag("golden")
final class GoldenDjlTest {

  /** Checked in the module of the pure Java reader. */
  private static final Set<String> PURE_JAVA =
      Set.of("own_gpt2_style", "own_llama3_style", "qwen3");

  private static final List<String> COVERED =
      List.of("minilm_l6_v2", "own_mistral_style", "own_unigram", "own_wordpiece");

  @Test
  void textsBecomeTheIdsOfTheOriginal() {
    for (String name : GoldenFiles.names("tokenizers", true, COVERED)) {
      if (!PURE_JAVA.contains(name)) {
        String file = "tokenizers/" + name + "/vectors.json";
        GoldenReport.file(file, bytes -> check(file, name, parse(bytes)));
      }
    }
  }

  private static void check(String file, String name, Object vectors) {
    Optional<Path> directory = Vectors.tokenizer(name);
    if (directory.isEmpty()) {
      GoldenReport.absent("tokenizers/" + name + "/tokenizer.json");
      return;
    }
    Tokenizer tokenizer = load(directory.get());
    GoldenReport.cases(
        file,
        longNumber(vectors, "count"),
        list(vectors, "vectors"),
        vector -> Vectors.check(tokenizer, vector));
  }

  private static Tokenizer load(Path directory) {
    try {
      return Tokenizers.load(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
