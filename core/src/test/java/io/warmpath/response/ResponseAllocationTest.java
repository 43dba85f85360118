package io.warmpath.response;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chunk that passes allocates nothing. */
class ResponseAllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
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

    // The JVM itself may allocate in one round, as when it compiles or links; an observer would in
    // all.
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      run(observer, out, 1_000);
      leastBytes = Math.min(leastBytes, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return leastBytes;
  }

  private static void run(ResponseObserver observer, ByteSink out, int times) {
    for (int i = 0; i < times; i++) {
      int cut = i % CHUNK.length;
      observer.body(CHUNK, 0, cut, i, out);
      observer.body(CHUNK, cut, CHUNK.length - cut, i, out);
    }
  }
}
