package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.BlockChain;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.infra.ThreadParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What is timed is what the benchmarks say; nothing here looks at a time. */
class BenchmarksTest {

  private static final ThreadParams ALONE = new ThreadParams(0, 1, 0, 1, 0, 1, 0, 1, 0, 1);

  @Test
  void everyBenchmarkRuns() throws Exception {
    Set<String> run = new TreeSet<>();
    for (RunResult result : new Runner(new OptionsBuilder()
            .param("blocks", "2560")
            .param("chainBlocks", "40")
            .param("promptTokens", "400")
            .param("tokens", "320")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(10))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build())
        .run()) {
      run.add(result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1"));
    }

    assertEquals(
        new TreeSet<>(List.of(
            "ConversationBenchmark.parsed",
            "ConversationBenchmark.prepared",
            "ConversationBenchmark.rendered",
            "DropBenchmark.untilInvisible",
            "EngineHashBenchmark.chain",
            "EventApplyBenchmark.index",
            "EventApplyBenchmark.sink",
            "HashChainBenchmark.chain",
            "MatchBenchmark.besideWriter",
            "MatchBenchmark.fullHit",
            "MatchBenchmark.halfHit",
            "MatchBenchmark.miss",
            "PrefixLookupBenchmark.allHeld",
            "PrefixLookupBenchmark.nothingHeld",
            "RouteBenchmark.chat",
            "RouteBenchmark.tokenIds",
            "ScheduleBenchmark.cycle",
            "TokenizerBenchmark.cold",
            "TokenizerBenchmark.djl",
            "TokenizerBenchmark.load",
            "TokenizerBenchmark.warm")),
        run);
  }

  @Test
  void theTextHasAsManyTokensAsAskedFor() throws IOException {
    Tokenizer tokenizer = Model.tokenizer(Model.OWN);
    for (int tokens : new int[] {1, 400, 20_000}) {
      TokenBuffer ids = new TokenBuffer();

      tokenizer.encode(TokenizerBenchmark.text(tokenizer, tokens), false, ids);

      assertTrue(ids.size() <= tokens && ids.size() > tokens - 8, () -> tokens + ": " + ids.size());
    }
  }

  @Test
  void theChainIsThatOfAllTokensOfThePrompt() {
    HashChainBenchmark benchmark = new HashChainBenchmark();
    benchmark.tokens = 320;
    benchmark.blockSize = 16;
    benchmark.setUp();
    HashChainBenchmark.Caller caller = new HashChainBenchmark.Caller();

    long first = benchmark.chain(caller);
    long second = benchmark.chain(caller);

    BlockChain expected = new BlockChain();
    expected.start(benchmark.hasher.root(null, null));
    for (int token = 0; token < 320; token += 16) {
      benchmark.hasher.append(expected, benchmark.prompts[0], token, token + 16, 16);
    }
    assertEquals(expected.last(), first);
    assertEquals(20, caller.chain.length());
    assertNotEquals(first, second);
  }

  @Test
  void aMatchFindsAllHalfOrNothingOfAChain() {
    MatchBenchmark benchmark = match();
    MatchBenchmark.Caller caller = new MatchBenchmark.Caller();
    caller.setUp(benchmark, ALONE);

    for (int call = 0; call < 100; call++) {
      assertEquals(40, benchmark.fullHit(caller));
      assertEquals(4, podsWith(40, benchmark, caller));
      assertEquals(20, benchmark.halfHit(caller));
      assertEquals(4, podsWith(20, benchmark, caller));
      assertEquals(0, benchmark.miss(caller));
    }
    assertEquals(2560, benchmark.index.stats().blocks());
  }

  @Test
  void aWriterLeavesWhatIsAskedForAsItIs() {
    MatchBenchmark benchmark = match();
    MatchBenchmark.Caller caller = new MatchBenchmark.Caller();
    caller.setUp(benchmark, ALONE);
    MatchBenchmark.Writer writer = new MatchBenchmark.Writer();
    writer.setUp(benchmark);

    for (int call = 0; call < 100; call++) {
      assertTrue(benchmark.change(writer));
      assertEquals(40, benchmark.lookUp(caller));
      assertEquals(4, podsWith(40, benchmark, caller));
    }

    writer.check(benchmark);
    assertTrue(benchmark.index.stats().blocks() > 2560);
  }

  @Test
  void aDroppedPodIsNotSeenAndComesBackWithAllItHad() {
    DropBenchmark benchmark = new DropBenchmark();
    benchmark.blocks = 2560;
    benchmark.chainBlocks = 40;
    benchmark.pods = 16;
    benchmark.holders = 4;
    benchmark.setUp();

    for (int call = 0; call < 5; call++) {
      benchmark.comeBack();
      assertEquals(640, benchmark.podBlocks());
      assertEquals(0, benchmark.untilInvisible());
      assertEquals(0, benchmark.podBlocks());
      assertEquals(40, benchmark.match.longest());
    }
  }

