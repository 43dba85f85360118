package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokenizer gives the ids of Hugging Face's on the same file, and answers survive a second tokenization. */
class FleetTokenizerTest {

  private final FleetTokenizer tokenizer = FleetTokenizer.load();

  @Test
  void agreesWithTheGoldenVectors() throws IOException {
    Object vectors = Golden.read("tokenizer_vectors.json");

    int checked = 0;
    for (Object vector : Golden.list(vectors, "vectors")) {
      String text = Golden.text(vector, "text");
      int[] ids = Golden.ints(vector, "ids");
      assertArrayEquals(ids, tokenizer.encode(text, false), text);
      int[] special =
          Golden.has(vector, "ids_with_special") ? Golden.ints(vector, "ids_with_special") : ids;
      assertArrayEquals(special, tokenizer.encode(text, true), text);
      assertEquals(
          Golden.has(vector, "decoded") ? Golden.text(vector, "decoded") : text,
          tokenizer.decode(ids));
      checked++;
    }
    assertEquals(Golden.number(vectors, "count"), checked);
  }

  @Test
  void rememberedWordsGiveTheSameIds() {
    String text = "the router routes the 한국어 request, then the same request again";

    assertArrayEquals(tokenizer.encode(text, false), tokenizer.encode(text, false));
    assertEquals(text, tokenizer.decode(tokenizer.encode(text, false)));
  }

  @Test
  void aLongRunOfLettersIsTokenized() {
    String text = "ab".repeat(50_000);

    assertEquals(text, tokenizer.decode(tokenizer.encode(text, false)));
  }

  @Test
  void chatIsRenderedInLlama3Form() {
    List<ChatTurn> turns =
        List.of(new ChatTurn("system", " Be kind.\u00a0\n"), new ChatTurn("user", "Hi\nyou"));

    assertEquals(
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe kind.<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nHi\nyou<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n",
        FleetTokenizer.renderChat(turns, true));
    assertEquals(1, tokenizer.encode("<|eot_id|>", false).length);
  }

  @Test
  void anAnswerInTheNextTurnHasTheTokensThatWereGenerated() {
    for (int seed = 0; seed < 200; seed++) {
      ChatTurn question = new ChatTurn("user", "question number " + seed);
      int[] prompt = tokenizer.encodeChat(List.of(question), true);
      int[] answer = GeneratedAnswer.tokens(tokenizer, prompt, 40);
      String text = GeneratedAnswer.text(tokenizer, prompt, 40);

      int[] next = tokenizer.encodeChat(List.of(question, new ChatTurn("assistant", text)), true);

      int[] expected = new int[prompt.length + answer.length];
      System.arraycopy(prompt, 0, expected, 0, prompt.length);
      System.arraycopy(answer, 0, expected, prompt.length, answer.length);
      assertArrayEquals(
          expected, java.util.Arrays.copyOf(next, expected.length), "question " + seed);
    }
  }

  @Test
  void aCompletionContinuesThePromptByWholeWords() {
    int[] prompt = tokenizer.encode("the quick brown fox", true);
    String text = GeneratedAnswer.text(tokenizer, prompt, 30);

    int[] again = tokenizer.encode("the quick brown fox" + text, true);

    assertTrue(text.matches("( [a-z]{2,}){30}"), text);
    assertArrayEquals(
        GeneratedAnswer.tokens(tokenizer, prompt, 30),
        java.util.Arrays.copyOfRange(again, prompt.length, again.length));
  }

  @Test
  void theDirectoryForOthersHoldsBothFiles(@TempDir Path directory) throws IOException {
    Path target = FleetTokenizer.extractTo(directory.resolve("tokenizer"));

    Object config = Golden.json(Files.readString(target.resolve("tokenizer_config.json")));
    assertTrue(Golden.text(config, "chat_template").contains("<|start_header_id|>"));
    assertEquals(
        "BPE",
        Golden.text(
            Golden.json(Files.readString(target.resolve("tokenizer.json"))), "model", "type"));
  }

  @Test
  void theTokenizerOfAnotherModelIsKept(@TempDir Path directory) throws IOException {
    Path other = Files.writeString(directory.resolve("tokenizer.json"), "{}");

    assertThrows(FileAlreadyExistsException.class, () -> FleetTokenizer.extractTo(directory));
    assertEquals("{}", Files.readString(other));
  }

  @Test
  void itsOwnTokenizerMayBeThereAlready(@TempDir Path directory) throws IOException {
    FleetTokenizer.extractTo(directory);

    assertEquals(directory, FleetTokenizer.extractTo(directory));
  }
}
