package io.warmpath.tokenizers.djl;

import static io.warmpath.tokenizers.djl.Vectors.encode;
import static io.warmpath.tokenizers.djl.Vectors.own;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.token.TokenBuffer;
import io.warmpath.tokenizers.LoadedTokenizer;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers in native code: who gets them, and what may be done with one. */
final class DjlTokenizerTest {

  private static final int THREADS = 4;
  private static final int TEXTS = 400;

  @TempDir
  private Path directory;

  @Test
  void aFileThatPureJavaRefusesIsServedByThisModule() throws IOException {
    LoadedTokenizer loaded = Tokenizers.read(own("own_mistral_style"));

    assertInstanceOf(DjlTokenizer.class, loaded.tokenizer());
    assertEquals("DJL (Hugging Face tokenizers 0.21.0)", loaded.reader());
    assertTrue(loaded.because().startsWith("tokenizer.json: "), loaded.because());
  }

  @Test
  void aFileThatPureJavaTakesIsServedByPureJava() throws IOException {
    assertEquals(
        LoadedTokenizer.PURE_JAVA, Tokenizers.read(own("own_llama3_style")).reader());
  }

  @Test
  void idsAreAppended() throws IOException {
    TokenBuffer out = new TokenBuffer();
    out.add(-5);

    DjlTokenizer.load(own("own_wordpiece")).encode("", true, out);

    assertArrayEquals(new int[] {-5, 2, 3}, out.toArray());
  }

  @Test
  void truncationAndPaddingOfTheFileAreSwitchedOff() throws IOException {
    String json = Files.readString(own("own_wordpiece").resolve("tokenizer.json"))
        .replaceFirst(
            "\"truncation\":\\s*null",
            "\"truncation\": {\"max_length\": 3, \"strategy\": \"LongestFirst\", \"stride\": 0,"
                + " \"direction\": \"Right\"}")
        .replaceFirst(
            "\"padding\":\\s*null",
            "\"padding\": {\"strategy\": {\"Fixed\": 9}, \"direction\": \"Right\","
                + " \"pad_to_multiple_of\": null, \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\":"
                + " \"[PAD]\"}");
    assertTrue(json.contains("\"max_length\": 3") && json.contains("\"Fixed\": 9"));
    Files.writeString(directory.resolve("tokenizer.json"), json);
    String text = "the model and the cache";

    int[] expected = encode(DjlTokenizer.load(own("own_wordpiece")), text, true);
    int[] ids = encode(DjlTokenizer.load(directory), text, true);

    assertTrue(expected.length > 3 && expected.length != 9, () -> "" + expected.length);
    assertArrayEquals(expected, ids);
  }

  @Test
  void aLoneSurrogateCountsAsTheReplacementCharacter() throws IOException {
    DjlTokenizer tokenizer = DjlTokenizer.load(own("own_mistral_style"));

    assertArrayEquals(
        encode(tokenizer, "a\uFFFDb\uFFFD\uD83D\uDE80\uFFFD", false),
        encode(tokenizer, "a\uD83Db\uDE80\uD83D\uDE80\uD83D", false));
  }

  @Test
  void aNullCharacterAndACharacterBeyondTheBmpArriveWhole() throws IOException {
    DjlTokenizer tokenizer = DjlTokenizer.load(own("own_mistral_style"));

    String text = tokenizer.decode(encode(tokenizer, "a\u0000b\uD83D\uDE80c", false));

    assertEquals("a\u0000b\uD83D\uDE80c", text);
  }

  @Test
  void oneTokenizerServesManyThreadsAtOnce() throws Exception {
    DjlTokenizer tokenizer = DjlTokenizer.load(own("own_mistral_style"));
    List<String> texts = new ArrayList<>();
    RandomTexts random = new RandomTexts(20_261_122, List.of("<s>"));
    for (int i = 0; i < TEXTS; i++) {
      texts.add(random.next());
    }
    List<int[]> alone = all(DjlTokenizer.load(own("own_mistral_style")), texts);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    Callable<List<int[]>> task = () -> {
      start.await(10, TimeUnit.SECONDS);
      return all(tokenizer, texts);
    };
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<int[]>>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        results.add(threads.submit(task));
      }
      for (Future<List<int[]>> result : results) {
        List<int[]> ids = result.get(30, TimeUnit.SECONDS);
        for (int i = 0; i < TEXTS; i++) {
          assertArrayEquals(alone.get(i), ids.get(i), texts.get(i));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<int[]> all(DjlTokenizer tokenizer, List<String> texts) {
    return texts.stream().map(text -> encode(tokenizer, text, true)).toList();
  }

  @Test
  void aMissingFileIsAnInputError() {
    assertThrows(NoSuchFileException.class, () -> DjlTokenizer.load(directory));
  }

  @Test
  void aFileThatTheNativeCodeRefusesIsNamedWithItsReason() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer.json"),
        "{\"version\": \"1.0\", \"model\": {\"type\": \"Mine\"}}");

    String message = assertThrows(
            IllegalArgumentException.class, () -> DjlTokenizer.load(directory))
        .getMessage();

    assertTrue(
        message.startsWith("tokenizer.json: not understood by Hugging Face tokenizers 0.21.0: "),
        message);
  }

  @Test
  void aCharacterThatHasNoTokenAtAllIsAnErrorThatSaysSo() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer.json"),
        "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordPiece\","
            + " \"unk_token\": \"[UNK]\", \"continuing_subword_prefix\": \"##\","
            + " \"max_input_chars_per_word\": 100, \"vocab\": {\"a\": 0}}}");
    DjlTokenizer tokenizer = DjlTokenizer.load(directory);

    String message = assertThrows(IllegalStateException.class, () -> encode(tokenizer, "b", false))
        .getMessage();

    assertTrue(message.startsWith("the native tokenizer failed: "), message);
    assertArrayEquals(new int[] {0}, encode(tokenizer, "a", false));
  }

  @Test
  void loadingLeavesTheOfflineSettingOfOthersAsItWas() throws IOException {
    assertNull(System.getProperty("ai.djl.offline"));

    DjlTokenizer.load(own("own_wordpiece"));

    assertNull(System.getProperty("ai.djl.offline"));
  }
}
