package io.warmpath.tokenizers;

import io.warmpath.token.Tokenizer;
import java.util.Objects;
import java.util.Optional;

/**
 * A tokenizer, and who reads it.
 *
 * @param tokenizer for any number of threads
 * @param reader {@link #PURE_JAVA}, or the name of the {@link TokenizerProvider} that took it
 * @param because why this reader: what the pure Java one refused, or that it refused nothing
 */
public record LoadedTokenizer(Tokenizer tokenizer, String reader, String because) {

  /** The reader in this module. */
  public static final String PURE_JAVA = "pure Java";

  /** Checks that nothing is missing. */
  public LoadedTokenizer {
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(reader, "reader");
    Objects.requireNonNull(because, "because");
  }

  /** {@return what it remembers of texts; empty if it is of a kind that remembers none} */
  public Optional<TokenCacheStats> cache() {
    return tokenizer instanceof CachingTokenizer caching
        ? Optional.of(caching.stats())
        : Optional.empty();
  }
}
