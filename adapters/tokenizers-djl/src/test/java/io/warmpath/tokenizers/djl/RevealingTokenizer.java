package io.warmpath.tokenizers.djl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A byte-level {@code tokenizer.json} whose merges show where the pre-tokenizer cuts.
 *
 * <p>Every byte of a character beyond ASCII merges with an ASCII letter, digit, mark or space that
 * stands beside it in the same word, so that a different class of one character gives other ids.
 */
final class RevealingTokenizer {

  private static final String NEIGHBOURS = "a1! \n/";

  private RevealingTokenizer() {}

  /**
   * Writes the file.
   *
   * @param pattern of a Split before the byte level; empty for the byte level's own
   * @param normalizer JSON
   */
  static Path write(Path directory, String pattern, String normalizer) throws IOException {
    List<String> bytes = bytes();
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    bytes.forEach(token -> vocabulary.put(token, vocabulary.size()));
    List<String> merges = new ArrayList<>();
    for (byte neighbour : NEIGHBOURS.getBytes(StandardCharsets.US_ASCII)) {
      String plain = bytes.get(neighbour);
      for (int i = 0x80; i < 0x100; i++) {
        boolean isFirstOfCharacter = i >= 0xC0;
        String left = isFirstOfCharacter ? plain : bytes.get(i);
        String right = isFirstOfCharacter ? bytes.get(i) : plain;
        vocabulary.put(left + right, vocabulary.size());
        merges.add(quoted(left + " " + right));
      }
    }
    String split = pattern.isEmpty()
        ? ""
        : "{\"type\": \"Split\", \"pattern\": {\"Regex\": " + quoted(pattern)
            + "}, \"behavior\": \"Isolated\", \"invert\": false}, ";
    String json = "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null,"
        + " \"added_tokens\": [], \"normalizer\": " + normalizer
        + ", \"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [" + split
        + "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true,"
        + " \"use_regex\": " + pattern.isEmpty()
        + "}]}, \"post_processor\": null, \"decoder\": {\"type\": \"ByteLevel\","
        + " \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true},"
        + " \"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null,"
        + " \"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, \"fuse_unk\": false,"
        + " \"byte_fallback\": false, \"ignore_merges\": false, \"vocab\": {"
        + vocabulary.entrySet().stream()
            .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
            .collect(Collectors.joining(", "))
        + "}, \"merges\": [" + String.join(", ", merges) + "]}}";
    Files.writeString(directory.resolve("tokenizer.json"), json);
    return directory;
  }

  /** GPT-2's {@code bytes_to_unicode}: what shows a byte, in the order of the bytes. */
  private static List<String> bytes() {
    List<String> bytes = new ArrayList<>();
    char next = 0x100;
    for (char b = 0; b < 0x100; b++) {
      boolean isShown = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      bytes.add(String.valueOf(isShown ? b : next++));
    }
    return bytes;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
