package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.BlockExtras;
import io.warmpath.event.EventStats;
import io.warmpath.index.Tier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatsJsonTest {

  private final Router router = Router.builder()
      .blockSize(4)
      .profile("decode", p -> p.picker((cycle, scores, ranked, wanted) -> 0))
      .build();

  @Test
  void thePageSaysWhyNothingMatches() {
    assertEquals(List.of(), page().get("diagnosis"));

    Endpoint endpoint = Endpoint.of("10.0.0.1:8000");
    router.endpoints().add(endpoint);
    router
        .events(endpoint)
        .stored(new long[] {1}, 1, false, 0, new int[16], 16, 16, Tier.GPU, 0, BlockExtras.NONE);

    List<@Nullable Object> told = Golden.list(page().get("diagnosis"));
    assertEquals(1, told.size(), told.toString());
    assertTrue(String.valueOf(told.get(0)).startsWith("Engines announce blocks of 16 tokens"));
  }

  @Test
  void everyCounterOfEventsIsThere() {
    assertEquals(
        Arrays.stream(EventStats.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList(),
        List.copyOf(Golden.map(Golden.map(page().get("router")).get("events")).keySet()));
  }

  private Map<String, @Nullable Object> page() {
    String text = StatsJson.page("host", Map.of(), router, Map.of());
    return Golden.map(Golden.json(text.getBytes(StandardCharsets.UTF_8)));
  }
}
