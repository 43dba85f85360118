package io.warmpath.tokenizers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chat templates and special tokens in a model's folder, as transformers 5.23 reads them.
 *
 * @param templates texts by name, none if the model has none
 * @param specialTokens texts by name, such as {@code bos_token}
 */
record TemplateFiles(Map<String, String> templates, Map<String, String> specialTokens) {

  static final String DEFAULT = "default";
  static final String WITH_TOOLS = "tool_use";

  private static final String JINJA = ".jinja";

  /** transformers' SPECIAL_TOKENS_ATTRIBUTES: those that go into a template. */
  private static final List<String> TOKENS = List.of(
      "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

  static TemplateFiles read(Path directory) throws IOException {
    Map<?, ?> config = JsonFile.members(directory.resolve("tokenizer_config.json"));
    Map<String, String> templates = ofFiles(directory);
    if (templates.isEmpty()) {
      templates = ofConfig(config.get("chat_template"));
      addProcessors(
          JsonFile.members(directory.resolve("chat_template.json")).get("chat_template"),
          templates);
    }
    return new TemplateFiles(
        templates, tokens(config, JsonFile.members(directory.resolve("special_tokens_map.json"))));
  }

  private static Map<String, String> ofFiles(Path directory) throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    Path main = directory.resolve("chat_template" + JINJA);
    if (Files.exists(main)) {
      templates.put(DEFAULT, Files.readString(main));
    }
    Path more = directory.resolve("additional_chat_templates");
    if (Files.isDirectory(more)) {
      try (Stream<Path> files = Files.list(more)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(JINJA)) {
            templates.put(
                name.substring(0, name.length() - JINJA.length()), Files.readString(file));
          }
        }
      }
    }
    return templates;
  }

  private static Map<String, String> ofConfig(@Nullable Object given) {
    Map<String, String> templates = new LinkedHashMap<>();
    if (given instanceof String text) {
      templates.put(DEFAULT, text);
    } else if (given instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> named
            && named.get("name") instanceof String name
            && named.get("template") instanceof String text) {
          templates.put(name, text);
        }
      }
    }
    return templates;
  }

  /** The template of a processor is taken where a request has no tools, as vLLM does. */
  private static void addProcessors(@Nullable Object given, Map<String, String> templates) {
    if (given instanceof String text) {
      String tokenizers = templates.put(DEFAULT, text);
      if (tokenizers != null) {
        templates.putIfAbsent(WITH_TOOLS, tokenizers);
      }
    }
  }

  private static Map<String, String> tokens(Map<?, ?> config, Map<?, ?> map) {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : TOKENS) {
      String text = content(config.containsKey(name) ? config.get(name) : map.get(name));
      if (text != null) {
        tokens.put(name, text);
      }
    }
    return tokens;
  }

  private static @Nullable String content(@Nullable Object token) {
    if (token instanceof Map<?, ?> map) {
      return map.get("content") instanceof String text ? text : null;
    }
    return token instanceof String text ? text : null;
  }
}
