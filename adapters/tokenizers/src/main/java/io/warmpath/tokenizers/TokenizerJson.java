package io.warmpath.tokenizers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final String MODEL_SUPPORTED = "BPE with byte-level pre-tokenizer";

  private final Map<String, @Nullable Object> parts = new HashMap<>();
  private final Map<String, @Nullable Object> modelParts = new LinkedHashMap<>();
  private final ModelReader model;

  private final Map<?, ?> config;

  private TokenizerJson(ModelReader model, Map<?, ?> config) {
    this.model = model;
    this.config = config;
  }

  static BytePairTokenizer read(Path directory) throws IOException {
    byte[] file = Files.readAllBytes(directory.resolve("tokenizer.json"));
    JsonCursor json = new JsonCursor("tokenizer.json", file);
    TokenizerJson reader = new TokenizerJson(
        new ModelReader(json, file.length),
        JsonFile.members(directory.resolve("tokenizer_config.json")));
    reader.readParts(json, file.length);
    return reader.build();
  }

  private void readParts(JsonCursor json, int length) throws IOException {
    if (json.peek() != '{') {
      Object unused = json.read(0, length); // throws if it is no JSON at all
      throw new IllegalArgumentException("tokenizer.json: must be an object");
    }
    json.expect('{');
    for (boolean first = true; json.hasNext(first, '}'); first = false) {
      String name = json.name();
      if (name.equals("model") && json.peek() == '{') {
        readModel(json);
      } else {
        parts.put(name, value(json));
      }
    }
  }

  private void readModel(JsonCursor json) throws IOException {
    json.expect('{');
    for (boolean first = true; json.hasNext(first, '}'); first = false) {
      String name = json.name();
      byte start = json.peek();
      if (name.equals("vocab") && start == '{') {
        model.readVocabulary();
      } else if (name.equals("vocab")) {
        json.span();
      } else if (name.equals("merges") && start == '[') {
        model.readMerges();
      } else {
        modelParts.put(name, value(json));
      }
    }
  }

  private static @Nullable Object value(JsonCursor json) throws IOException {
    int length = json.span();
    return json.read(json.at() - length, length);
  }

  private BytePairTokenizer build() throws IOException {
    Section section = new Section("model", modelParts);
    checkModel(section);
    Vocabulary vocabulary = model.vocabulary();
    int[] byteTokens = byteTokens(section);
    List<AddedToken> added = addedTokens(vocabulary);
    added.forEach(token -> vocabulary.addOther(token.id(), ByteAlphabet.bytes(token.content())));
    Normalization normalization = Normalization.read(parts.get("normalizer"));
    if (parts.get("pre_tokenizer") == null) {
      throw new IllegalArgumentException(
          "tokenizer.json: pre_tokenizer is null, which is not supported by the pure Java reader;"
              + " supported: one that ends with ByteLevel");
    }
    return new BytePairTokenizer(
        new AddedTokenMatcher(
            added.stream().filter(token -> !token.normalized()).toList(), text -> text),
        new AddedTokenMatcher(
            added.stream().filter(AddedToken::normalized).toList(), normalization),
        normalization,
        PreTokenizers.read(Section.of("pre_tokenizer", parts.get("pre_tokenizer"))),
        new BytePairModel(
            vocabulary, model.merges(), byteTokens, section.flag("ignore_merges", false)),
        Frame.read(parts.get("post_processor")));
  }

  private void checkModel(Section section) {
    if (!section.has("type") && model.hasMerges()) {
      // Files of before 2020 leave the type out; merges are in no other model.
      modelParts.put("type", "BPE");
    }
    if (!section.type().equals("BPE")) {
      throw section.unsupported("type", MODEL_SUPPORTED);
    }
    for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (section.has(affix) && !section.text(affix).isEmpty()) {
        throw section.unsupported(affix, "none, or an empty one");
      }
    }
    if (section.fields().get("dropout") instanceof Number dropout && dropout.doubleValue() != 0) {
      throw section.unsupported("dropout", "none");
    }
  }

  private int[] byteTokens(Section section) {
    int[] tokens = model.byteTokens();
    long found = Arrays.stream(tokens).filter(token -> token >= 0).count();
    if (found < tokens.length
        && (section.has("unk_token") || section.flag("byte_fallback", false))) {
      throw new IllegalArgumentException("tokenizer.json: model.vocab has only "
          + found
          + " of the 256 byte tokens, and an unk_token or byte_fallback for the rest is not"
          + " supported by the pure Java reader; supported: "
          + MODEL_SUPPORTED);
    }
    return tokens;
  }

  private List<AddedToken> addedTokens(Vocabulary vocabulary) {
    if (parts.get("added_tokens") == null) {
      return AddedTokens.with(config, List.of(), vocabulary);
    }
    Map<String, Object> root = Map.of("added_tokens", parts.get("added_tokens"));
    return AddedTokens.with(
        config,
        new Section("tokenizer", root)
            .objects("added_tokens").stream()
                .map(AddedToken::of)
                .filter(token -> !token.content().isEmpty())
                .toList(),
        vocabulary);
  }
}
