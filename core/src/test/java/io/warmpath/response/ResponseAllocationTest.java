package io.warmpath.response;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.AllocatedBytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chunk that passes allocates nothing. */
class ResponseAllocationTest {

  private static final byte[] CHUNK =
      ("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
              + "\"model\":\"tiny-qwen3\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"fälle \\\"x\\\"\"},"
              + "\"logprobs\":null,\"finish_reason\":null,\"token_ids\":[1,2]}],\"usage\":{\"prompt_tokens\":147,"
              + "\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":128}}}\n\n")
          .getBytes(StandardCharsets.UTF_8);

  private long passed;

  @Test
  void aStreamedChunkAllocatesNothing() {
    assertEquals(0, bytesOf(observer(null)), "bytes in the best of ten rounds of 1000 chunks");
  }

  @Test
  void aStreamedChunkWithAnotherModelNameAllocatesNothing() {
    assertEquals(0, bytesOf(observer("mine")), "bytes in the best of ten rounds of 1000 chunks");
  }

  private static ResponseObserver observer(@Nullable String clientModel) {
    ResponseObserver observer = new ResponseObserver(Feed.stream(), clientModel);
    observer.head(200, "text/event-stream");
    return observer;
  }

  private long bytesOf(ResponseObserver observer) {
    ByteSink out = (bytes, offset, length) -> passed += length;
    run(observer, out, 20_000);

    return AllocatedBytes.leastOf(() -> run(observer, out, 1_000));
  }

  private static void run(ResponseObserver observer, ByteSink out, int times) {
    for (int i = 0; i < times; i++) {
      int cut = i % CHUNK.length;
      observer.body(CHUNK, 0, cut, i, out);
      observer.body(CHUNK, cut, CHUNK.length - cut, i, out);
    }
  }
}
