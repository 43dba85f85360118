package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.request.JsonValues;
import io.warmpath.template.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The door to chat templates: recognizes the form of a model's template and writes prompts of that
 * form.
 *
 * <p>Two forms are known, ChatML as Qwen has it and that of Llama 3. The template itself is not
 * run.
 */
public final class ChatTemplates {

  private static final System.Logger LOG = System.getLogger(ChatTemplates.class.getName());
  private static final String CHATML_MARK = "<|im_start|>";
  private static final String LLAMA3_MARK = "<|start_header_id|>";
  private static final String SUPPORTED =
      "supported: templates with " + CHATML_MARK + " (ChatML) or " + LLAMA3_MARK + " (Llama 3)";

  private ChatTemplates() {}

  /**
   * Finds the chat template of a model.
   *
   * <p>Looked for in {@code chat_template.jinja}, then in {@code tokenizer_config.json} ({@code
   * chat_template}, a text or a list with one named {@code default}). If neither gives one, the
   * added tokens of {@code tokenizer.json} tell the form.
   *
   * @param directory folder with the files of a tokenizer
   * @return the template, for any number of threads; it throws for no conversation, and what its
   *     form cannot show (images, unknown parts) is left out of the prompt
   * @throws IOException if a file cannot be read, or is not JSON
   * @throws IllegalArgumentException if the template has neither form
   */
  public static ChatTemplate load(Path directory) throws IOException {
    String template = templateText(directory);
    if (template == null) {
      return byTokens(directory);
    }
    if (template.contains(CHATML_MARK)) {
      return ChatMlTemplate.of(template);
    }
    if (template.contains(LLAMA3_MARK)) {
      if (template.contains("Cutting Knowledge Date")) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: the chat template writes a date block (Llama 3.1), which our prompts will lack;"
                + " their blocks differ from the engine's",
            directory);
      }
      return new Llama3Template();
    }
    throw new IllegalArgumentException(
        directory + ": the chat template is of no form that is known; " + SUPPORTED);
  }

  private static ChatTemplate byTokens(Path directory) throws IOException {
    Set<String> tokens = addedTokens(directory.resolve("tokenizer.json"));
    if (tokens.contains(CHATML_MARK)) {
      return new ChatMlTemplate(tokens.contains("<think>"), null);
    }
    if (tokens.contains(LLAMA3_MARK)) {
      return new Llama3Template();
    }
    throw new IllegalArgumentException(directory
        + ": there is no chat template, and tokenizer.json has no added token that tells its"
        + " form; "
        + SUPPORTED);
  }

  private static @Nullable String templateText(Path directory) throws IOException {
    Path jinja = directory.resolve("chat_template.jinja");
    if (Files.exists(jinja)) {
      return Files.readString(jinja);
    }
    Path config = directory.resolve("tokenizer_config.json");
    return Files.exists(config) ? defaultOf(member(config, "chat_template")) : null;
  }

  private static @Nullable String defaultOf(@Nullable Object templates) {
    if (templates instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> named
            && "default".equals(named.get("name"))
            && named.get("template") instanceof String text) {
          return text;
        }
      }
      return null;
    }
    return templates instanceof String text ? text : null;
  }

  private static Set<String> addedTokens(Path file) throws IOException {
    Set<String> contents = new HashSet<>();
    if (member(file, "added_tokens") instanceof List<?> tokens) {
      for (Object token : tokens) {
        if (token instanceof Map<?, ?> map && map.get("content") instanceof String content) {
          contents.add(content);
        }
      }
    }
    return contents;
  }

  /** Reads one member of a file's object, skipping the others unread. */
  private static @Nullable Object member(Path file, String name) throws IOException {
    try (JsonParser json = TokenizerJson.parser(file)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(file + ": must be an object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        boolean isWanted = json.currentName().equals(name);
        json.nextToken();
        if (isWanted) {
          return JsonValues.read(json);
        }
        json.skipChildren();
      }
    }
    return null;
  }
}
