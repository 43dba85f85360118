package io.warmpath.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.request.JsonValues;
import io.warmpath.token.TokenizedPrompt;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what vLLM answers to {@code …/render} (its {@code GenerateRequest}, a list of them for
 * completions; vLLM 0.33, {@code entrypoints/serve/disagg/protocol.py}) and to {@code /tokenize}.
 */
final class VllmAnswer {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int FIRST_IDS = 1024;

  private VllmAnswer() {}

  /** {@return the prompts of a rendered request} */
  static List<TokenizedPrompt> rendered(byte[] body) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      List<TokenizedPrompt> prompts = new ArrayList<>();
      if (json.nextToken() == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          prompts.add(prompt(json, "token_ids"));
        }
      } else {
        prompts.add(prompt(json, "token_ids"));
      }
      return prompts;
    }
  }

  /** {@return the one prompt of a tokenized text or chat} */
  static List<TokenizedPrompt> tokenized(byte[] body) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      json.nextToken();
      return List.of(prompt(json, "tokens"));
    }
  }

  private static TokenizedPrompt prompt(JsonParser json, String idsName) throws IOException {
    int[] ids = null;
    List<MediaSpan> media = List.of();
    expect(json, JsonToken.START_OBJECT, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(idsName)) {
        ids = ids(json);
      } else if (name.equals("features") && json.currentToken() == JsonToken.START_OBJECT) {
        media = media(JsonValues.read(json));
      } else {
        json.skipChildren();
      }
    }
    if (ids == null) {
      throw new IOException("there is no '" + idsName + "'");
    }
    try {
      return new TokenizedPrompt(ids, media);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("features: " + e.getMessage(), e);
    }
  }

  private static int[] ids(JsonParser json) throws IOException {
    expect(json, JsonToken.START_ARRAY, "a list of token ids");
    int[] ids = new int[FIRST_IDS];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json, JsonToken.VALUE_NUMBER_INT, "a token id");
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = json.getIntValue();
    }
    return Arrays.copyOf(ids, count);
  }

  private static void expect(JsonParser json, JsonToken wanted, String what) throws IOException {
    if (json.currentToken() != wanted) {
      throw new IOException("expected " + what + ", found " + json.currentToken());
    }
  }

  /** Reads {@code mm_hashes} and {@code mm_placeholders}: lists by modality, of equal lengths. */
  private static List<MediaSpan> media(@Nullable Object features) throws IOException {
    List<MediaSpan> spans = new ArrayList<>();
    if (features instanceof Map<?, ?> members
        && members.get("mm_hashes") instanceof Map<?, ?> hashes
        && members.get("mm_placeholders") instanceof Map<?, ?> places) {
      for (Map.Entry<?, ?> modality : hashes.entrySet()) {
        if (!(modality.getValue() instanceof List<?> names)
            || !(places.get(modality.getKey()) instanceof List<?> ranges)
            || names.size() != ranges.size()) {
          throw new IOException(
              "features of '" + modality.getKey() + "' are not as many as places");
        }
        for (int i = 0; i < names.size(); i++) {
          spans.add(span(names.get(i), ranges.get(i)));
        }
      }
    }
    spans.sort(Comparator.comparingInt(MediaSpan::firstToken));
    return spans;
  }

  private static MediaSpan span(@Nullable Object name, @Nullable Object range) throws IOException {
    if (name instanceof String identifier
        && range instanceof Map<?, ?> place
        && place.get("offset") instanceof Long offset
        && place.get("length") instanceof Long length
        && offset == offset.intValue()
        && length == length.intValue()) {
      return new MediaSpan(identifier, offset.intValue(), length.intValue());
    }
    throw new IOException("an item of features has no hash, offset or length");
  }

  /** {@return what an error says: vLLM's message, or the beginning of the body} */
  static String error(HttpResponse<byte[]> answer) {
    try (JsonParser json = JSON.createParser(answer.body())) {
      json.nextToken();
      if (JsonValues.read(json) instanceof Map<?, ?> body
          && body.get("error") instanceof Map<?, ?> error
          && error.get("message") instanceof String message) {
        return message;
      }
    } catch (IOException e) {
      // No JSON: some proxy's page, perhaps.
    }
    byte[] body = answer.body();
    return new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
  }

  /**
   * {@return whether a server does not render} An engine before 0.16 knows no such path and says so in
   * FastAPI's words; one since 0.30 without {@code --enable-scale-out} says 403. A model that is not known
   * is 404 too, in vLLM's words.
   */
  static boolean isUnknownPath(HttpResponse<byte[]> answer) {
    try (JsonParser json = JSON.createParser(answer.body())) {
      json.nextToken();
      return answer.statusCode() == 403
          || !(JsonValues.read(json) instanceof Map<?, ?> body)
          || body.containsKey("detail");
    } catch (IOException e) {
      return true;
    }
  }
}
