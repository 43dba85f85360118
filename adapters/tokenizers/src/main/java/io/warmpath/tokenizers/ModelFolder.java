package io.warmpath.tokenizers;

import io.warmpath.ModelReader;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads models for {@link io.warmpath.RouterBuilder#tokenizer(Path)}: the service of this module. */
public final class ModelFolder implements ModelReader {

  /** Creates the reader. */
  public ModelFolder() {}

  @Override
  public Tokenizer tokenizer(Path directory) throws IOException {
    return Tokenizers.load(directory);
  }

  @Override
  public Optional<ChatTemplate> template(Path directory) throws IOException {
    return ChatTemplates.find(directory).map(template -> template);
  }
}
