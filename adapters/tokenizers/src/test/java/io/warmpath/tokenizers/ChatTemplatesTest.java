package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChatTemplatesTest {

  @TempDir
  private Path directory;

  @Test
  void theTextOfTheConfigurationTellsTheForm() throws IOException {
    write("tokenizer_config.json", "{'pad': {'a': [1]}, 'chat_template': '<|im_start|>'}");
    assertInstanceOf(ChatMlTemplate.class, ChatTemplates.load(directory));

    write("tokenizer_config.json", "{'chat_template': '<|start_header_id|>'}");
    assertInstanceOf(Llama3Template.class, ChatTemplates.load(directory));
  }

  @Test
  void ofSeveralTemplatesTheDefaultCounts() throws IOException {
    write(
        "tokenizer_config.json",
        "{'chat_template': [{'name': 'rag', 'template': 'x'},"
            + " {'name': 'default', 'template': '<|start_header_id|>'}]}");

    assertInstanceOf(Llama3Template.class, ChatTemplates.load(directory));
  }

  @Test
  void aFileOfItsOwnComesFirst() throws IOException {
    write("tokenizer_config.json", "{'chat_template': '<|start_header_id|>'}");
    write("chat_template.jinja", "<|im_start|>");

    assertInstanceOf(ChatMlTemplate.class, ChatTemplates.load(directory));
  }

  @Test
  void withoutATemplateTheAddedTokensTellTheForm() throws IOException {
    assertInstanceOf(
        Llama3Template.class, ChatTemplates.load(Golden.path("tokenizers/own_llama3_style")));
  }

  @Test
  void anUnknownFormIsRefused() throws IOException {
    write("tokenizer_config.json", "{'chat_template': '[INST]'}");

    assertEquals(
        directory
            + ": the chat template is of no form that is known; supported: templates with"
            + " <|im_start|> (ChatML) or <|start_header_id|> (Llama 3)",
        assertThrows(IllegalArgumentException.class, () -> ChatTemplates.load(directory))
            .getMessage());
  }

  @Test
  void aTokenizerThatTellsNoFormIsRefused() {
    Path gpt2 = Golden.path("tokenizers/own_gpt2_style");

    assertEquals(
        gpt2
            + ": there is no chat template, and tokenizer.json has no added token that tells its form;"
            + " supported: templates with <|im_start|> (ChatML) or <|start_header_id|> (Llama 3)",
        assertThrows(IllegalArgumentException.class, () -> ChatTemplates.load(gpt2))
            .getMessage());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text.replace('\'', '"'));
  }
}
