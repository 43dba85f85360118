package io.warmpath.tokenizers;

import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.template.ChatTemplate;
import java.util.List;

/**
 * The form of Llama 3: {@code <|start_header_id|>role<|end_header_id|>}, an empty line, the content
 * without white space around it, {@code <|eot_id|>}.
 *
 * <p>Source: "Meta Llama 3, prompt format" (llama.meta.com, April 2024) and the chat template of
 * the first Llama 3 models. Tools and the date block of Llama 3.1 are not written.
 */
final class Llama3Template implements ChatTemplate {

  @Override
  public void render(InferenceRequest request, StringBuilder out) {
    render(ClientConversation.of(request).asEngineSees(), out);
  }

  void render(ClientConversation conversation, StringBuilder out) {
    List<ChatMessage> messages = conversation.messages();
    out.append("<|begin_of_text|>");
    for (int i = 0; i < messages.size(); i++) {
      writeHead(messages.get(i).role(), out);
      out.append(trimmed(ClientConversation.text(messages.get(i))));
      if (!conversation.endsInside(i)) {
        out.append("<|eot_id|>");
      }
    }
    if (conversation.endsWithAnswerHead()) {
      writeHead("assistant", out);
    }
  }

  private static void writeHead(String role, StringBuilder out) {
    out.append("<|start_header_id|>").append(role).append("<|end_header_id|>\n\n");
  }

  /** Trims as Python's {@code str.strip} does: White_Space and the separators U+001C to U+001F. */
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isTrimmed(text.charAt(start))) {
      start++;
    }
    while (end > start && isTrimmed(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isTrimmed(char c) {
    return Characters.isSpace(c) || (c >= 0x1C && c <= 0x1F);
  }
}
