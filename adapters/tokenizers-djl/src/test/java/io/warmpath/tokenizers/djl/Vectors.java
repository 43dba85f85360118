package io.warmpath.tokenizers.djl;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.text;
import static io.warmpath.golden.GoldenJson.tokens;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.golden.GoldenFiles;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.BytePairTokenizer;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tokenizers at hand, and the comparison with what the original made of the same texts. */
final class Vectors {

  private Vectors() {}

  /** {@return the folder with a tokenizer.json: of the vectors, of the tokenizers given, or ours} */
  static Optional<Path> tokenizer(String name) {
    for (Optional<Path> given : List.of(
        GoldenFiles.directory().map(vectors -> vectors.resolve("tokenizers")),
        GoldenFiles.directory("warmpath.tokenizers"))) {
      Optional<Path> found = given
          .map(directory -> directory.resolve(name))
          .filter(directory -> Files.exists(directory.resolve("tokenizer.json")));
      if (found.isPresent()) {
        return found;
      }
    }
    return Vectors.class.getResource("/golden/tokenizers/" + name + "/tokenizer.json") == null
        ? Optional.empty()
        : Optional.of(own(name));
  }

  /** {@return the folder of a tokenizer in the test resources} */
  static Path own(String name) {
    URL file = Objects.requireNonNull(
        Vectors.class.getResource("/golden/tokenizers/" + name + "/tokenizer.json"), name);
    try {
      return Objects.requireNonNull(Path.of(file.toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static int[] encode(Tokenizer tokenizer, CharSequence text, boolean addSpecialTokens) {
    TokenBuffer out = new TokenBuffer();
    tokenizer.encode(text, addSpecialTokens, out);
    return out.toArray();
  }

  static void check(Tokenizer tokenizer, Object vector) {
    String text = text(vector, "text");
    int[] ids = tokens(at(vector, "ids"));
    Object framed = find(vector, "ids_with_special");
    Object decoded = find(vector, "decoded");

    assertArrayEquals(ids, encode(tokenizer, text, false), () -> "ids of '" + text + "'");
    assertArrayEquals(
        framed == null ? ids : tokens(framed),
        encode(tokenizer, text, true),
        () -> "framed ids of '" + text + "'");
    assertEquals(decoded == null ? text : decoded, decode(tokenizer, ids));
  }

  private static String decode(Tokenizer tokenizer, int[] ids) {
    return tokenizer instanceof BytePairTokenizer pureJava
        ? pureJava.decode(ids)
        : ((DjlTokenizer) tokenizer).decode(ids);
  }
}
