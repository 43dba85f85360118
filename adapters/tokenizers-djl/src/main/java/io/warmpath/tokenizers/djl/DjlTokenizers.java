package io.warmpath.tokenizers.djl;

import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.TokenizerProvider;
import java.io.IOException;
import java.nio.file.Path;

/** Offers {@link DjlTokenizer} to {@link io.warmpath.tokenizers.Tokenizers}, which finds it. */
public final class DjlTokenizers implements TokenizerProvider {

  /** Creates the provider; the native library is loaded with the first tokenizer. */
  public DjlTokenizers() {}

  @Override
  public String name() {
    return "DJL (Hugging Face tokenizers " + NativeLibrary.VERSION + ")";
  }

  @Override
  public Tokenizer load(Path directory) throws IOException {
    return DjlTokenizer.load(directory);
  }
}