  @Test
  void aPrefixLookupFindsThePromptAtItsHoldersOrNothing() {
    PrefixLookupBenchmark benchmark = new PrefixLookupBenchmark();
    benchmark.tokens = 3200;
    benchmark.blockSize = 16;
    benchmark.blocks = 20_000;
    benchmark.setUp();
    PrefixLookupBenchmark.Caller caller = new PrefixLookupBenchmark.Caller();
    caller.setUp(benchmark, ALONE);

    for (int call = 0; call < 100; call++) {
      assertEquals(4 * 200, benchmark.allHeld(caller));
      assertEquals(200, caller.chain.length());
      assertEquals(0, benchmark.nothingHeld(caller));
      assertEquals(64, caller.chain.length());
    }
  }

  private static long podsWith(int blocks, MatchBenchmark benchmark, MatchBenchmark.Caller caller) {
    return Pods.of(16).stream()
        .filter(pod -> caller.match.blocks(benchmark.index.slot(pod)) == blocks)
        .count();
  }

  private static MatchBenchmark match() {
    MatchBenchmark benchmark = new MatchBenchmark();
    benchmark.blocks = 2560;
    benchmark.chainBlocks = 40;
    benchmark.pods = 16;
    benchmark.holders = 4;
    benchmark.setUp();
    return benchmark;
  }

  @Test
  void aCycleFindsAPodThatHasThePrompt() {
    ScheduleBenchmark benchmark = new ScheduleBenchmark();
    benchmark.blocks = 2560;
    benchmark.chainBlocks = 40;
    benchmark.pods = 16;
    benchmark.holders = 4;
    benchmark.setUp();
    ScheduleBenchmark.Caller caller = new ScheduleBenchmark.Caller();
    caller.setUp(ALONE);

    assertTrue(benchmark.cycle(caller));

    assertEquals(40, caller.cycle.longestMatch());
    assertEquals(40, caller.cycle.totalBlocks());
    assertEquals(4, caller.cycle.chosen(0));
  }

  @Test
  void whatIsStoredIsRemovedAWindowLaterAndTheIndexStaysAsFull() {
    for (int holders : new int[] {1, 4}) {
      EventApplyBenchmark.Load load = new EventApplyBenchmark.Load();
      load.blocks = 2560;
      load.pods = 16;
      load.holders = holders;
      EventApplyBenchmark.ToIndex toIndex = new EventApplyBenchmark.ToIndex();
      toIndex.setUp(load);
      EventApplyBenchmark.ToSinks toSinks = new EventApplyBenchmark.ToSinks();
      toSinks.setUp(load);
      EventApplyBenchmark benchmark = new EventApplyBenchmark();

      for (int call = 0; call < 1000; call++) {
        assertTrue(benchmark.index(toIndex));
        benchmark.sink(toSinks);
      }

      toIndex.check();
      toSinks.check();
      long stored = (load.churn().window() + 1000) * Churn.BATCH_BLOCKS;
      assertEquals(2560, toIndex.index.stats().blocks());
      assertEquals(2560, toSinks.router.index().stats().blocks());
      assertEquals(stored, toSinks.router.stats().events().stored());
      assertEquals(32_000, toSinks.router.stats().events().removed());
    }
  }

  @Test
  void aRunThatLostAChangeIsRefused() {
    EventApplyBenchmark.Load load = new EventApplyBenchmark.Load();
    load.blocks = 2560;
    load.pods = 16;
    load.holders = 1;
    EventApplyBenchmark.ToIndex to = new EventApplyBenchmark.ToIndex();
    to.setUp(load);
    to.index.drop(Pods.of(16).get(3));
    for (int call = 0; call < 16; call++) {
      new EventApplyBenchmark().index(to);
    }

    assertThrows(IllegalStateException.class, to::check);
  }

  @Test
  void aRouteFindsAllButTheLastMessageAndLeavesNothingInFlight() throws Exception {
    RouteBenchmark benchmark = new RouteBenchmark();
    benchmark.promptTokens = 4000;
    benchmark.pods = 16;
    benchmark.tokenizer = Model.OWN;
    benchmark.setUp();
    RouteBenchmark.Caller caller = new RouteBenchmark.Caller();
    caller.setUp(benchmark, ALONE);

    for (int call = 0; call < 200; call++) {
      for (RoutingDecision decision : List.of(benchmark.chat(caller), benchmark.tokenIds(caller))) {
        assertEquals(4000, decision.promptTokens(), 80);
        int share =
            decision.matchedBlocks(decision.endpoints().get(0)) * 1000 / decision.totalBlocks();
        assertTrue(share > 940 && share < 980, () -> share + " of 1000 blocks were cached");
      }
    }

    benchmark.check();
    assertEquals(400, benchmark.router.stats().routed());
  }
}
