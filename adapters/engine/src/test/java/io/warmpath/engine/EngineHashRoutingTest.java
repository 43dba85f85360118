package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.RoutedRequest;
import io.warmpath.Router;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.VllmHash.Algorithm;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.KvEvent;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.SchedulingProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a real engine's frames to a match, without a map: integers, and hashes of 16 and 32 bytes. */
class EngineHashRoutingTest {

  private static final Endpoint POD = Endpoint.of("10.0.0.1:8000");
  private static final SchedulingProfile FIRST = SchedulingProfile.builder("decode")
      .picker((cycle, scores, ranked, wanted) -> {
        ranked[0] = 0;
        return 1;
      })
      .build();

  @ParameterizedTest
  @CsvSource({
    "e1_sha256_cbor, SHA256_CBOR, 0",
    "e2_xxhash_cbor, XXHASH_CBOR, 0",
    "e3_sha256_pickle_seed_unset, SHA256,",
    "e4_sha256_cbor_seed_unset_bytes, SHA256_CBOR,"
  })
  void eachPromptMatchesAsSoonAsItIsAnnounced(
      String recording, Algorithm algorithm, @Nullable String seed) {
    Router router = Router.builder()
        .engineHashes(EngineHashScheme.vllm(algorithm, "0.32.0", seed))
        .profile(FIRST)
        .build();
    router.endpoints().add(POD);
    KvEventDecoder decoder = new KvEventDecoder();
    int prompts = 0;
    for (List<byte[]> message : Golden.frames("vllm_real/" + recording + "/frames.bin")) {
      byte[] batch = message.get(2);
      decoder.decode(batch, 0, batch.length, router.events(POD));
      List<KvEvent> events = new ArrayList<>();
      decoder.decode(batch, 0, batch.length, KvEvent.recorder(events::add));

      if (events.size() == 1
          && events.get(0) instanceof KvEvent.Stored stored
          && stored.parent() == null) {
        assertEquals(stored.hashes().length, matched(router, stored));
        prompts++;
      }
    }

    assertTrue(prompts > 5, "prompts: " + prompts);
    assertEquals(0, router.stats().events().handles());
    assertEquals(List.of(), router.diagnosis());
  }

  /** {@return the blocks that are found of the announced tokens and one more} */
  private static int matched(Router router, KvEvent.Stored stored) {
    String salt = stored.extras().salt();
    String body = "{\"model\":\"tiny-qwen3\",\"prompt\":["
        + Arrays.stream(stored.tokens()).mapToObj(String::valueOf).collect(Collectors.joining(","))
        + ",1]" + (salt == null ? "" : ",\"cache_salt\":\"" + salt + "\"") + "}";
    InferenceRequest request = InferenceRequest.parse(
        Api.COMPLETIONS, body.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
    try (RoutedRequest routed = router.route(request).toCompletableFuture().join()) {
      return routed.decision().matchedBlocks(POD);
    }
  }
}
