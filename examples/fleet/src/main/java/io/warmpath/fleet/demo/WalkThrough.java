package io.warmpath.fleet.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The same prompt twice: nobody has it the first time, and the pod that computed it has it the second time. */
final class WalkThrough {

  /** Tokens per block of the simulated engines. */
  private static final int BLOCK_TOKENS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** About 200 words. */
  static final String PROMPT = """
      A library keeps its books on many floors. A reader who wants one asks at the desk, and the clerk at the desk can \
      send the reader to any floor, for every floor can fetch every book from the cellar. But the cellar is deep, and \
      fetching takes long. Each floor keeps on its tables the books that were asked for last, as many as the tables hold, \
      and a book that lies on a table is in the reader's hand at once. A clerk who sends readers round in turn sends most \
      of them to a floor where their book is not, and eight floors fetch the same book eight times. A clerk who sends \
      everybody where the book lies makes a crowd before one table while seven floors stand empty. The good clerk knows \
      which book lies where, because the floors call down whatever they lay out and whatever they clear away. The good \
      clerk also knows how long the queue before each table is, and weighs the one against the other in the time that a \
      reader takes to say good morning. This text is about two hundred words long, and it is sent twice. Where should its \
      second reader go, and how does the clerk know it?
      """.strip();

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> scores = new LinkedBlockingQueue<>();
  private final List<String> lines = new ArrayList<>();

  private record Answer(String endpoint, int promptTokens, int cachedTokens) {}

  /** Takes a score line of the proxy. */
  void scores(String line) {
    scores.add(line);
  }

  /**
   * Sends the prompt twice and shows what came of it.
   *
   * @param port of the proxy on this machine, which gives its score lines to {@link #scores}
   * @return whether the second request went to the pod that had the prompt
   * @throws IOException if the proxy does not answer as it should
   */
  boolean run(Screen screen, int port) throws IOException, InterruptedException {
    Answer first = ask(port);
    show(screen, "1st", first);
    Answer second = ask(port);
    show(screen, "2nd", second);
    boolean cold = lines.get(0).endsWith("\"scores\": null}");
    int blocks = second.cachedTokens() / BLOCK_TOKENS;
    boolean warm =
        lines.get(1).endsWith("\"scores\": {\"" + first.endpoint() + "\": " + blocks + "}}")
            && second.endpoint().equals(first.endpoint())
            && blocks > 0;
    screen.line(
        cold && warm
            ? "The prompt went back to the pod that has it: " + blocks + " blocks predicted, "
                + second.cachedTokens() + " tokens reused by the engine's own count."
            : "FAILED: the second request should have gone to " + first.endpoint()
                + ", with its blocks in the scores.");
    return cold && warm;
  }

  /** {@return the score lines, in order} */
  List<String> lines() {
    return List.copyOf(lines);
  }

  private void show(Screen screen, String which, Answer answer)
      throws IOException, InterruptedException {
    String line = scores.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (line == null) {
      throw new IOException("the proxy printed no scores for the " + which + " request");
    }
    lines.add(line);
    screen.line(which + " request, answered by " + answer.endpoint() + ", " + answer.cachedTokens()
        + " of " + answer.promptTokens() + " prompt tokens cached");
    screen.line("  " + line);
  }

  private Answer ask(int port) throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder("{\"model\":\"" + Fleet.MODEL + "\",\"max_tokens\":8,")
        .append("\"messages\":[{\"role\":\"user\",\"content\":\"");
    JsonStringEncoder.getInstance().quoteAsString(PROMPT, body);
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
        .header("content-type", "application/json")
        .timeout(PATIENCE)
        .POST(BodyPublishers.ofString(body.append("\"}]}").toString()))
        .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("the proxy answered " + response.statusCode() + ": " + response.body());
    }
    String endpoint = response.headers().firstValue("x-warmpath-endpoint").orElse("?");
    return new Answer(
        endpoint,
        number(response.body(), "prompt_tokens"),
        number(response.body(), "cached_tokens"));
  }

  /** Finds a number by the name of its field, at any depth. */
  private static int number(String json, String field) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT && field.equals(parser.currentName())) {
          return parser.getIntValue();
        }
      }
    }
    throw new IOException("the answer has no number '" + field + "': " + json);
  }
}
