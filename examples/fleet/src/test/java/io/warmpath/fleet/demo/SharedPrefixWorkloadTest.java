package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.fleet.engine.EngineConfig;
import io.warmpath.fleet.engine.FleetTokenizer;
import io.warmpath.fleet.engine.SimulatedEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SharedPrefixWorkloadTest {

  private static final FleetTokenizer TOKENIZER = FleetTokenizer.load();

  @Test
  void theSameSeedGivesTheSameRequests() {
    List<TimedRequest> one = workload(42);
    List<TimedRequest> other = workload(42);

    assertEquals(one.size(), other.size());
    for (int i = 0; i < one.size(); i++) {
      assertEquals(one.get(i).arrivalSeconds(), other.get(i).arrivalSeconds());
      assertArrayEquals(one.get(i).body(), other.get(i).body());
    }
  }

  @Test
  void arrivalsAreInOrderWithinTheWindowAndAboutAtTheRate() {
    List<TimedRequest> requests = workload(42);

    double before = 0;
    for (TimedRequest request : requests) {
      assertTrue(request.arrivalSeconds() >= before && request.arrivalSeconds() < 4);
      before = request.arrivalSeconds();
    }
    assertEquals(80, requests.size(), 35);
  }

  @Test
  void promptsShareSystemPromptsAndLaterTurnsCarryEarlierOnes() {
    List<List<String>> conversations =
        workload(42).stream().map(r -> messages(r.body())).toList();

    long systems = conversations.stream().map(c -> c.get(0)).distinct().count();
    long later = conversations.stream().filter(c -> c.size() > 2).count();

    assertEquals(10.0, (double) systems, 1.0);
    assertTrue(later > conversations.size() / 3, later + " of " + conversations.size());
  }

  @Test
  void theAnswersInLaterTurnsAreThoseOfTheEngine() throws Exception {
    List<TimedRequest> requests = workload(42);
    for (TimedRequest first : requests) {
      List<String> asked = messages(first.body());
      for (TimedRequest second : requests) {
        List<String> turns = messages(second.body());
        if (asked.size() == 2 && turns.size() == 4 && turns.subList(0, 2).equals(asked)) {
          assertEquals(turns.get(2), answer(first.body()));
          return;
        }
      }
    }
    fail("no conversation has two turns in the window");
  }

  private static List<TimedRequest> workload(long seed) {
    return new SharedPrefixWorkload(TOKENIZER, Fleet.MODEL, seed).make(20, 4).requests();
  }

  private static String answer(byte[] body) throws Exception {
    String plain = new String(body, StandardCharsets.UTF_8)
        .replace(",\"stream\":true,\"stream_options\":{\"include_usage\":true}", "");
    try (SimulatedEngine engine =
        new SimulatedEngine(EngineConfig.builder().timeScale(50).build()).start()) {
      String json = HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(engine.url() + "/v1/chat/completions"))
                  .header("content-type", "application/json")
                  .POST(BodyPublishers.ofString(plain))
                  .build(),
              BodyHandlers.ofString())
          .body();
      return messages(json.getBytes(StandardCharsets.UTF_8)).get(0);
    }
  }

  /** The contents of all messages, in order. */
  private static List<String> messages(byte[] body) {
    List<String> contents = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(body)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING && "content".equals(json.currentName())) {
          contents.add(json.getText());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return contents;
  }
}
