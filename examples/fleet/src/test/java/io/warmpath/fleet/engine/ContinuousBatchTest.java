package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The batch in virtual time: no clock, no thread. */
class ContinuousBatchTest {

  private static final double EXACT = 1e-9;
  private static final StepTime H100 = StepTime.QWEN3_32B_2X_H100;
  private final FleetTokenizer tokenizer = FleetTokenizer.load();
  private final List<RequestTimes> ended = new ArrayList<>();
  private final List<ContinuousBatch.TokenUpdate> updates = new ArrayList<>();
  private double now;

  @Test
  void aStepTakesWhatTheModelSays() {
    Run run = new Run(EngineConfig.builder().build());
    run.submit(prompt(0, 1000), 2);

    run.step();
    assertEquals(2 + 0.046 * 1000 + 2e-6 * 0.5 * 1000 * 1000, now, EXACT);
    double first = now;
    run.step();
    assertEquals(2 + 9 + 49e-6 * 1000 + 0.06, now - first, EXACT);
    assertEquals(first, ended.get(0).firstTokenMillis(), EXACT);
    assertEquals(now, ended.get(0).endMillis(), EXACT);
  }

  @Test
  void aLongPromptIsComputedInChunksBesideDecodes() {
    Run run = new Run(EngineConfig.builder().build());
    run.submit(prompt(0, 100), 10);
    run.step();
    run.submit(prompt(500, 10_000), 1);

    double before = now;
    run.step();
    int chunk = 8192 - 1;
    assertEquals(H100.millis(chunk, 0.5 * chunk * chunk, 1, 100), now - before, EXACT);
    before = now;
    run.step();
    int rest = 10_000 - chunk;
    assertEquals(
        H100.millis(rest, (double) rest * chunk + 0.5 * rest * rest, 1, 101), now - before, EXACT);
    assertEquals(1, ended.size());
  }

  @Test
  void aPromptThatWasComputedBeforeIsHitButForItsLastBlock() {
    Run run = new Run(EngineConfig.builder().build());
    run.submit(prompt(0, 64), 1);
    run.step();
    run.submit(prompt(0, 64), 1);

    double before = now;
    run.step();

    assertEquals(48, ended.get(1).cachedTokens());
    assertEquals(H100.millis(16, 16 * 48 + 0.5 * 16 * 16, 0, 0), now - before, EXACT);
  }

  @Test
  void aGeneratedBlockIsCachedAsItFills() {
    Run run = new Run(EngineConfig.builder().build());
    int[] first = prompt(0, 20);
    run.submit(first, 40);
    while (ended.isEmpty()) {
      run.step();
    }
    int[] answer = GeneratedAnswer.tokens(tokenizer, first, 40);
    int[] next = IntStream.concat(IntStream.of(first), IntStream.of(answer)).toArray();

    run.submit(IntStream.concat(IntStream.of(next), IntStream.range(0, 20)).toArray(), 1);
    run.step();

    // The last token's keys and values were never computed: 59 tokens, three full blocks.
    assertEquals(48, ended.get(1).cachedTokens());
    assertArrayEquals(
        answer,
        updates.stream().limit(40).mapToInt(ContinuousBatch.TokenUpdate::token).toArray());
  }

  @Test
  void whoCameFirstIsServedFirstEvenIfALaterOneWouldFit() {
    Run run = new Run(EngineConfig.builder().kvBlocks(10).build());
    run.submit(prompt(0, 100), 3);
    run.submit(prompt(1000, 90), 1);
    run.submit(prompt(2000, 16), 1);

    run.step();
    run.step();

    assertEquals(1, run.batch.runningCount());
    assertEquals(2, run.batch.waitingCount());
    run.step();
    run.step();
    assertEquals(
        List.of("r0", "r1", "r2"), ended.stream().map(RequestTimes::requestId).toList());
  }

  @Test
  void theBatchTakesNoMoreThanItsSequences() {
    Run run = new Run(EngineConfig.builder().maxNumSeqs(2).build());
    for (int i = 0; i < 3; i++) {
      run.submit(prompt(i * 100, 20), 2);
    }

    run.step();

    assertEquals(2, run.batch.runningCount());
    assertEquals(1, run.batch.waitingCount());
  }

  @Test
  void whenBlocksRunOutTheLastAdmittedBeginsAgainAndLosesNoToken() {
    Run run = new Run(EngineConfig.builder().kvBlocks(5).build());
    int[] a = prompt(0, 31);
    int[] b = prompt(100, 31);
    run.submit(a, 30);
    run.submit(b, 30);

    for (int i = 0; i < 200 && ended.size() < 2; i++) {
      run.step();
    }

    assertEquals(2, ended.size());
    assertEquals("r0", ended.get(0).requestId());
    assertEquals(0, ended.get(0).preemptions());
    assertTrue(ended.get(1).preemptions() > 0);
    assertEquals(run.counters.preemptions.get(), ended.get(1).preemptions());
    assertArrayEquals(GeneratedAnswer.tokens(tokenizer, b, 30), run.tokensOf("r1"));
    assertEquals(5, run.cache.freeBlocks());
    assertEquals(62, run.counters.prefixQueries.get());
  }

  @Test
  void equalPromptsInFlightAtOnceMakeCopies() {
    Run run = new Run(EngineConfig.builder().build());
    run.submit(prompt(0, 40), 1);
    run.submit(prompt(0, 40), 1);

    run.step();

    long stores = run.cache.drainEvents().stream()
        .filter(e -> e instanceof CacheEvent.Stored)
        .count();
    assertEquals(2, stores);
    assertEquals(2, run.cache.cachedHashes());
    assertEquals(0, ended.get(1).cachedTokens());
  }

  @Test
  void anAbortedSequenceGivesItsBlocksBackWhereverItIs() {
    Run run = new Run(EngineConfig.builder().kvBlocks(10).build());
    Sequence running = run.submit(prompt(0, 100), 5);
    Sequence waiting = run.submit(prompt(1000, 100), 5);
    run.step();

    run.batch.abort(waiting, now);
    run.batch.abort(running, now);
    run.batch.abort(running, now);

    assertTrue(run.batch.isIdle());
    assertEquals(10, run.cache.freeBlocks());
    assertEquals(List.of(true, true), ended.stream().map(RequestTimes::aborted).toList());
  }

  private static int[] prompt(int from, int count) {
    return IntStream.range(from, from + count).map(i -> i % 1800).toArray();
  }

  /** A batch, its cache, and the time that passes as it steps. */
  private final class Run {
    final BlockCache cache;
    final EngineCounters counters = new EngineCounters();
    final ContinuousBatch batch;
    final BlockHashes hashes;
    int submitted;

    Run(EngineConfig config) {
      cache = new BlockCache(config.kvBlocks(), config.blockSize(), true);
      hashes = new BlockHashes("0", config.blockSize());
      batch = new ContinuousBatch(config, cache, counters, ended::add);
    }

    Sequence submit(int[] prompt, int maxTokens) {
      GeneratedAnswer answer = GeneratedAnswer.to(tokenizer, prompt, prompt.length);
      Sequence sequence = new Sequence(
          "r" + submitted++,
          0,
          prompt,
          maxTokens,
          now,
          hashes.chain(""),
          answer,
          (token, last) -> {});
      batch.enqueue(sequence);
      return sequence;
    }

    void step() {
      now += batch.beginStep(now);
      batch.endStep(now, updates);
    }

    int[] tokensOf(String requestId) {
      return updates.stream()
          .filter(u -> u.sequence().requestId.equals(requestId))
          .mapToInt(ContinuousBatch.TokenUpdate::token)
          .toArray();
    }
  }
}
