package io.warmpath.fleet.demo;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.warmpath.fleet.engine.ChatTurn;
import io.warmpath.fleet.engine.FleetTokenizer;
import io.warmpath.fleet.engine.GeneratedAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Conversations of several turns that share long system prompts, as assistants of many tenants do.
 *
 * <p>Each turn carries the whole conversation so far. The answers in it are those that the simulated engines give, which
 * are known beforehand; so requests and arrivals are fixed, and no policy gets an easier load by being slow.
 */
final class SharedPrefixWorkload implements WorkloadSource {

  /** Requests to each system prompt: so many that reuse pays, too few to bring every prompt to every pod. */
  private static final int REQUESTS_A_PROMPT = 8;

  private static final int MIN_SYSTEM_TOKENS = 4000;
  private static final int MAX_SYSTEM_TOKENS = 8000;
  private static final int TURNS = 3;
  private static final int QUESTION_TOKENS = 150;
  private static final int MIN_ANSWER_TOKENS = 20;
  private static final int MAX_ANSWER_TOKENS = 40;
  private static final double THINK_SECONDS = 1;

  private final FleetTokenizer tokenizer;
  private final String model;
  private final long seed;

  SharedPrefixWorkload(FleetTokenizer tokenizer, String model, long seed) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.seed = seed;
  }

  @Override
  public Workload make(double rate, double seconds) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> systems = new ArrayList<>();
    int groups = (int) Math.ceil(rate * seconds / REQUESTS_A_PROMPT);
    for (int group = 0; group < groups; group++) {
      systems.add(words(random, random.nextInt(MIN_SYSTEM_TOKENS, MAX_SYSTEM_TOKENS)));
    }
    List<TimedRequest> requests = new ArrayList<>();
    double sessionsPerSecond = rate / TURNS;
    double start = -(TURNS - 1) * THINK_SECONDS;
    while ((start += exponential(random, 1 / sessionsPerSecond)) < seconds) {
      session(random, systems.get(random.nextInt(groups)), start, seconds, requests);
    }
    requests.sort(Comparator.comparingDouble(TimedRequest::arrivalSeconds));
    return new Workload(
        groups + " system prompts of " + MIN_SYSTEM_TOKENS + " to " + MAX_SYSTEM_TOKENS
            + " tokens, conversations of " + TURNS + " turns",
        requests,
        0);
  }

  /** Adds the turns of one conversation that fall into the window. */
  private void session(
      SplittableRandom random,
      String system,
      double start,
      double end,
      List<TimedRequest> requests) {
    List<ChatTurn> turns = new ArrayList<>();
    turns.add(new ChatTurn("system", system));
    double arrival = start;
    for (int turn = 0; turn < TURNS; turn++) {
      turns.add(new ChatTurn("user", words(random, QUESTION_TOKENS)));
      int outputTokens = random.nextInt(MIN_ANSWER_TOKENS, MAX_ANSWER_TOKENS);
      if (arrival >= 0 && arrival < end) {
        requests.add(new TimedRequest(
            arrival, "/v1/chat/completions", body(turns, outputTokens), outputTokens));
      }
      int[] prompt = tokenizer.encodeChat(turns, true);
      turns.add(new ChatTurn("assistant", GeneratedAnswer.text(tokenizer, prompt, outputTokens)));
      arrival += THINK_SECONDS * (0.5 + random.nextDouble());
    }
  }

  private byte[] body(List<ChatTurn> turns, int outputTokens) {
    StringBuilder json =
        new StringBuilder("{\"model\":\"").append(model).append("\",\"messages\":[");
    String separator = "";
    for (ChatTurn turn : turns) {
      json.append(separator).append("{\"role\":\"").append(turn.role()).append("\",\"content\":\"");
      JsonStringEncoder.getInstance().quoteAsString(turn.content(), json);
      json.append("\"}");
      separator = ",";
    }
    json.append("],\"max_tokens\":")
        .append(outputTokens)
        .append(",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Makes a text of about {@code tokens} tokens. */
  private String words(SplittableRandom random, int tokens) {
    int[] numbers = {random.nextInt(), random.nextInt()};
    return GeneratedAnswer.text(tokenizer, ids(numbers), tokens).strip();
  }

  /** Token ids are not negative; any others make as good a seed. */
  private int[] ids(int[] numbers) {
    int[] ids = new int[numbers.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.floorMod(numbers[i], tokenizer.size());
    }
    return ids;
  }

  private static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
