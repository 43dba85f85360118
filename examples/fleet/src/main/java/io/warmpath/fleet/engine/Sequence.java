package io.warmpath.fleet.engine;

import java.util.Arrays;

/**
 * One prompt on its way through an engine, with its answer.
 *
 * <p><b>Threads:</b> made by the HTTP side, then the engine thread's alone, but for what is final, and for
 * {@code cachedTokens}, which is settled before the first token is handed over.
 */
final class Sequence {

  /** Where tokens go. Called in the order of the tokens, on the HTTP side's event loop. */
  interface TokenSink {
    void token(int token, boolean last);
  }

  private static final int NOT_ADMITTED = -1;

  final String requestId;
  final int promptIndex;
  final int promptTokens;
  final int maxTokens;
  final double arrivalMillis;
  final HashChain chain;
  final TokenSink sink;
  final BlockTable table = new BlockTable();
  private final GeneratedAnswer answer;

  /** Prompt, then what was generated; valid up to {@link #length()}. */
  int[] tokens;

  int generated;
  /** Tokens whose keys and values are in the cache. */
  int computed;
  /** Tokens that the present step computes. */
  int chunk;

  int preemptions;
  double startMillis = Double.NaN;
  double firstTokenMillis = Double.NaN;
  private double lastTokenMillis;
  private int cachedTokens = NOT_ADMITTED;

  Sequence(
      String requestId,
      int promptIndex,
      int[] prompt,
      int maxTokens,
      double arrivalMillis,
      HashChain chain,
      GeneratedAnswer answer,
      TokenSink sink) {
    this.requestId = requestId;
    this.promptIndex = promptIndex;
    this.promptTokens = prompt.length;
    this.maxTokens = maxTokens;
    this.arrivalMillis = arrivalMillis;
    this.chain = chain;
    this.answer = answer;
    this.sink = sink;
    this.tokens = prompt;
    chain.extendTo(prompt, prompt.length);
  }

  int length() {
    return promptTokens + generated;
  }

  int cachedTokens() {
    return Math.max(0, cachedTokens);
  }

  boolean wasAdmitted() {
    return cachedTokens != NOT_ADMITTED;
  }

  void admitted(double nowMillis, int hitTokens) {
    computed = hitTokens;
    if (!wasAdmitted()) {
      cachedTokens = hitTokens;
      startMillis = nowMillis;
    }
  }

  /** {@return the next token of the answer, which is appended} */
  int generate() {
    int at = length();
    if (at == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.min(promptTokens + maxTokens, at + Math.max(64, at / 4)));
    }
    int token = answer.token(generated++);
    tokens[at] = token;
    return token;
  }

  /** Notes when the token just generated was ready and {@return the time since the one before, NaN for the first} */
  double tokenReady(double nowMillis) {
    double since = generated == 1 ? Double.NaN : nowMillis - lastTokenMillis;
    if (generated == 1) {
      firstTokenMillis = nowMillis;
    }
    lastTokenMillis = nowMillis;
    return since;
  }

  boolean isComplete() {
    return generated >= maxTokens;
  }

  RequestTimes times(double endMillis, boolean aborted) {
    return new RequestTimes(
        requestId,
        promptIndex,
        promptTokens,
        cachedTokens(),
        generated,
        arrivalMillis,
        startMillis,
        firstTokenMillis,
        endMillis,
        preemptions,
        aborted);
  }
}
