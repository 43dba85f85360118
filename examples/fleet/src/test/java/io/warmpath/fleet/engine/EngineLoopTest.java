package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineLoopTest {

  private static final long BOUND_SECONDS = 10;
  private final FleetTokenizer tokenizer = FleetTokenizer.load();
  private final EngineConfig config = EngineConfig.builder().timeScale(50).build();
  private final BlockCache cache = new BlockCache(config.kvBlocks(), config.blockSize(), true);
  private final BlockingQueue<RequestTimes> ended = new LinkedBlockingQueue<>();
  private final EngineLoop loop = new EngineLoop(config, cache, new EngineCounters(), ended::add);
  private final BlockingQueue<ContinuousBatch.TokenUpdate> tokens = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
  }

  @Test
  void simulatedTimesAreExactWhateverTheTimersDo() throws InterruptedException {
    loop.start((updates, events) -> tokens.addAll(updates));

    loop.submit(sequence("a", 1000, 5));
    RequestTimes times = next();

    double prefill = config.stepTime().millis(1000, 0.5 * 1000 * 1000, 0, 0);
    assertEquals(prefill, times.ttftMillis(), 1e-6);
    double decodes = IntStream.range(0, 4)
        .mapToDouble(i -> config.stepTime().millis(0, 0, 1, 1000 + i))
        .sum();
    assertEquals(prefill + decodes, times.endMillis() - times.arrivalMillis(), 1e-6);
    assertEquals(5, IntStream.range(0, 5).filter(i -> polled() != null).count());
  }

  @Test
  void tokensAreNotHandedOverBeforeTheirTime() throws InterruptedException {
    BlockingQueue<Double> handedOver = new LinkedBlockingQueue<>();
    loop.start((updates, events) -> handedOver.add(config.clock().nowMillis()));

    loop.submit(sequence("a", 5000, 3));
    RequestTimes times = next();

    Double first = handedOver.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    assertTrue(
        first != null && first >= times.firstTokenMillis(), () -> first + " before " + times);
    assertEquals(loop.lag().stats().steps(), 3);
  }

  @Test
  void aSequenceThatArrivesDuringAStepWaitsForItsEnd() throws InterruptedException {
    double now = config.clock().nowMillis();
    loop.submit(sequence("long", 5000, 1, now));
    loop.submit(sequence("short", 16, 1, now + 1));
    loop.start((updates, events) -> {});

    RequestTimes first = next();
    RequestTimes second = next();

    assertEquals("long", first.requestId());
    assertEquals(now, first.startMillis(), 1e-6);
    assertEquals(first.endMillis(), second.startMillis(), 1e-6);
  }

  @Test
  void anAbortFreesEverything() throws InterruptedException {
    loop.start((updates, events) -> tokens.addAll(updates));
    Sequence endless = sequence("endless", 100, 100_000);
    loop.submit(endless);
    assertTrue(polled() != null);

    loop.abort(endless);
    RequestTimes times = next();

    assertTrue(times.aborted());
    loop.stop();
    assertEquals(cache.capacity(), cache.freeBlocks());
    assertEquals(List.of(0, 0), List.of(loop.running(), loop.waiting()));
  }

  @Test
  void aStopEndsWhatRuns() throws InterruptedException {
    loop.start((updates, events) -> tokens.addAll(updates));
    loop.submit(sequence("endless", 100, 100_000));
    assertTrue(polled() != null);

    loop.stop();

    assertTrue(next().aborted());
  }

  private ContinuousBatch.TokenUpdate polled() {
    try {
      return tokens.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private RequestTimes next() throws InterruptedException {
    RequestTimes times = ended.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    assertTrue(times != null, "nothing ended in time");
    return times;
  }

  private Sequence sequence(String id, int promptTokens, int maxTokens) {
    return sequence(id, promptTokens, maxTokens, config.clock().nowMillis());
  }

  private Sequence sequence(String id, int promptTokens, int maxTokens, double arrivalMillis) {
    int[] prompt = IntStream.range(0, promptTokens).map(i -> i % 1800).toArray();
    return new Sequence(
        id,
        0,
        prompt,
        maxTokens,
        arrivalMillis,
        new BlockHashes("0", config.blockSize()).chain(""),
        GeneratedAnswer.to(tokenizer, prompt, prompt.length),
        (token, last) -> {});
  }
}
