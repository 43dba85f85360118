package io.warmpath.tokenizers.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.golden.GoldenJson;
import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.LoadedTokenizer;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pure Java reader gives the ids that native code gives.
 *
 * <p>{@code -Dwarmpath.fuzz=200000} compares that many texts a tokenizer, {@code
 * -Dwarmpath.fuzz.seed=N} other ones; {@code -Dwarmpath.tokenizers=DIR} adds DIR/qwen3.
 */
final class ReadersFuzzTest {

  private static final int TEXTS = Integer.getInteger("warmpath.fuzz", 20_000);
  private static final long SEED = Long.getLong("warmpath.fuzz.seed", 20_261_122L);

  /** Texts of one seed; batches run side by side. */
  private static final int BATCH = 1_000;

  private static final String GPT4 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  @TempDir
  private Path directory;

  /** Both readers of one file. */
  private record Readers(
      String name, Tokenizer pureJava, Tokenizer inNativeCode, List<String> specials) {

    static Readers of(String name, Path directory) throws IOException {
      Object json = GoldenJson.parse(Files.readAllBytes(directory.resolve("tokenizer.json")));
      LoadedTokenizer loaded = Tokenizers.read(directory);
      assertEquals(LoadedTokenizer.PURE_JAVA, loaded.reader(), loaded.because());
      return new Readers(
          name,
          loaded.tokenizer(),
          DjlTokenizer.load(directory),
          GoldenJson.list(json, "added_tokens").stream()
              .map(token -> GoldenJson.text(token, "content"))
              .toList());
    }

    boolean differ(String text) {
      return !Arrays.equals(
          Vectors.encode(pureJava, text, true), Vectors.encode(inNativeCode, text, true));
    }
  }

  private Stream<Readers> ownAndGiven() throws IOException {
    Stream.Builder<Readers> all = Stream.builder();
    for (String name : List.of("own_gpt2_style", "own_llama3_style")) {
      all.add(Readers.of(name, Vectors.own(name)));
    }
    Path given = Vectors.tokenizer("qwen3").orElse(null);
    if (given != null) {
      all.add(Readers.of("qwen3", given));
    }
    return Stream.concat(all.build(), revealing());
  }

  private Stream<Readers> revealing() throws IOException {
    Path gpt2 = Files.createDirectories(directory.resolve("gpt2"));
    Path gpt4 = Files.createDirectories(directory.resolve("gpt4"));
    return Stream.of(
        Readers.of("gpt2", RevealingTokenizer.write(gpt2, "", "null")),
        Readers.of("gpt4", RevealingTokenizer.write(gpt4, GPT4, "{\"type\": \"NFC\"}")));
  }

  @TestFactory
  Stream<DynamicTest> randomTextsGiveTheSameIds() throws IOException {
    return ownAndGiven()
        .map(readers -> DynamicTest.dynamicTest(
            readers.name(),
            () -> IntStream.range(0, TEXTS / BATCH).parallel().forEach(batch -> {
              long seed = SEED + batch;
              RandomTexts texts = new RandomTexts(seed, readers.specials());
              for (int step = 0; step < BATCH; step++) {
                check(readers, texts.next(), "seed " + seed + " step " + step);
              }
            })));
  }

  /** With 1114112 texts or more at each code point, else at one of every few. */
  @TestFactory
  Stream<DynamicTest> eachCharacterIsOfTheSameClass() throws IOException {
    int stride = Math.max(1, Character.MAX_CODE_POINT / TEXTS);
    return revealing()
        .map(readers -> DynamicTest.dynamicTest(readers.name(), () -> {
          for (int c = (int) (SEED % stride); c <= Character.MAX_CODE_POINT; c += stride) {
            boolean isSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (!isSurrogate) {
              String s = Character.toString(c);
              check(
                  readers,
                  s + "a" + s + "1" + s + "!" + s + "  a\u0301" + s + "\u0334" + s + "\u0301",
                  "U+%04X".formatted(c));
            }
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> textsWithLoneSurrogatesGiveTheSameIds() throws IOException {
    return ownAndGiven()
        .map(readers -> DynamicTest.dynamicTest(readers.name(), () -> {
          RandomTexts texts = new RandomTexts(SEED, readers.specials());
          Random random = new Random(SEED);
          for (int step = 0; step < TEXTS / 10; step++) {
            StringBuilder text = new StringBuilder(texts.next());
            for (int i = random.nextInt(1, 4); i > 0; i--) {
              text.insert(random.nextInt(text.length() + 1), (char)
                  random.nextInt(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1));
            }
            check(readers, text.toString(), "seed " + SEED + " step " + step);
          }
        }));
  }

  @TestFactory
  Stream<DynamicTest> theVectorsOfTheOriginalAreThoseOfTheOlderNativeCode() throws IOException {
    return Stream.of("own_gpt2_style", "own_llama3_style", "qwen3")
        .flatMap(name -> Vectors.tokenizer(name).stream())
        .filter(folder -> Files.exists(folder.resolve("vectors.json")))
        .map(folder -> DynamicTest.dynamicTest(String.valueOf(folder.getFileName()), () -> {
          DjlTokenizer tokenizer = DjlTokenizer.load(folder);
          Object file = GoldenJson.parse(Files.readAllBytes(folder.resolve("vectors.json")));
          for (Object vector : GoldenJson.list(file, "vectors")) {
            Vectors.check(tokenizer, vector);
          }
        }));
  }

  private static void check(Readers readers, String text, String where) {
    if (readers.differ(text)) {
      String smallest = Shrinking.smallest(text, readers::differ);
      assertArrayEquals(
          Vectors.encode(readers.inNativeCode(), smallest, true),
          Vectors.encode(readers.pureJava(), smallest, true),
          () -> "%s, %s: '%s' = %s"
              .formatted(readers.name(), where, smallest, Shrinking.escaped(smallest)));
    }
  }
}
