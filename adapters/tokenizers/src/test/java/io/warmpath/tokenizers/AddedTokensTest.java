package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is expected was seen with transformers 5.23.0 and tokenizers 0.23: the same tokenizer.json, the
 * same {@code added_tokens_decoder}, {@code AutoTokenizer.from_pretrained}.
 */
final class AddedTokensTest {

  private static final String TEXT = "hi <new1> hello<new2>  <|eot_id|> x the";
  private static final String PLAIN =
      "'single_word': false, 'rstrip': false, 'normalized': false, 'lstrip': false}";
  private static final String STRIPS =
      "'single_word': false, 'rstrip': false, 'normalized': %s, 'lstrip': true}";

  @TempDir
  private Path directory;

  @Test
  void withoutThemTheTextIsTheSame() throws IOException {
    assertIds(
        "", 71, 72, 390, 1013, 86, 16, 29, 220, 261, 75, 366, 27, 1013, 86, 17, 29, 256, 1872, 220,
        87, 285);
  }

  @Test
  void newOnesGetTheNextIdsInTheOrderOfTheirOwn() throws IOException {
    assertIds(
        "'1880': {'content': '<new1>', "
            + PLAIN
            + ", '1875': {'content': '<new2>', "
            + STRIPS.formatted("true"),
        71,
        72,
        220,
        1874,
        220,
        261,
        75,
        366,
        1873,
        256,
        1872,
        220,
        87,
        285);
  }

  @Test
  void knownOnesGetNewFlagsAndTokensOfTheModelKeepTheirIds() throws IOException {
    assertIds(
        "'1872': {'content': '<|eot_id|>', "
            + STRIPS.formatted("false")
            + ", '5': {'content': 'the', "
            + PLAIN,
        71,
        72,
        390,
        1013,
        86,
        16,
        29,
        220,
        261,
        75,
        366,
        27,
        1013,
        86,
        17,
        29,
        1872,
        220,
        87,
        220,
        1458);
  }

  @Test
  void anErrorNamesTheFile() {
    assertEquals(
        "tokenizer_config.json: added_tokens_decoder.7.content must be a string, was null",
        assertThrows(IllegalArgumentException.class, () -> load("'7': {}")).getMessage());
    assertEquals(
        "tokenizer_config.json: added_tokens_decoder: names must be ids, was 'x'",
        assertThrows(IllegalArgumentException.class, () -> load("'x': {}")).getMessage());
  }

  private void assertIds(String tokens, int... ids) throws IOException {
    assertArrayEquals(ids, Golden.encode(load(tokens), TEXT, false));
  }

  private BytePairTokenizer load(String tokens) throws IOException {
    Files.copy(
        Golden.path("tokenizers/own_llama3_style/tokenizer.json"),
        directory.resolve("tokenizer.json"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{'added_tokens_decoder': {%s}}".formatted(tokens).replace('\'', '"'));
    return Tokenizers.pureJava(directory);
  }
}
