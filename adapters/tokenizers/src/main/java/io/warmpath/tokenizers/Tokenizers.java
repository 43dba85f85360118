package io.warmpath.tokenizers;

import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** The door to tokenizers that are read from files. */
public final class Tokenizers {

  /** Most memory for pieces of text that were tokenized before: 64 MiB. */
  public static final long DEFAULT_CACHE_BYTES = 64L << 20;

  private static final String WHOLLY_UNDERSTOOD = "everything in tokenizer.json is understood";
  private static final String NO_PROVIDER =
      "; add io.warmpath:warmpath-tokenizers-djl to the class path, which reads it in native code";

  private Tokenizers() {}

  /**
   * Reads the tokenizer of a model; {@link #read} says as well who serves it.
   *
   * <p><b>Cost:</b> in pure Java about half a second in a fresh JVM and, for the time of loading,
   * less than 40 MB for a vocabulary of 150,000 tokens; some 16 MB afterwards.
   *
   * @param directory folder with a {@code tokenizer.json} in the format of Hugging Face tokenizers
   *     and, if there are any, the added tokens of a {@code tokenizer_config.json}
   * @return the tokenizer, for any number of threads
   * @throws IOException if the file is missing or is not JSON, or a provider cannot start
   * @throws IllegalArgumentException if it asks for something that no reader at hand does exactly;
   *     the message names the part of the file and what is supported
   */
  public static Tokenizer load(Path directory) throws IOException {
    return read(directory).tokenizer();
  }

  /**
   * Reads the tokenizer of a model with the pure Java reader or, where that refuses the file, with
   * the first {@link TokenizerProvider} on the class path that takes it.
   *
   * <p>The file alone decides: the pure Java reader takes what it does exactly and refuses the rest
   * by name, so that the same file has the same reader on every machine.
   *
   * @param directory as {@link #load} takes it
   * @return the tokenizer, who serves it, and why
   * @throws IOException as {@link #load} throws it
   * @throws IllegalArgumentException as {@link #load} throws it
   */
  public static LoadedTokenizer read(Path directory) throws IOException {
    return read(directory, DEFAULT_CACHE_BYTES);
  }

  /**
   * Reads the tokenizer of a model as {@link #read(Path)} does.
   *
   * @param directory as {@link #load} takes it
   * @param cacheBytes most that the pure Java reader may keep of texts that it has seen, at least 0; 0 for
   *     none. A conversation of 32,000 tokens takes some 140 KB
   * @return the tokenizer, who serves it, and why
   * @throws IOException as {@link #load} throws it
   * @throws IllegalArgumentException as {@link #load} throws it, or if {@code cacheBytes} is negative
   */
  public static LoadedTokenizer read(Path directory, long cacheBytes) throws IOException {
    if (cacheBytes < 0) {
      throw new IllegalArgumentException("cacheBytes: must be at least 0, was " + cacheBytes);
    }
    return read(
        directory,
        cacheBytes,
        ServiceLoader.load(TokenizerProvider.class, TokenizerProvider.class.getClassLoader()));
  }

  static LoadedTokenizer read(
      Path directory, long cacheBytes, Iterable<TokenizerProvider> providers) throws IOException {
    try {
      BytePairTokenizer pureJava = pureJava(directory);
      return new LoadedTokenizer(
          cacheBytes == 0 ? pureJava : CachingTokenizer.of(pureJava, cacheBytes),
          LoadedTokenizer.PURE_JAVA,
          WHOLLY_UNDERSTOOD);
    } catch (IllegalArgumentException refusal) {
      return provided(directory, providers, refusal);
    }
  }

  private static LoadedTokenizer provided(
      Path directory, Iterable<TokenizerProvider> providers, IllegalArgumentException refusal)
      throws IOException {
    String because = String.valueOf(refusal.getMessage());
    StringBuilder refusals = new StringBuilder(because);
    boolean isFound = false;
    for (TokenizerProvider provider : providers) {
      isFound = true;
      try {
        return new LoadedTokenizer(provider.load(directory), provider.name(), because);
      } catch (IllegalArgumentException further) {
        refusals.append("; ").append(provider.name()).append(": ").append(further.getMessage());
      }
    }
    if (!isFound) {
      refusals.append(NO_PROVIDER);
    }
    throw new IllegalArgumentException(refusals.toString(), refusal);
  }

  /** The pure Java reader alone. */
  static BytePairTokenizer pureJava(Path directory) throws IOException {
    return TokenizerJson.read(directory);
  }
}
