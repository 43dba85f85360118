package io.warmpath.scorers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.golden.GoldenReport;
import io.warmpath.schedule.Scorer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each scorer says what the Go scorer of the same name says, on the inputs that were given to that. */
class GoldenScorersTest {

  private static final String FILE = "epp_scorer_vectors.json";
  private static final int DEFAULT_BLOCK_SIZE = 64;
  private static final Set<String> KNOWN = Set.of(
      QueueScorer.TYPE,
      KvCacheUtilizationScorer.TYPE,
      ActiveRequestScorer.TYPE,
      PrefixCacheScorer.TYPE,
      TokenLoadScorer.TYPE);

  @TestFactory
  Stream<DynamicTest> scoresAreThoseOfTheGoPicker() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode vector : vectors()) {
      tests.add(DynamicTest.dynamicTest(vector.get("name").asText(), () -> check(vector)));
    }
    assertEquals(12, tests.size(), "vectors in the file");
    return tests.stream();
  }

  /** As many vectors of each scorer as there are in the file. */
  @Test
  @Tag("golden")
  void eachVectorOfAFileHolds() {
    GoldenReport.file(FILE, bytes -> {
      Map<String, List<JsonNode>> byScorer = new TreeMap<>();
      for (JsonNode vector : tree(bytes).path("scorers")) {
        byScorer
            .computeIfAbsent(vector.get("scorer").asText(), name -> new ArrayList<>())
            .add(vector);
      }
      byScorer.forEach((name, vectors) -> {
        String part = FILE + "#scorers/" + name;
        if (KNOWN.contains(name)) {
          GoldenReport.cases(part, vectors.size(), vectors, GoldenScorersTest::check);
        } else {
          GoldenReport.notCovered(part);
        }
      });
    });
    for (String part : List.of("approxPrefixHash", "estimateChatTokens")) {
      GoldenReport.notCovered(FILE + "#" + part);
    }
  }

  private static void check(JsonNode vector) {
    Pool pool = new Pool();
    int total = most(vector, "totalBlocks");
    int uncached = most(vector, "uncachedRequestTokens");
    int blockSize = Math.max(DEFAULT_BLOCK_SIZE, most(vector, "blockSizeTokens"));
    pool.prompt(
        Math.max(total * blockSize, uncached), Math.max(total, uncached / blockSize), blockSize);
    List<EndpointState> states = new ArrayList<>();
    for (JsonNode pod : vector.get("pods")) {
      EndpointState state = pool.add(8000 + states.size());
      states.add(state);
      state.metrics(new EndpointMetrics(
          pod.get("waitingQueueSize").asInt(),
          0,
          pod.get("kvCacheUsagePercent").asDouble(),
          0,
          0,
          0));
      for (int i = 0; i < pod.path("inFlightRequests").asInt(); i++) {
        state.load().sent(0, 0);
      }
      if (pod.has("inFlightTokens")) {
        state.load().sent(0, pod.get("inFlightTokens").asLong());
      }
      pool.cached(state, held(pod, uncached, blockSize));
    }

    double[] scores = new double[states.size()];
    if (vector.get("scorer").asText().equals(PrefixCacheScorer.TYPE)) {
      scoreEachAlone(vector, scores, blockSize);
    } else {
      scorer(vector).score(pool.cycle(), scores);
    }

    int i = 0;
    for (JsonNode pod : vector.get("pods")) {
      String name = pod.get("name").asText();
      assertEquals(vector.get("expected").get(name).asDouble(), scores[i++], 1e-12, name);
    }
  }

  /** In the vectors each pod has its own prompt length, so each gets a cycle of its own. */
  private static void scoreEachAlone(JsonNode vector, double[] scores, int blockSize) {
    int i = 0;
    for (JsonNode pod : vector.get("pods")) {
      int total = pod.path("totalBlocks").asInt();
      Pool pool = new Pool().prompt(total * blockSize, total, blockSize);
      pool.cached(pool.add(8000), pod.path("matchBlocks").asInt());
      double[] score = new double[1];
      scorer(vector).score(pool.cycle(), score);
      scores[i++] = score[0];
    }
  }

  /** A pod that has nothing to compute for the request holds all of it. */
  private static int held(JsonNode pod, int mostUncached, int blockSize) {
    return (mostUncached - pod.path("uncachedRequestTokens").asInt()) / blockSize;
  }

  private static Scorer scorer(JsonNode vector) {
    JsonNode params = vector.path("params");
    return switch (vector.get("scorer").asText()) {
      case QueueScorer.TYPE -> new QueueScorer();
      case KvCacheUtilizationScorer.TYPE -> new KvCacheUtilizationScorer();
      case ActiveRequestScorer.TYPE ->
        new ActiveRequestScorer(
            params.path("idleThreshold").asInt(0), params.path("maxBusyScore").asDouble(1));
      case PrefixCacheScorer.TYPE ->
        new PrefixCacheScorer(
            params.path("matchLengthWeight").asDouble(0),
            params
                .path("matchLengthScaleTokens")
                .asInt(PrefixCacheScorer.DEFAULT_MATCH_LENGTH_SCALE_TOKENS));
      case TokenLoadScorer.TYPE -> new TokenLoadScorer();
      default -> throw new IllegalArgumentException(vector.get("scorer").asText());
    };
  }

  private static int most(JsonNode vector, String field) {
    int most = 0;
    for (JsonNode pod : vector.get("pods")) {
      most = Math.max(most, pod.path(field).asInt());
    }
    return most;
  }

  private static JsonNode vectors() throws IOException {
    try (InputStream in = GoldenScorersTest.class.getResourceAsStream("/golden/" + FILE)) {
      return tree(Objects.requireNonNull(in, "golden file").readAllBytes()).get("scorers");
    }
  }

  private static JsonNode tree(byte[] json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
