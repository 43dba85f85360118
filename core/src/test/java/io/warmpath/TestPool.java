package io.warmpath;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.BlockExtras;
import io.warmpath.index.Tier;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.Picker;
import io.warmpath.schedule.Scorer;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/** The smallest parts a router can be built of: a token a character, blocks of four. */
final class TestPool {

  static final int BLOCK = 4;

  static final Tokenizer CHARACTERS = new Tokenizer() {
    @Override
    public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
      text.chars().forEach(out::add);
    }
  };

  static final ChatTemplate LINES =
      (request, out) -> request.messages().forEach(m -> out.append(m.text()).append('\n'));

  static final Scorer PREFIX = (cycle, scores) -> {
    for (int i = 0; i < cycle.candidates(); i++) {
      scores[i] = (double) cycle.matchedBlocks(i) / Math.max(1, cycle.totalBlocks());
    }
  };

  /** Best first; the lowest number wins a tie, so that tests know who it is. */
  static final Picker FIRST_BEST = (cycle, scores, ranked, wanted) -> {
    boolean[] taken = new boolean[cycle.candidates()];
    for (int rank = 0; rank < wanted; rank++) {
      int best = -1;
      for (int i = 0; i < taken.length; i++) {
        if (!taken[i] && (best < 0 || scores[i] > scores[best])) {
          best = i;
        }
      }
      taken[best] = true;
      ranked[rank] = best;
    }
    return wanted;
  };

  private TestPool() {}

  static RouterBuilder builder() {
    return Router.builder()
        .tokenizer(CHARACTERS)
        .template(LINES)
        .blockSize(BLOCK)
        .secret(42)
        .profile("decode", p -> p.scorer("prefix", PREFIX, 1).picker(FIRST_BEST));
  }

  static Endpoint pod(int number) {
    return Endpoint.of("10.0.0." + number + ":8000");
  }

  static InferenceRequest completion(String prompt) {
    return completion("m", prompt);
  }

  static InferenceRequest completion(String model, String prompt) {
    return InferenceRequest.parse(
        Api.COMPLETIONS,
        ("{\"model\":\"" + model + "\",\"prompt\":\"" + prompt + "\"}")
            .getBytes(StandardCharsets.UTF_8),
        name -> name.equals("x-request-id") ? "r-1" : null);
  }

  static InferenceRequest chat(String text) {
    return InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}")
            .getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }

  /** An engine announces that it has the full blocks of a text. */
  static void announce(Router router, Endpoint pod, String text) {
    int blocks = text.length() / BLOCK;
    router
        .events(pod)
        .stored(
            LongStream.range(0, blocks).toArray(),
            blocks,
            false,
            0,
            text.chars().toArray(),
            blocks * BLOCK,
            BLOCK,
            Tier.GPU,
            0,
            BlockExtras.NONE);
  }

  static RoutedRequest route(Router router, InferenceRequest request) {
    return router.route(request).toCompletableFuture().join();
  }
}
