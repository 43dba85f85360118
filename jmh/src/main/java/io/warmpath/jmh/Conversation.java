package io.warmpath.jmh;

import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.token.TokenBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A chat of 20 turns whose last message begins with a number, in two forms: as a chat to be rendered
 * and tokenized, and as a completion of the same token ids. All before the last message stays the
 * same from call to call; the number makes the last message new.
 *
 * <p>Not thread-safe: the bodies are written to.
 */
final class Conversation {

  private static final int TURNS = 20;

  /** The assistant has not answered the last. */
  private static final int MESSAGES = 2 * TURNS - 1;

  private static final int DIGITS = 9;
  private static final String NUMBER = "100100100";

  private final byte[] chat;
  private final int numberInChat;
  private final byte[] ids;
  private final int numberInIds;
  private final int[] sameTokens;
  private final int tokens;

  private Conversation(
      byte[] chat, int numberInChat, byte[] ids, int numberInIds, int[] sameTokens, int tokens) {
    this.chat = chat;
    this.numberInChat = numberInChat;
    this.ids = ids;
    this.numberInIds = numberInIds;
    this.sameTokens = sameTokens;
    this.tokens = tokens;
  }

  /** Makes a conversation of about that many tokens, in messages of equal length. */
  static Conversation of(Model model, Words words, int tokens) {
    int frame = make(model, words, 0).tokens;
    return make(model, words, Math.max(1, (tokens - frame) / MESSAGES));
  }

  private static Conversation make(Model model, Words words, int tokensEach) {
    StringBuilder body = new StringBuilder("{\"model\":\"m\",\"stream\":true,\"messages\":[");
    int numberAt = 0;
    for (int m = 0; m < MESSAGES; m++) {
      body.append(m == 0 ? "" : ",").append("{\"role\":\"");
      body.append(m % 2 == 0 ? "user" : "assistant").append("\",\"content\":\"");
      if (m == MESSAGES - 1) {
        numberAt = body.length();
        body.append(NUMBER);
      }
      StringBuilder text = new StringBuilder();
      words.write(tokensEach, text);
      body.append(text.toString().replace("\n", "\\n")).append("\"}");
    }
    byte[] chat = body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    int[] all = tokenIds(model, chat);
    chat[numberAt] = '9';
    int same = Arrays.mismatch(all, tokenIds(model, chat));

    StringBuilder completion = new StringBuilder("{\"model\":\"m\",\"stream\":true,\"prompt\":[");
    for (int t = 0; t < same; t++) {
      completion.append(all[t]).append(',');
    }
    int idsAt = completion.length();
    completion.append("100,100,100");
    for (int t = same + 3; t < all.length; t++) {
      completion.append(',').append(all[t]);
    }
    byte[] ids = completion.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    return new Conversation(chat, numberAt, ids, idsAt, Arrays.copyOf(all, same), all.length);
  }

  private static int[] tokenIds(Model model, byte[] chat) {
    return tokenIds(model, InferenceRequest.parse(Api.CHAT_COMPLETIONS, chat, RequestHeaders.NONE));
  }

  /** {@return the ids of a chat's prompt} */
  static int[] tokenIds(Model model, InferenceRequest request) {
    StringBuilder text = new StringBuilder();
    model.template().render(request, text);
    TokenBuffer buffer = new TokenBuffer();
    model.tokenizer().encode(text, request.addSpecialTokens(), buffer);
    return buffer.toArray();
  }

  /** {@return tokens of the whole prompt} */
  int tokens() {
    return tokens;
  }

  /** {@return the tokens that are the same whatever the number; shared} */
  int[] sameTokens() {
    return sameTokens;
  }

  /** {@return the body of a chat request; valid until the next call} */
  byte[] chat(int number) {
    int left = number;
    for (int i = DIGITS - 1; i >= 0; i--) {
      chat[numberInChat + i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return chat;
  }

  /** {@return the body of a completion request; valid until the next call} */
  byte[] ids(int number) {
    int left = number;
    for (int i = 0; i < 3; i++) {
      int id = 100 + left % 900;
      int at = numberInIds + 4 * i;
      ids[at] = (byte) ('0' + id / 100);
      ids[at + 1] = (byte) ('0' + id / 10 % 10);
      ids[at + 2] = (byte) ('0' + id % 10);
      left /= 900;
    }
    return ids;
  }
}
