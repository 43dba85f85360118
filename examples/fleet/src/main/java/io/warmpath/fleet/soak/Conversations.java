package io.warmpath.fleet.soak;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * What one client asks: conversations of several turns that share their beginnings with those of other clients, and now
 * and then many prompts at once.
 */
final class Conversations {

  private static final String[] WORDS = {
    "warm", "path", "pod", "block", "prefix", "cache", "token", "engine", "router", "queue",
        "stream", "chain",
    "holder", "tier", "event", "batch", "score", "weight", "filter", "picker", "cycle", "load",
        "index", "replay"
  };

  private static final int SYSTEMS = 8;
  private static final int SYSTEM_WORDS = 250;
  private static final int QUESTION_WORDS = 40;
  private static final int TURNS = 5;
  private static final int MIN_TOKENS = 4;
  private static final int MAX_TOKENS = 24;

  private static final int MANY_PROMPTS = 32;
  private static final int MANY_PROMPT_TOKENS = 100;
  private static final int MANY_TOKENS = 30;
  private static final int FLOOD_PROMPT_TOKENS = 20;

  /**
   * 32 times as many events of 900 bytes make 4 MB, more than the kernel takes in for a client that does not read: 2.8 MB
   * were seen with the 4 MiB that Linux allows by default, the last number of {@code net.ipv4.tcp_wmem}.
   */
  private static final int FLOOD_TOKENS = 140;

  /** Engines repeat the id in each event; routers replace longer ones. */
  private static final int LONGEST_ID_CHARS = 256;

  private final SplittableRandom random;
  private final long seed;
  private final StringBuilder turns = new StringBuilder();
  private int turn;

  /**
   * @param random this client's
   * @param seed that all clients share
   */
  Conversations(SplittableRandom random, long seed) {
    this.random = random;
    this.seed = seed;
  }

  /** {@return the next turn, streamed or not} */
  Ask next(boolean stream) {
    if (turn == 0 || turn == TURNS) {
      turn = 0;
      turns.setLength(0);
      SplittableRandom shared = new SplittableRandom(seed + random.nextInt(SYSTEMS));
      add("system", words(shared, SYSTEM_WORDS));
    } else {
      add("assistant", words(random, 8));
    }
    turn++;
    add("user", words(random, QUESTION_WORDS));
    int tokens = random.nextInt(MIN_TOKENS, MAX_TOKENS);
    return ask("", "/v1/chat/completions", "\"messages\":[" + turns + "]", stream, tokens, tokens);
  }

  /** {@return many prompts in one request, as token ids} */
  Ask many() {
    return many("", MANY_PROMPT_TOKENS, MANY_TOKENS);
  }

  /** {@return a request with a very long answer} */
  Ask flood() {
    return many("x".repeat(LONGEST_ID_CHARS), FLOOD_PROMPT_TOKENS, FLOOD_TOKENS);
  }

  private Ask many(String id, int promptTokens, int tokens) {
    StringBuilder prompts = new StringBuilder("\"prompt\":[");
    for (int prompt = 0; prompt < MANY_PROMPTS; prompt++) {
      prompts.append(prompt == 0 ? "[" : ",[");
      for (int i = 0; i < promptTokens; i++) {
        prompts.append(i == 0 ? "" : ",").append(random.nextInt(1, 200));
      }
      prompts.append(']');
    }
    return ask(
        id, "/v1/completions", prompts.append(']').toString(), true, tokens, MANY_PROMPTS * tokens);
  }

  private static Ask ask(
      String id, String path, String prompt, boolean stream, int tokens, int allTokens) {
    String body = "{\"model\":\"" + SoakFleet.MODEL + "\"," + prompt + ",\"max_tokens\":" + tokens
        + (stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}" : "}");
    return new Ask(path, id, body.getBytes(StandardCharsets.UTF_8), stream, allTokens);
  }

  private void add(String role, String content) {
    turns
        .append(turns.length() == 0 ? "" : ",")
        .append("{\"role\":\"")
        .append(role)
        .append("\",\"content\":\"")
        .append(content)
        .append("\"}");
  }

  private static String words(SplittableRandom random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
