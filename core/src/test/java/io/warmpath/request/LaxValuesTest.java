package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of other types than the API says, taken as pydantic 2.14 takes them (its own answers). */
class LaxValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'true'|true", "'TRUE'|true", "'tRue'|true", "'1'|true", "'on'|true", "'t'|true",
        "'y'|true", "'yes'|true", "1|true", "1.0|true", "true|true", "'False'|false",
        "'0'|false", "'Off'|false", "'f'|false", "'n'|false", "'no'|false", "0|false",
        "0.0|false", "-0.0|false"
      })
  void aFlagMayBeWrittenInOtherWays(String value, boolean expected) {
    assertEquals(expected, parse("'stream':" + value).stream());
  }

  @ParameterizedTest
  @ValueSource(strings = {"' true '", "''", "2", "0.5", "[]", "{}", "'truely'", "-1"})
  void whatIsNoFlagIsRefused(String value) {
    assertThrows(BadRequestException.class, () -> parse("'stream':" + value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'7'|7",
        "'+7'|7",
        "' 7 '|7",
        "'1_000'|1000",
        "'7.0'|7",
        "'7.00'|7",
        "true|1",
        "false|0",
        "7.0|7",
        "1e3|1000",
        "'07'|7",
        "'-0'|0",
        "'\\t7\\n'|7",
        "'2147483647'|2147483647"
      })
  void anIntegerMayBeWrittenInOtherWays(String value, int expected) {
    assertEquals(expected, parse("'max_tokens':" + value).maxTokens());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'7.5'",
        "'7.'",
        "' '",
        "''",
        "'0x7'",
        "'1e3'",
        "'1__0'",
        "'_1'",
        "'--1'",
        "'1 0'",
        "'.0'",
        "'7.0e0'",
        "'+ 7'",
        "7.5",
        "1e30",
        "'2147483648'",
        "'-1'",
        "{}",
        "'\uFF19'"
      })
  void whatIsNoCountIsRefused(String value) {
    assertThrows(BadRequestException.class, () -> parse("'max_tokens':" + value));
  }

  @Test
  void tokenIdsMayBeOtherNumbersButAListOfTextsIsOneOfTexts() {
    assertIds("[1.0,2.0]", 1, 2);
    assertIds("[1,'2']", 1, 2);
    assertIds("[2.0,'3']", 2, 3);
    assertIds("[true]", 1);
    assertIds("[[1.0,'2']]", 1, 2);
    assertEquals(List.of(new Prompt.Text("1")), parsePrompt("['1']").prompts());
  }

  private static void assertIds(String prompt, int... ids) {
    assertArrayEquals(ids, ((Prompt.Tokens) parsePrompt(prompt).prompts().get(0)).ids());
  }

  private static InferenceRequest parse(String member) {
    return body("{'model':'m','prompt':'x'," + member + "}");
  }

  private static InferenceRequest parsePrompt(String prompt) {
    return body("{'model':'m','prompt':" + prompt + "}");
  }

  private static InferenceRequest body(String body) {
    return InferenceRequest.parse(
        Api.COMPLETIONS,
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }
}
