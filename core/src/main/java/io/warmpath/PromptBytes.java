package io.warmpath;

import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.token.TokenBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt's text as if four bytes of UTF-8 were a token: what is matched where the tokens are not known,
 * as the approximate prefix plugin of the Kubernetes endpoint picker does it (llm-d, token-producer with
 * backend "estimate", approx-prefix-cache-producer).
 *
 * <p>A chat is its tools, then the values of message after message, without the members' names. Other than
 * in the Kubernetes picker each value ends with a byte that no text has, so that two texts in a row
 * are not one; tool calls count; and {@code cache_control}, which clients move from turn to turn, does not.
 *
 * <p><b>Threads:</b> one at a time. <b>Cost:</b> one pass over the text, without allocation but for
 * numbers.
 */
final class PromptBytes {

  /** No byte of UTF-8. */
  private static final int END = 0xFF;

  private static final String NOT_COUNTED = "cache_control";

  private final TokenBuffer out;
  private int word;
  private int bits;

  /**
   * @param out where the words go
   */
  PromptBytes(TokenBuffer out) {
    this.out = out;
  }

  /** Appends a chat. */
  void chat(InferenceRequest request) {
    value(request.tools());
    for (ChatMessage message : request.messages()) {
      text(message.role());
      for (Map.Entry<String, @Nullable Object> field : message.fields().entrySet()) {
        if (!field.getKey().equals("role") && !field.getKey().equals(NOT_COUNTED)) {
          value(field.getValue());
        }
      }
    }
    finish();
  }

  /** Appends a prompt in words. */
  void prompt(String prompt) {
    text(prompt);
    finish();
  }

  private void value(@Nullable Object value) {
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Map<?, ?> members) {
      for (Map.Entry<?, ?> member : members.entrySet()) {
        if (!NOT_COUNTED.equals(member.getKey())) {
          value(member.getValue());
        }
      }
    } else if (value instanceof List<?> entries) {
      for (int i = 0; i < entries.size(); i++) {
        value(entries.get(i));
      }
    } else if (value != null) {
      text(value.toString());
    }
  }

  /** Half a surrogate pair becomes three bytes as any other character; only that it is the same counts. */
  private void text(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      int c = text.charAt(i);
      if (c < 0x80) {
        put(c);
      } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
      } else if (Character.isHighSurrogate((char) c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int codePoint = Character.toCodePoint((char) c, text.charAt(++i));
        put(0xF0 | codePoint >> 18);
        put(0x80 | (codePoint >> 12 & 0x3F));
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
      } else {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
      }
    }
    put(END);
  }

  private void put(int value) {
    word |= value << bits;
    bits += Byte.SIZE;
    if (bits == Integer.SIZE) {
      out.add(word);
      word = 0;
      bits = 0;
    }
  }

  /** The last bytes count as a whole token. */
  private void finish() {
    if (bits > 0) {
      out.add(word);
    }
    word = 0;
    bits = 0;
  }
}
