package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.warmpath.request.JsonValues;
import io.warmpath.token.TokenBuffer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The golden files and what the tests do with them. */
final class Golden {

  private Golden() {}

  static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name), name)
          .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<?, ?> read(Path file) throws IOException {
    return (Map<?, ?>) Objects.requireNonNull(parse(Files.readString(file)));
  }

  static @Nullable Object parse(String text) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.nextToken();
      return JsonValues.read(json);
    }
  }

  static int[] ints(@Nullable Object list) {
    return ((List<?>) Objects.requireNonNull(list))
        .stream().mapToInt(id -> ((Long) id).intValue()).toArray();
  }

  static int[] encode(BytePairTokenizer tokenizer, String text, boolean addSpecialTokens) {
    TokenBuffer out = new TokenBuffer();
    tokenizer.encode(text, addSpecialTokens, out);
    return out.toArray();
  }
}
