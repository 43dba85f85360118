package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class Llama3TemplateTest {

  private static final String MESSAGES = """
      [{"role": "system", "content": " Be brief.\\n"}, {"role": "user", "content": "\\u00a0Hi \\n there "}]""";

  @Test
  void writesHeadsAndTrimmedContents() throws IOException {
    assertEquals(
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nHi \n there<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n",
        render(Map.of("add_generation_prompt", true)));
  }

  @Test
  void continuingEndsBehindTheContent() throws IOException {
    assertEquals(
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nHi \n there",
        render(Map.of("add_generation_prompt", true, "continue_final_message", true)));
  }

  @Test
  void headsBecomeSpecialTokens() throws IOException {
    BytePairTokenizer tokenizer = Tokenizers.pureJava(Golden.path("tokenizers/own_llama3_style"));

    int[] ids = Golden.encode(tokenizer, render(Map.of()), false);

    assertArrayEquals(new int[] {1868, 1870}, new int[] {ids[0], ids[1]});
    assertEquals(1872, ids[ids.length - 1]);
  }

  private static String render(Map<String, ?> options) throws IOException {
    StringBuilder out = new StringBuilder();
    new Llama3Template().render(Chats.of(Golden.parse(MESSAGES), options), out);
    return out.toString();
  }
}
