package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.fleet.engine.FleetTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class MooncakeTraceTest {

  private static final FleetTokenizer TOKENIZER = FleetTokenizer.load();

  @TempDir
  Path directory;

  @Test
  void equalHashIdsBecomeEqualTokens() throws IOException {
    Workload workload = workload(
        "{\"timestamp\":0,\"input_length\":600,\"output_length\":3,\"hash_ids\":[0,1]}",
        "{\"timestamp\":3000,\"input_length\":1100,\"output_length\":900,\"hash_ids\":[0,1,2]}",
        "{\"timestamp\":6000,\"input_length\":1024,\"output_length\":0,\"hash_ids\":[0,7]}");

    int[] first = prompt(workload.requests().get(0));
    int[] second = prompt(workload.requests().get(1));
    int[] third = prompt(workload.requests().get(2));

    assertEquals(600, first.length);
    assertEquals(1100, second.length);
    assertArrayEquals(first, Arrays.copyOf(second, 600));
    assertArrayEquals(Arrays.copyOf(second, 512), Arrays.copyOf(third, 512));
    assertNotEquals(second[512], third[512]);
    assertEquals(
        List.of(3, MooncakeTrace.MAX_OUTPUT_TOKENS, 1),
        workload.requests().stream().map(TimedRequest::outputTokens).toList());
  }

  @Test
  void requestsAreSpreadAtTheWantedRateInTheirOrder() throws IOException {
    String[] lines = new String[50];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = line(i / 10 * 3000, 10 + i, 0);
    }

    Workload workload = new MooncakeTrace(file(lines), TOKENIZER, Fleet.MODEL).make(10, 5);

    assertEquals(50, workload.requests().size());
    assertEquals(10, workload.rate(), 0.3);
    double before = 0;
    for (int i = 0; i < 50; i++) {
      TimedRequest request = workload.requests().get(i);
      assertTrue(request.arrivalSeconds() >= before);
      before = request.arrivalSeconds();
      assertEquals(10 + i, prompt(request).length);
    }
  }

  @Test
  void aLongTraceIsSampledByWholeConversations() throws IOException {
    int conversations = 400;
    String[] lines = new String[conversations * 5];
    for (int i = 0; i < lines.length; i++) {
      int conversation = i % conversations;
      int turn = i / conversations;
      lines[i] = "{\"timestamp\":" + i + ",\"input_length\":" + (600 + conversation)
          + ",\"output_length\":" + (1 + turn) + ",\"hash_ids\":[0," + (1 + conversation) + "]}";
    }

    Workload workload = new MooncakeTrace(file(lines), TOKENIZER, Fleet.MODEL).make(100, 5);

    TreeSet<Integer> taken = new TreeSet<>();
    workload.requests().forEach(r -> taken.add(prompt(r).length));
    assertTrue(taken.size() > 40 && taken.size() < 160, taken.size() + " conversations");
    assertEquals(5.0 * taken.size(), workload.requests().size(), 5.0 * 40);
    for (int length : taken.headSet(700)) {
      long turns =
          workload.requests().stream().filter(r -> prompt(r).length == length).count();
      assertTrue(turns >= 4, "turns of one conversation: " + turns);
    }
  }

  @Test
  void promptsThatAreTooLongAreLeftOutAndCounted() throws IOException {
    Workload workload = workload(line(0, 5, 1), line(1, 40_000, 2), line(2, 7, 3));

    assertEquals(2, workload.requests().size());
    assertEquals(1, workload.leftOut());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                                                           | not a JSON object",
        "{\"timestamp\":0,\"output_length\":1,\"hash_ids\":[0]}                       | input_length",
        "{\"timestamp\":0,\"input_length\":513,\"output_length\":1,\"hash_ids\":[0]}  | 1 hash_ids for input_length 513",
        "{\"timestamp\":0,\"input_length\":\"x\",\"output_length\":1,\"hash_ids\":[0]}| not numeric",
        "{\"timestamp\":0,\"input_length\":5,\"output_length\":1,\"hash_ids\":[0      | Unexpected end",
        "{\"timestamp\":0,\"input_length\":5,\"output_length\":1,\"hash_ids\":7}      | hash_ids is no array",
      })
  void aLineThatIsNotInTheFormatIsNamed(String bad, String reason) throws IOException {
    Path file = file(line(0, 5, 1), bad.strip());

    IOException error = assertThrows(
        IOException.class, () -> new MooncakeTrace(file, TOKENIZER, Fleet.MODEL).make(1, 5));

    assertTrue(error.getMessage().startsWith(file + " line 2: "), error.getMessage());
    assertTrue(error.getMessage().contains(reason), error.getMessage());
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = directory.resolve("nowhere.jsonl");

    IOException error = assertThrows(
        IOException.class, () -> new MooncakeTrace(missing, TOKENIZER, Fleet.MODEL).make(1, 5));

    assertEquals("there is no trace " + missing, error.getMessage());
  }

  private static String line(int timestamp, int input, int id) {
    StringBuilder ids = new StringBuilder().append(id);
    for (int block = 1; block * MooncakeTrace.TRACE_BLOCK_TOKENS < input; block++) {
      ids.append(',').append(1_000_000 + id * 1000 + block);
    }
    return "{\"timestamp\":" + timestamp + ",\"input_length\":" + input
        + ",\"output_length\":1,\"hash_ids\":[" + ids + "]}";
  }

  private Workload workload(String... lines) throws IOException {
    return new MooncakeTrace(file(lines), TOKENIZER, Fleet.MODEL).make(1, lines.length);
  }

  private Path file(String... lines) throws IOException {
    return Files.write(directory.resolve("trace.jsonl"), List.of(lines));
  }

  private static int[] prompt(TimedRequest request) {
    List<Integer> ids = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(request.body())) {
      while (!"prompt".equals(json.nextFieldName())) {}
      json.nextToken();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        ids.add(json.getIntValue());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
