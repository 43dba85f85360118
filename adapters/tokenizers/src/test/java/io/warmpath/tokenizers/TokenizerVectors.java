package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Compares a tokenizer with what the original made of the same texts. */
final class TokenizerVectors {

  private TokenizerVectors() {}

  /** {@return how many texts were compared, all of them equal} */
  static int check(Path directory) throws IOException {
    BytePairTokenizer tokenizer = Tokenizers.pureJava(directory);
    List<?> vectors = (List<?>)
        Objects.requireNonNull(Golden.read(directory.resolve("vectors.json")).get("vectors"));
    for (Object vector : vectors) {
      check(tokenizer, (Map<?, ?>) vector);
    }
    return vectors.size();
  }

  static void check(BytePairTokenizer tokenizer, Map<?, ?> vector) {
    String text = (String) Objects.requireNonNull(vector.get("text"));
    int[] ids = Golden.ints(vector.get("ids"));
    Object framed = vector.get("ids_with_special");
    Object decoded = vector.get("decoded");

    assertArrayEquals(ids, Golden.encode(tokenizer, text, false), () -> "ids of '" + text + "'");
    assertArrayEquals(ids, Golden.encode(tokenizer, text, false), () -> "cached '" + text + "'");
    assertArrayEquals(
        framed == null ? ids : Golden.ints(framed),
        Golden.encode(tokenizer, text, true),
        () -> "framed ids of '" + text + "'");
    assertEquals(decoded == null ? text : decoded, tokenizer.decode(ids));
  }
}
