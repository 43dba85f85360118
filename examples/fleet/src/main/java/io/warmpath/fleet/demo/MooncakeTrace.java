package io.warmpath.fleet.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.warmpath.fleet.engine.FleetTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Real traffic in the Mooncake format: a line of JSON a request, with {@code timestamp} (ms), {@code input_length},
 * {@code output_length} and {@code hash_ids}, one for each 512 tokens of the prompt; equal ids are equal tokens.
 *
 * <p>Format: github.com/kvcache-ai/Mooncake, FAST25-release/traces. Prompts are sent as token ids.
 */
final class MooncakeTrace implements WorkloadSource {

  /** Tokens that one hash id stands for. */
  static final int TRACE_BLOCK_TOKENS = 512;

  /** Longest prompt taken, tokens: longer ones alone would keep a pod busy for seconds of a short run. */
  static final int MAX_INPUT_TOKENS = 32_768;

  /** Longest answer taken, tokens: enough to load the decode batch, short enough to end in a short run. */
  static final int MAX_OUTPUT_TOKENS = 100;

  private static final double TIMESTAMP_BUCKET_SECONDS = 3;

  private static final int MAX_SAMPLING = 16;

  /** An odd multiplier that spreads neighbouring ids. */
  private static final int SCATTER = 0x9E3779B1;

  private record Line(double seconds, int inputTokens, int outputTokens, int[] hashIds) {

    /** {@return what the requests of one conversation have in common: the first block after the shared one} */
    int conversation() {
      return hashIds[Math.min(1, hashIds.length - 1)];
    }
  }

  private final Path file;
  private final FleetTokenizer tokenizer;
  private final String model;

  MooncakeTrace(Path file, FleetTokenizer tokenizer, String model) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.model = model;
  }

  /**
   * Takes every n-th conversation from the start of the trace, so that its reuse stays what it was, and spreads the
   * requests at {@code rate}; at most {@value #MAX_SAMPLING} times fewer than there are.
   *
   * @throws IOException if the file cannot be read or a line is not in the format; says which
   */
  @Override
  public Workload make(double rate, double seconds) throws IOException {
    int count = (int) Math.max(2, Math.ceil(rate * seconds));
    List<Line> all = readAll();
    int sampling = Math.max(1, Math.min(MAX_SAMPLING, all.size() / count));
    List<Line> taken = new ArrayList<>();
    int leftOut = 0;
    for (Line line : all) {
      if (taken.size() == count) {
        break;
      }
      if (Math.floorMod(line.conversation() * SCATTER, sampling) != 0) {
        continue;
      }
      if (line.inputTokens() <= MAX_INPUT_TOKENS) {
        taken.add(line);
      } else {
        leftOut++;
      }
    }
    if (taken.size() < 2) {
      throw new IOException(
          file + ": no two requests of at most " + MAX_INPUT_TOKENS + " input tokens");
    }
    String which = sampling == 1 ? "all" : "one in " + sampling + " of the";
    return new Workload(
        which + " conversations from the start of " + file.getFileName() + ", answers cut at "
            + MAX_OUTPUT_TOKENS + " tokens",
        requests(taken, rate),
        leftOut);
  }

  private List<Line> readAll() throws IOException {
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String text;
      for (int number = 1; (text = reader.readLine()) != null; number++) {
        if (!text.isBlank()) {
          lines.add(parse(number, text));
        }
      }
    } catch (NoSuchFileException e) {
      throw new IOException("there is no trace " + file, e);
    }
    return lines;
  }

  /** Published times are rounded to buckets; within one, requests are spread evenly and keep their order. */
  private List<TimedRequest> requests(List<Line> lines, double rate) {
    SplittableRandom random = new SplittableRandom(7);
    double[] seconds = new double[lines.size()];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = lines.get(i).seconds() + random.nextDouble() * TIMESTAMP_BUCKET_SECONDS;
    }
    Arrays.sort(seconds);
    double span = seconds[seconds.length - 1] - seconds[0];
    double factor = lines.size() / rate / Math.max(span, 1e-9);
    List<TimedRequest> requests = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      Line line = lines.get(i);
      int output = Math.min(MAX_OUTPUT_TOKENS, Math.max(1, line.outputTokens()));
      requests.add(new TimedRequest(
          (seconds[i] - seconds[0]) * factor, "/v1/completions", body(line, output), output));
    }
    return requests;
  }

  private byte[] body(Line line, int output) {
    StringBuilder json = new StringBuilder(line.inputTokens() * 5)
        .append("{\"model\":\"")
        .append(model)
        .append("\",\"prompt\":[");
    int left = line.inputTokens();
    for (int block = 0; left > 0; block++) {
      SplittableRandom tokens = new SplittableRandom(line.hashIds()[block]);
      for (int i = Math.min(left, TRACE_BLOCK_TOKENS); i > 0; i--, left--) {
        json.append(tokens.nextInt(tokenizer.size())).append(left > 1 ? "," : "");
      }
    }
    return json.append("],\"max_tokens\":")
        .append(output)
        .append(",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private Line parse(int number, String text) throws IOException {
    double seconds = -1;
    int input = -1;
    int output = -1;
    int[] ids = null;
    try (JsonParser json = new JsonFactory().createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(file + " line " + number + ": not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "timestamp" -> seconds = json.getDoubleValue() / 1000;
          case "input_length" -> input = json.getIntValue();
          case "output_length" -> output = json.getIntValue();
          case "hash_ids" -> ids = ids(json);
          default -> json.skipChildren();
        }
      }
    } catch (StreamReadException e) {
      throw new IOException(file + " line " + number + ": " + e.getOriginalMessage(), e);
    }
    if (seconds < 0 || input < 1 || output < 0 || ids == null) {
      throw new IOException(
          file + " line " + number
              + ": timestamp, input_length, output_length and hash_ids are needed, as in the Mooncake traces");
    }
    if ((long) ids.length * TRACE_BLOCK_TOKENS < input) {
      throw new IOException(
          file + " line " + number + ": " + ids.length + " hash_ids for input_length " + input
              + "; each stands for " + TRACE_BLOCK_TOKENS + " tokens");
    }
    return new Line(seconds, input, output, ids);
  }

  private static int[] ids(JsonParser json) throws IOException {
    if (!json.isExpectedStartArrayToken()) {
      throw new JsonParseException(json, "hash_ids is no array");
    }
    int[] ids = new int[16];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = json.getIntValue();
    }
    return Arrays.copyOf(ids, count);
  }
}
