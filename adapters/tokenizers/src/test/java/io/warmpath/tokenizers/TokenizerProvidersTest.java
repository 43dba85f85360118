package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads which file. */
final class TokenizerProvidersTest {

  private static final String UNIGRAM = "{'model': {'type': 'Unigram', 'vocab': [['a', -1.5]]}}";
  private static final String REFUSAL =
      "tokenizer.json: model.type 'Unigram' is not supported by the pure Java reader; supported: BPE"
          + " with byte-level pre-tokenizer";
  private static final long CACHE = Tokenizers.DEFAULT_CACHE_BYTES;
  private static final Tokenizer TOKENIZER = (text, addSpecialTokens, out) -> out.add(7);

  @TempDir
  private Path directory;

  @Test
  void aFileThatPureJavaTakesIsNotOffered() throws IOException {
    LoadedTokenizer loaded = Tokenizers.read(
        Golden.path("tokenizers/own_llama3_style"), CACHE, List.of(provider("other", null)));

    assertInstanceOf(CachingTokenizer.class, loaded.tokenizer());
    assertEquals("pure Java", loaded.reader());
    assertEquals("everything in tokenizer.json is understood", loaded.because());
  }

  @Test
  void withoutMemoryForTextsNoneIsRemembered() throws IOException {
    Path own = Golden.path("tokenizers/own_llama3_style");

    LoadedTokenizer loaded = Tokenizers.read(own, 0);

    assertInstanceOf(BytePairTokenizer.class, loaded.tokenizer());
    assertEquals(Optional.empty(), loaded.cache());
    assertEquals(
        "cacheBytes: must be at least 0, was -1",
        assertThrows(IllegalArgumentException.class, () -> Tokenizers.read(own, -1))
            .getMessage());
  }

  @Test
  void aFileThatPureJavaRefusesIsReadByTheFirstProviderThatTakesIt() throws IOException {
    write(UNIGRAM);

    LoadedTokenizer loaded = Tokenizers.read(
        directory,
        CACHE,
        List.of(
            provider("first", new IllegalArgumentException("not mine")), provider("second", null)));

    assertSame(TOKENIZER, loaded.tokenizer());
    assertEquals("second", loaded.reader());
    assertEquals(REFUSAL, loaded.because());
  }

  @Test
  void withoutAProviderTheErrorNamesTheModuleToAdd() throws IOException {
    write(UNIGRAM);

    String message = assertThrows(IllegalArgumentException.class, () -> Tokenizers.load(directory))
        .getMessage();

    assertEquals(
        REFUSAL
            + "; add io.warmpath:warmpath-tokenizers-djl to the class path, which reads it in native"
            + " code",
        message);
  }

  @Test
  void whereAllRefuseTheErrorSaysWhatEachSaid() throws IOException {
    write(UNIGRAM);

    String message = assertThrows(
            IllegalArgumentException.class,
            () -> Tokenizers.read(
                directory,
                CACHE,
                List.of(provider("other", new IllegalArgumentException("not mine")))))
        .getMessage();

    assertEquals(REFUSAL + "; other: not mine", message);
  }

  @Test
  void aFileThatIsNotJsonIsNotOffered() throws IOException {
    write("no JSON");

    assertThrows(
        IOException.class,
        () -> Tokenizers.read(directory, CACHE, List.of(provider("other", null))));
  }

  private void write(String json) throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), json.replace('\'', '"'));
  }

  private static TokenizerProvider provider(
      String name, @Nullable IllegalArgumentException refusal) {
    return new TokenizerProvider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Tokenizer load(Path directory) {
        if (refusal != null) {
          throw refusal;
        }
        return TOKENIZER;
      }
    };
  }
}
