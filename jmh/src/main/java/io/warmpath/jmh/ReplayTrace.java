package io.warmpath.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.warmpath.request.JsonValues;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Requests over time, as Mooncake's traces tell of them (<a
 * href="https://github.com/kvcache-ai/Mooncake/tree/main/FAST25-release/traces">FAST'25 release</a>):
 * one JSON object a line with {@code timestamp} in milliseconds, {@code input_length} in tokens, and
 * {@code hash_ids}, one for each trace block of the prompt; equal ids stand for equal prefixes.
 */
final class ReplayTrace {

  /**
   * One request.
   *
   * @param millis when it comes
   * @param inputTokens length of its prompt
   * @param ids one for each trace block, the last of which may not be full; not copied
   */
  record Request(long millis, int inputTokens, long[] ids) {}

  /*
   * The shape of the generated trace, fitted to mooncake_conversation.jsonl: 3.4 requests a second; 38.7 % of
   * them share more than the first trace block with one before, and 37 % of all trace blocks were there
   * before; prompts of 6,909 tokens at the median, 27,367 at p90, at most 126,195. A log-normal through median
   * and p90 has sigma 1.08.
   */
  private static final double MEAN_GAP_MILLIS = 294;
  private static final double GOING_ON = 0.34;
  private static final double MEDIAN_PROMPT = 6500;
  private static final double PROMPT_SIGMA = 1.08;
  private static final double MEDIAN_TURN = 450;
  private static final double TURN_SIGMA = 0.8;
  private static final int MOST_TOKENS = 126_195;

  /** Of new conversations, one in ten begins with one of 8 further shared prompts. */
  private static final double SHARES_MORE = 0.1;

  private static final int MORE_PROMPTS = 8;
  private static final int MORE_BLOCKS = 4;

  /** Conversations that may go on; the older, the less likely. */
  private static final double MEAN_AGE = 150;

  private ReplayTrace() {}

  /** {@return the requests of a file, in its order} */
  static List<Request> read(Path file) throws IOException {
    List<Request> requests = new ArrayList<>();
    JsonFactory factory = new JsonFactory();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          requests.add(request(factory, line, file + ":" + (requests.size() + 1)));
        }
      }
    }
    return requests;
  }

  private static Request request(JsonFactory factory, String line, String where)
      throws IOException {
    try (JsonParser json = factory.createParser(line)) {
      json.nextToken();
      if (JsonValues.read(json) instanceof Map<?, ?> members
          && members.get("timestamp") instanceof Number millis
          && members.get("input_length") instanceof Number tokens
          && members.get("hash_ids") instanceof List<?> ids) {
        long[] numbers = ids.stream().mapToLong(id -> ((Number) id).longValue()).toArray();
        return new Request(millis.longValue(), tokens.intValue(), numbers);
      }
    }
    throw new IOException(
        where + ": expected {\"timestamp\": n, \"input_length\": n, \"hash_ids\": [n, ...]}");
  }

  /**
   * Makes a trace like Mooncake's of conversations.
   *
   * @param requests how many
   * @param traceBlock tokens for each id
   * @param seed equal seeds make equal traces
   * @return the requests, in order of time
   */
  static List<Request> generated(int requests, int traceBlock, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Request> made = new ArrayList<>(requests);
    List<Request> open = new ArrayList<>();
    long nextId = 1 + (long) MORE_PROMPTS * MORE_BLOCKS;
    double millis = 0;
    for (int r = 0; r < requests; r++) {
      millis -= Math.log(1 - random.nextDouble()) * MEAN_GAP_MILLIS;
      Request before = null;
      int age = (int) (-Math.log(1 - random.nextDouble()) * MEAN_AGE);
      int tokens;
      long[] start;
      if (age < open.size() && random.nextDouble() < GOING_ON) {
        before = open.remove(open.size() - 1 - age);
        tokens = before.inputTokens() + logNormal(random, MEDIAN_TURN, TURN_SIGMA);
        // The last trace block was not full: now it is another.
        start = Arrays.copyOf(before.ids(), before.inputTokens() / traceBlock);
      } else {
        tokens = logNormal(random, MEDIAN_PROMPT, PROMPT_SIGMA);
        start = start(random);
      }
      tokens = Math.max(1, Math.min(tokens, MOST_TOKENS));
      int blocks = (tokens + traceBlock - 1) / traceBlock;
      long[] ids = Arrays.copyOf(start, blocks);
      for (int i = Math.min(start.length, blocks); i < blocks; i++) {
        ids[i] = nextId++;
      }
      Request request = new Request((long) millis, tokens, ids);
      made.add(request);
      open.add(request);
    }
    return made;
  }

  /** What all conversations begin with, or some. */
  private static long[] start(SplittableRandom random) {
    if (random.nextDouble() >= SHARES_MORE) {
      return new long[] {0};
    }
    long[] ids = new long[1 + MORE_BLOCKS];
    int prompt = random.nextInt(MORE_PROMPTS);
    for (int i = 0; i < MORE_BLOCKS; i++) {
      ids[1 + i] = 1 + (long) prompt * MORE_BLOCKS + i;
    }
    return ids;
  }

  private static int logNormal(SplittableRandom random, double median, double sigma) {
    // Box and Muller 1958: SplittableRandom makes no normal numbers in Java 17's own class.
    double normal = Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
    return (int) Math.min(Integer.MAX_VALUE, median * Math.exp(sigma * normal));
  }
}
