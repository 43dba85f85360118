package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a tokenizer.json, and what is refused with which words. */
final class TokenizersTest {

  private static final String BYTE_LEVEL =
      "{'type': 'ByteLevel', 'add_prefix_space': false, 'use_regex': false}";

  @TempDir
  private Path directory;

  @Test
  void mergesMayBeLinesOrPairs() throws IOException {
    String lines = model("'ab': 2, 'abc': 3", "['#version: 0.2', 'a b', 'ab c']");
    String pairs = model("'ab': 2, 'abc': 3", "[['a', 'b'], ['ab', 'c']]");

    assertArrayEquals(new int[] {3, 2}, encode(file(lines, BYTE_LEVEL), "abcab"));
    assertArrayEquals(new int[] {3, 2}, encode(file(pairs, BYTE_LEVEL), "abcab"));
  }

  @Test
  void aWordThatIsATokenNeedsNoMergesIfTheyAreIgnored() throws IOException {
    String model = model("'abc': 3", "[]");

    assertArrayEquals(new int[] {0, 1, 4}, encode(file(model, BYTE_LEVEL), "abc"));
    assertArrayEquals(
        new int[] {3},
        encode(
            file(model.replace("'merges'", "'ignore_merges': true, 'merges'"), BYTE_LEVEL), "abc"));
  }

  @Test
  void namesMayBeEscaped() throws IOException {
    String model = model("'\\u00ff': 2, '\\u0061\\u00FF': 3, '\\/': 5, '\\\\': 6", "['a \\u00ff']");

    assertEquals("a\\/", load(file(model, BYTE_LEVEL)).decode(new int[] {0, 6, 5}));
  }

  @Test
  void mergesMayComeBeforeTheVocabulary() throws IOException {
    String model = "{'type': 'BPE', 'merges': [['a', 'b']], 'vocab': {'a': 0, 'b': 1, 'ab': 2}}";

    assertArrayEquals(new int[] {2, 0}, encode(file(model, BYTE_LEVEL), "aba"));
  }

  @Test
  void tokensThatAreNoBytesAreDecodedAndNeverFound() throws IOException {
    String model = model("'a b': 2, '\u4E2D': 3, '\u4E2Da': 5", "['\u4E2D a']");
    BytePairTokenizer tokenizer = load(file(model, BYTE_LEVEL));

    assertEquals("a b\u4E2D", tokenizer.decode(new int[] {2, 3}));
    assertArrayEquals(new int[] {0, 1}, Golden.encode(tokenizer, "a\u4E2Db", false));
    assertEquals(6, tokenizer.vocabularySize());
  }

  @Test
  void whatIsNoJsonIsAnInputError() throws IOException {
    for (String text : List.of(
        "",
        "{",
        "{'model'",
        "{'model': {'vocab': {'a' 0}}}",
        "{'model': {'vocab': {'a': x}}}",
        "{'model': {'vocab': {'a\\u00g0': 1}}}",
        "{'model': {'vocab': {'a': 1}, 'merges': ['a",
        "{'added_tokens': [}}")) {
      assertThrows(IOException.class, () -> load(text), text);
    }
  }

  @Test
  void anIdThatIsOutOfRangeIsRefused() {
    assertRefused(
        "tokenizer.json: model.vocab['ab'] must be in [0, 2097152), was 2097152",
        file(model("'ab': 2097152", "[]"), BYTE_LEVEL));
  }

  @Test
  void stepsOfANormalizerAreTakenInTurn() throws IOException {
    String normalizer = "{'type': 'Sequence', 'normalizers': [{'type': 'Strip', 'strip_left': true,"
        + " 'strip_right': true}, {'type': 'Replace', 'pattern': {'String': 'x'}, 'content': 'ab'},"
        + " {'type': 'Prepend', 'prepend': 'c'}]}";
    String json = file(model("", "[]"), BYTE_LEVEL)
        .replace("'normalizer': null", "'normalizer': " + normalizer);

    assertArrayEquals(new int[] {4, 0, 1, 1}, encode(json, " \u3000xb\n"));
    assertArrayEquals(new int[] {}, encode(json, " "));
    assertRefused(
        "tokenizer.json: normalizer.normalizers[1].pattern.Regex 'x' is not supported by the pure"
            + " Java reader; supported: a String",
        json.replace("'String'", "'Regex'"));
  }

  @Test
  void aByteWithoutATokenIsLeftOut() throws IOException {
    assertArrayEquals(
        new int[] {2}, encode(file(model("'ab': 2", "['a b']"), BYTE_LEVEL), "a\u00E9b"));
  }

  @Test
  void aPrefixSpaceIsPutBeforeEachPieceThatHasNone() throws IOException {
    String preTokenizer = "{'type': 'ByteLevel', 'add_prefix_space': true, 'use_regex': true}";
    String json = file(model("'\u0120': 5, '\u0120a': 6", "[['\u0120', 'a']]"), preTokenizer)
        .replace("'added_tokens': []", "'added_tokens': [{'id': 9, 'content': '<x>'}]");

    assertArrayEquals(new int[] {6, 9, 6, 9, 6, 0}, encode(json, "a<x> a<x>aa"));
  }

  @Test
  void normalizationComesBeforeTheWords() throws IOException {
    String json = file(model("", "[]"), BYTE_LEVEL);

    assertArrayEquals(new int[] {}, encode(json, "\uFF41"));
    assertArrayEquals(
        new int[] {0},
        encode(json.replace("'normalizer': null", "'normalizer': {'type': 'NFKC'}"), "\uFF41"));
  }

