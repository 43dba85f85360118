package io.warmpath.tokenizers.djl;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Any {@code tokenizer.json}, through the Rust code of Hugging Face tokenizers that DJL ships as
 * native code (0.21 in DJL 0.38).
 *
 * <p>Truncation and padding settings of the file are switched off, as engines do. A lone surrogate
 * counts as U+FFFD. Nothing is ever downloaded and nothing is sent: the tokenizer is made from the
 * text of the file, past the part of DJL that does either.
 *
 * <p><b>Threads:</b> any number; the native tokenizer is read only after loading, but for a cache of
 * words under its own lock.
 *
 * <p><b>Cost:</b> several times that of the pure Java reader: a call copies the text into native
 * memory and its ids back, as longs. Nothing has to be closed: the native memory is given back when
 * this object is no longer reachable.
 *
 * <p><b>Errors:</b> {@link #encode} throws {@link IllegalStateException} where the native code
 * fails, such as for a character that a vocabulary without an unknown token does not have.
 */
public final class DjlTokenizer implements Tokenizer {

  /** Frees native memory; one thread for all tokenizers. */
  private static final Cleaner CLEANER = Cleaner.create();

  private static final TokenizersLibrary NATIVE = TokenizersLibrary.LIB;

  private final long handle;

  private DjlTokenizer(long handle) {
    this.handle = handle;
    CLEANER.register(this, () -> NATIVE.deleteTokenizer(handle));
  }

  /**
   * Reads the tokenizer of a model.
   *
   * <p><b>Cost:</b> one to three seconds for a vocabulary of 150,000 tokens; the first call in a
   * process unpacks and loads the native library.
   *
   * @param directory folder with a {@code tokenizer.json}; nothing else in it is read
   * @return the tokenizer, for any number of threads
   * @throws IOException if the file is missing or the native library cannot be loaded; the message
   *     says where it is unpacked to and how to choose another place
   * @throws IllegalArgumentException if the native code does not understand the file
   */
  public static DjlTokenizer load(Path directory) throws IOException {
    String json = Files.readString(directory.resolve("tokenizer.json"));
    NativeLibrary.load();
    long handle;
    try {
      handle = NATIVE.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "tokenizer.json: not understood by Hugging Face tokenizers " + NativeLibrary.VERSION
              + ": " + e.getMessage(),
          e);
    }
    DjlTokenizer tokenizer = new DjlTokenizer(handle);
    NATIVE.disableTruncation(handle);
    NATIVE.disablePadding(handle);
    return tokenizer;
  }

  @Override
  public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
    for (long id : ids(WellFormed.of(text), addSpecialTokens)) {
      out.add((int) id);
    }
  }

  private long[] ids(String text, boolean addSpecialTokens) {
    try {
      long encoding = NATIVE.encode(handle, text, addSpecialTokens);
      try {
        return NATIVE.getTokenIds(encoding);
      } finally {
        NATIVE.deleteEncoding(encoding);
      }
    } catch (RuntimeException e) {
      throw new IllegalStateException("the native tokenizer failed: " + e.getMessage(), e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Returns the text that these tokens stand for, special tokens as their content.
   *
   * @param ids token ids
   * @return the text as the file's decoder makes it, which need not be what was encoded
   */
  public String decode(int[] ids) {
    try {
      return NATIVE.decode(handle, Arrays.stream(ids).asLongStream().toArray(), false);
    } catch (RuntimeException e) {
      throw new IllegalStateException("the native tokenizer failed: " + e.getMessage(), e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
