package io.warmpath.tokenizers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The door to chat templates: runs a model's own. */
public final class ChatTemplates {

  private ChatTemplates() {}

  /**
   * Reads the chat template of a model.
   *
   * <p>Looked for in {@code chat_template.jinja} and {@code additional_chat_templates/NAME.jinja}, else in
   * {@code tokenizer_config.json} ({@code chat_template}: a text, or a list with names), else or before it,
   * for requests without tools, in {@code chat_template.json}. Of several, the one named {@code tool_use} is
   * for requests with tools, {@code default} for the others. The special tokens that a template can write
   * are those of {@code tokenizer_config.json}, then {@code special_tokens_map.json}.
   *
   * @param directory folder with the files of a tokenizer
   * @return the template, for any number of threads; its time is that of the system's clock and zone
   * @throws IOException if a file cannot be read, or is not JSON
   * @throws IllegalArgumentException if there is no template, or none named {@code default} among several
   * @throws io.warmpath.template.TemplateException if it is not a Jinja template
   */
  public static JinjaChatTemplate load(Path directory) throws IOException {
    return find(directory)
        .orElseThrow(() -> new IllegalArgumentException(directory
            + ": there is no chat template: looked for chat_template.jinja, chat_template.json and"
            + " chat_template in tokenizer_config.json; without one, chats cannot be rendered"));
  }

  /**
   * Reads the chat template of a model that may have none.
   *
   * @param directory as {@link #load} takes it
   * @return as {@link #load}; empty if there is no template at all
   * @throws IOException as {@link #load} throws it
   * @throws IllegalArgumentException if there is none named {@code default} among several
   */
  static Optional<JinjaChatTemplate> find(Path directory) throws IOException {
    TemplateFiles files = TemplateFiles.read(directory);
    if (files.templates().isEmpty()) {
      return Optional.empty();
    }
    if (!files.templates().containsKey(TemplateFiles.DEFAULT)) {
      throw new IllegalArgumentException(directory
          + ": of several chat templates one must be named 'default'; there are "
          + files.templates().keySet());
    }
    return Optional.of(JinjaChatTemplate.of(files));
  }

  /**
   * Compiles a chat template.
   *
   * @param template in Jinja
   * @param specialTokens texts of special tokens by name, such as {@code bos_token}; they are variables of
   *     the template
   * @return the template, for any number of threads; its time is that of the system's clock and zone
   * @throws io.warmpath.template.TemplateException if it is not a Jinja template
   */
  public static JinjaChatTemplate of(String template, Map<String, String> specialTokens) {
    return JinjaChatTemplate.of(
        new TemplateFiles(Map.of(TemplateFiles.DEFAULT, template), Map.copyOf(specialTokens)));
  }
}
