package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code tokenizer.json} in one pass and checks that everything in it is understood.
 *
 * <p>Format: the serde form of {@code Tokenizer} in Hugging Face tokenizers 0.23
 * (tokenizers/src/tokenizer/serialization.rs and the {@code serialization.rs} of each part).
 */
final class TokenizerJson {

  private static final int MAX_NAME_CHARS = 1 << 20;
  private static final String MODEL_SUPPORTED = "BPE with byte-level pre-tokenizer";

  private final Map<String, @Nullable Object> parts = new HashMap<>();
  private final Map<String, @Nullable Object> modelParts = new LinkedHashMap<>();
  private final Map<String, Integer> vocabulary = new HashMap<>();
  private final List<String> merges = new ArrayList<>();

  private TokenizerJson() {}

  static BytePairTokenizer read(Path file) throws IOException {
    TokenizerJson reader = new TokenizerJson();
    try (JsonParser json = parser(file)) {
      reader.readParts(json);
    }
    return reader.build();
  }

  /** Opens a JSON file; tokens may be long names of members. */
  static JsonParser parser(Path file) throws IOException {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder().maxNameLength(MAX_NAME_CHARS).build())
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .build()
        .createParser(file.toFile());
  }

  private void readParts(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("tokenizer.json: must be an object");
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("model") && json.currentToken() == JsonToken.START_OBJECT) {
        readModel(json);
      } else {
        parts.put(name, JsonValues.read(json));
      }
    }
  }

  private void readModel(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("vocab") && json.currentToken() == JsonToken.START_OBJECT) {
        readVocabulary(json);
      } else if (name.equals("merges") && json.currentToken() == JsonToken.START_ARRAY) {
        readMerges(json);
      } else if (name.equals("vocab")) {
        json.skipChildren();
      } else {
        modelParts.put(name, JsonValues.read(json));
      }
    }
  }

  private void readVocabulary(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String token = json.currentName();
      json.nextToken();
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        json.skipChildren();
        continue;
      }
      int id = json.getIntValue();
      if (id < 0) {
        throw new IllegalArgumentException(
            "tokenizer.json: model.vocab['%s'] must be at least 0, was %d".formatted(token, id));
      }
      vocabulary.put(token, id);
    }
  }

  /** Reads "a b" or ["a", "b"]; two entries of {@link #merges} each. */
  private void readMerges(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int at = merges.size() / 2;
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        String line = json.getText();
        if (line.startsWith("#version")) {
          continue;
        }
        String[] pair = line.split(" ", -1);
        if (pair.length != 2) {
          throw badMerge(at, line);
        }
        merges.add(pair[0]);
        merges.add(pair[1]);
      } else {
        Object pair = JsonValues.read(json);
        if (!(pair instanceof List<?> list
            && list.size() == 2
            && list.get(0) instanceof String left
            && list.get(1) instanceof String right)) {
          throw badMerge(at, String.valueOf(pair));
        }
        merges.add(left);
        merges.add(right);
      }
    }
  }

  private static IllegalArgumentException badMerge(int at, String found) {
    return new IllegalArgumentException(
        ("tokenizer.json: model.merges[%d] must be two tokens of model.vocab that make a third,"
                + " was %s")
            .formatted(at, found));
  }

  private BytePairTokenizer build() {
    Section model = new Section("model", modelParts);
    checkModel(model);
    int[] byteTokens = byteTokens(model);
    List<AddedToken> added = addedTokens();
    UnicodeForms normalizer = UnicodeForms.read(parts.get("normalizer"));
    if (parts.get("pre_tokenizer") == null) {
      throw new IllegalArgumentException(
          "tokenizer.json: pre_tokenizer is null, which is not supported by the pure Java reader;"
              + " supported: one that ends with ByteLevel");
    }
    return new BytePairTokenizer(
        new AddedTokenMatcher(
            added.stream().filter(token -> !token.normalized()).toList(), text -> text),
        new AddedTokenMatcher(added.stream().filter(AddedToken::normalized).toList(), normalizer),
        normalizer,
        PreTokenizers.read(Section.of("pre_tokenizer", parts.get("pre_tokenizer"))),
        new BytePairModel(
            Vocabulary.of(vocabulary, added),
            mergeTable(),
            byteTokens,
            model.flag("ignore_merges", false)),
        Frame.read(parts.get("post_processor")));
  }

  private void checkModel(Section model) {
    if (!model.has("type") && !merges.isEmpty()) {
      // Files of before 2020 leave the type out; merges are in no other model.
      modelParts.put("type", "BPE");
    }
    if (!model.type().equals("BPE")) {
      throw model.unsupported("type", MODEL_SUPPORTED);
    }
    for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (model.has(affix) && !model.text(affix).isEmpty()) {
        throw model.unsupported(affix, "none, or an empty one");
      }
    }
    if (model.fields().get("dropout") instanceof Number dropout && dropout.doubleValue() != 0) {
      throw model.unsupported("dropout", "none");
    }
  }

  private int[] byteTokens(Section model) {
    int[] tokens = new int[256];
    Arrays.fill(tokens, -1);
    int found = 0;
    for (char c = 0; c < 0x144; c++) {
      Integer id = ByteAlphabet.byteOf(c) < 0 ? null : vocabulary.get(String.valueOf(c));
      if (id != null) {
        tokens[ByteAlphabet.byteOf(c)] = id;
        found++;
      }
    }
    if (found < 256 && (model.has("unk_token") || model.flag("byte_fallback", false))) {
      throw new IllegalArgumentException("tokenizer.json: model.vocab has only "
          + found
          + " of the 256 byte tokens, and an unk_token or byte_fallback for the rest is not"
          + " supported by the pure Java reader; supported: "
          + MODEL_SUPPORTED);
    }
    return tokens;
  }

  private MergeTable mergeTable() {
    MergeTable table = new MergeTable(merges.size() / 2);
    for (int i = 0; i < merges.size(); i += 2) {
      Integer left = vocabulary.get(merges.get(i));
      Integer right = vocabulary.get(merges.get(i + 1));
      Integer result = vocabulary.get(merges.get(i) + merges.get(i + 1));
      if (left == null || right == null || result == null) {
        throw badMerge(i / 2, "'" + merges.get(i) + "' and '" + merges.get(i + 1) + "'");
      }
      table.add(left, right, result);
    }
    return table;
  }

  private List<AddedToken> addedTokens() {
    if (parts.get("added_tokens") == null) {
      return List.of();
    }
    Map<String, Object> root = Map.of("added_tokens", parts.get("added_tokens"));
    return new Section("tokenizer", root)
        .objects("added_tokens").stream()
            .map(AddedToken::of)
            .filter(token -> !token.content().isEmpty())
            .toList();
  }
}