  @Test
  void templatesMayFrameOnBothSides() throws IOException {
    String template =
        "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'B', 'type_id': 0}},"
            + "{'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': 'E', 'type_id': 0}}],"
            + "'special_tokens': {'B': {'id': 'B', 'ids': [7]}, 'E': {'id': 'E', 'ids': [8, 9]}}}";
    String json = file(model("", "[]"), BYTE_LEVEL)
        .replace("'post_processor': null", "'post_processor': " + template);
    BytePairTokenizer tokenizer = load(json);

    assertArrayEquals(new int[] {7, 0, 8, 9}, Golden.encode(tokenizer, "a", true));
    assertArrayEquals(new int[] {0}, Golden.encode(tokenizer, "a", false));
  }

  @Test
  void robertaAndBertFrameOnBothSides() throws IOException {
    for (String type : List.of("RobertaProcessing", "BertProcessing")) {
      String processor = "{'type': '" + type + "', 'sep': ['E', 8], 'cls': ['B', 7]}";
      String json = file(model("", "[]"), BYTE_LEVEL)
          .replace("'post_processor': null", "'post_processor': " + processor);

      assertArrayEquals(new int[] {7, 0, 8}, Golden.encode(load(json), "a", true));
    }
  }

  @Test
  void scriptsAndNegatedPropertiesOfOnigurumaAreUnderstood() throws IOException {
    String split = "{'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'behavior': 'Removed',"
        + " 'invert': false, 'pattern': {'Regex': '\\\\p{Han}+|\\\\p{^L}'}}, "
        + BYTE_LEVEL
        + "]}";

    assertArrayEquals(
        new int[] {0, 1, 0}, encode(file(model("'ab': 2", "['a b']"), split), "a\u4E2Db!a"));
  }

  @Test
  void anotherModelIsRefusedByName() {
    assertRefused(
        "tokenizer.json: model.type 'Unigram' is not supported by the pure Java reader;"
            + " supported: BPE with byte-level pre-tokenizer",
        file("{'type': 'Unigram', 'vocab': [['a', -1.5]]}", BYTE_LEVEL));
  }

  @Test
  void aPreTokenizerWithoutByteLevelIsRefused() {
    String json = file(model("", "[]"), BYTE_LEVEL).replace(BYTE_LEVEL, "null");

    assertRefused(
        "tokenizer.json: pre_tokenizer is null, which is not supported by the pure Java reader;"
            + " supported: one that ends with ByteLevel",
        json);
    assertRefused(
        "tokenizer.json: pre_tokenizer.type 'Metaspace' is not supported by the pure Java reader;"
            + " supported: Split and Digits before one ByteLevel, which comes last",
        file(model("", "[]"), "{'type': 'Metaspace'}"));
  }

  @Test
  void anotherNormalizerIsRefusedWithItsPlaceInTheSequence() {
    String normalizer = "{'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Nmt'}]}";

    assertRefused(
        "tokenizer.json: normalizer.normalizers[1].type 'Nmt' is not supported by the pure Java"
            + " reader; supported: NFC, NFD, NFKC, NFKD, Replace, Prepend, Strip, a Sequence of them, null",
        file(model("", "[]"), BYTE_LEVEL)
            .replace("'normalizer': null", "'normalizer': " + normalizer));
  }

  @Test
  void anIntervalThatJavaWouldPossessIsRefused() {
    String split =
        "{'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'behavior': 'Isolated',"
            + " 'pattern': {'Regex': '\\\\p{N}{1,3}+'}}, "
            + BYTE_LEVEL
            + "]}";

    assertRefused(
        "tokenizer.json: pre_tokenizer.pretokenizers[0].pattern: pattern '\\p{N}{1,3}+' is not"
            + " supported by the pure Java reader ({n}+ repeats in Oniguruma, possesses in Java)",
        file(model("", "[]"), split));
  }

  @Test
  void aMergeOfUnknownTokensIsRefused() {
    assertRefused(
        "tokenizer.json: model.merges[0] must be two tokens of model.vocab that make a third, was"
            + " 'a' and 'z'",
        file(model("", "['a z']"), BYTE_LEVEL));
  }

  @Test
  void anUnknownTokenForMissingBytesIsRefused() {
    String model = model("", "[]").replace("'merges'", "'unk_token': 'a', 'merges'");

    assertRefused(
        "tokenizer.json: model.vocab has only 3 of the 256 byte tokens, and an unk_token or"
            + " byte_fallback for the rest is not supported by the pure Java reader; supported: BPE"
            + " with byte-level pre-tokenizer",
        file(model, BYTE_LEVEL));
  }

  @Test
  void aMissingFileIsAnInputError() {
    assertThrows(IOException.class, () -> Tokenizers.load(directory.resolve("none")));
  }

  private static String model(String moreVocabulary, String merges) {
    return "{'type': 'BPE', 'vocab': {'a': 0, 'b': 1, 'c': 4%s}, 'merges': %s}"
        .formatted(moreVocabulary.isEmpty() ? "" : ", " + moreVocabulary, merges);
  }

  private static String file(String model, String preTokenizer) {
    return "{'added_tokens': [], 'normalizer': null, 'pre_tokenizer': %s, 'post_processor': null, 'model': %s}"
        .formatted(preTokenizer, model);
  }

  private BytePairTokenizer load(String json) throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), json.replace('\'', '"'));
    return Tokenizers.pureJava(directory);
  }

  private int[] encode(String json, String text) throws IOException {
    return Golden.encode(load(json), text, false);
  }

  private void assertRefused(String message, String json) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> load(json)).getMessage());
  }
}
