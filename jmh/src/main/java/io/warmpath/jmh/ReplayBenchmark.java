package io.warmpath.jmh;

import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.KvBlockIndexBuilder;
import io.warmpath.jmh.ReplayOptions.Part;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How fast is the index in what routers really see: a trace, and the caches of the engines that serve
 * it?
 *
 * <p>{@link ReplayOps} says what the operations are. All of them are made before the clock starts. Each
 * part is warmed up on another, generated trace and then has an index of its own:
 *
 * <ul>
 *   <li>service ({@link ServiceReplay}): one thread, one operation after the other. {@code lookup_ns},
 *       {@code blocks_per_s} and the memory are from here.
 *   <li>writer ({@link WriterReplay}): each request looked up while another thread writes as fast as
 *       it can.
 *   <li>deadline ({@link DeadlineReplay}): both at their times, scaled into {@code --duration}.
 *   <li>check ({@link ReplayCheck}): no times; every answer compared with the flat index's.
 * </ul>
 *
 * <p>One process is one measurement:
 *
 * <pre>{@code
 * for i in 1 2 3; do java -cp jmh/target/benchmarks.jar io.warmpath.jmh.ReplayBenchmark \
 *   --trace FILE --trace-block 512 --block 16 --pods 16 --pod-blocks 65536 --json replay-$i.json; done
 * }</pre>
 */
public final class ReplayBenchmark {

  private static final int WARM_UP_REQUESTS = 6000;
  private static final int WARM_UP_ROUNDS = 12;
  private static final double WARM_UP_SECONDS = 1;

  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final ReplayOptions options;
  private final Supplier<KvBlockIndex> subjects;
  private final ReplayOps ops;
  private final ReplayOps warmUp;

  /**
   * Makes the operations.
   *
   * @param options what is measured
   * @param subjects makes an empty index of the kind that is measured
   */
  ReplayBenchmark(ReplayOptions options, Supplier<KvBlockIndex> subjects) throws IOException {
    this.options = options;
    this.subjects = subjects;
    Path file = options.trace();
    List<ReplayTrace.Request> trace = file == null
        ? ReplayTrace.generated(options.requests(), options.traceBlock(), options.seed())
        : ReplayTrace.read(file);
    if (trace.isEmpty()) {
      throw new IllegalArgumentException("--trace: " + file + " has no requests; name another");
    }
    ops = ops(trace.subList(0, Math.min(trace.size(), options.requests())));
    warmUp = ops(ReplayTrace.generated(
        Math.min(WARM_UP_REQUESTS, ops.requests()), options.traceBlock(), ~options.seed()));
  }

  private ReplayOps ops(List<ReplayTrace.Request> trace) {
    return ReplayOps.of(
        trace, options.traceBlock(), options.block(), options.pods(), options.podBlocks());
  }

  /**
   * Measures, and ends the JVM: with 0; with 1 if an answer was wrong or a change lost; with 2 if an
   * option was.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  static int run(PrintStream out, PrintStream err, String... args) {
    if (args.length == 1 && args[0].equals("--help")) {
      out.print(ReplayOptions.USAGE);
      return 0;
    }
    ReplayOptions options;
    try {
      options = ReplayOptions.parse(args);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return MISUSED;
    }
    return run(out, err, options, () -> builder(options, options.flat()).build());
  }

  static int run(
      PrintStream out, PrintStream err, ReplayOptions options, Supplier<KvBlockIndex> subjects) {
    try {
      Map<String, Object> results = new ReplayBenchmark(options, subjects).measured();
      out.print(ReplayReport.text(results));
      if (options.json() != null) {
        Files.writeString(options.json(), ReplayReport.json(results));
      }
      return 0;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return MISUSED;
    } catch (IllegalStateException | IOException e) {
      err.println("replay failed: " + e.getMessage());
      return FAILED;
    }
  }

  private static KvBlockIndexBuilder builder(ReplayOptions options, boolean flat) {
    int most = options.pods() * options.podBlocks();
    KvBlockIndexBuilder builder =
        KvBlockIndex.builder().capacityBlocks(Math.max(KvBlockIndex.DEFAULT_CAPACITY_BLOCKS, most));
    return flat ? builder.flat() : builder;
  }

  private ReplayTarget target() {
    return ReplayTarget.of(subjects.get(), options.pods());
  }

  /**
   * Measures the parts asked for.
   *
   * @return figures by name
   * @throws IllegalStateException if an answer was wrong or a change lost
   */
  Map<String, Object> measured() throws IOException {
    Map<String, Object> results = new LinkedHashMap<>(Machine.facts());
    results.put("trace", options.traceName());
    results.put("index", options.flat() ? "flat" : "run");
    results.put("requests", ops.requests());
    results.put("pods", options.pods());
    results.put("pod_blocks", options.podBlocks());
    results.put("lookup_blocks", ops.lookedUpBlocks);
    results.put("stored_blocks", ops.storedBlocks);
    results.put("removed_blocks", ops.removed.length);
    results.put("timer_ns", ReplayClock.timerNanos());
    if (options.parts().contains(Part.SERVICE)) {
      service(results);
    }
    if (options.parts().contains(Part.WRITER)) {
      results.put("with_writer", writer());
    }
    if (options.parts().contains(Part.DEADLINE)) {
      results.put("deadline", deadline());
    }
    if (options.parts().contains(Part.CHECK)) {
      check(results);
    }
    return results;
  }

  private void service(Map<String, Object> results) {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      new ServiceReplay().run(warmUp, target());
    }
    long before = usedHeap();
    ReplayTarget target = target();
    ServiceReplay service = new ServiceReplay();
    service.run(ops, target);
    target.checkNothingLost();
    IndexStats stats = target.index().stats();
    results.put("lookup_ns", ReplayClock.summary(service.lookups));
    results.put("blocks_per_s", Math.round(service.blocksPerSecond(ops)));
    results.put("index_bytes", stats.bytes());
    results.put("heap_bytes", usedHeap() - before);
    results.put("blocks", stats.blocks());
    results.put("runs", stats.runs());
    sum(results, service.bestSum);
    // The index was reachable while the heap was read.
    target.checkNothingLost();
  }

  private Map<String, Object> writer() {
    new WriterReplay().run(warmUp, target(), Math.min(WARM_UP_SECONDS, options.seconds()));
    System.gc();
    ReplayTarget target = target();
    WriterReplay replay = new WriterReplay();
    replay.run(ops, target, options.seconds());
    target.checkNothingLost();
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("lookup_ns", ReplayClock.summary(replay.lookups));
    results.put("again_ns", ReplayClock.summary(replay.again));
    results.put("blocks_per_s", Math.round(replay.blocksPerSecond()));
    IndexStats stats = target.index().stats();
    results.put("retries", stats.retries());
    results.put("shortened", stats.shortened());
    return results;
  }

  private Map<String, Object> deadline() {
    new DeadlineReplay().run(warmUp, target(), Math.min(WARM_UP_SECONDS, options.seconds()));
    System.gc();
    ReplayTarget target = target();
    DeadlineReplay replay = new DeadlineReplay();
    replay.run(ops, target, options.seconds());
    target.checkNothingLost();
    return replay.summary(ops);
  }

  private void check(Map<String, Object> results) {
    ReplayCheck check = new ReplayCheck();
    check.run(ops, ReplayTarget.of(builder(options, true).build(), options.pods()), target());
    if (check.different > 0) {
      throw new IllegalStateException(check.different + " answers are wrong, sum of the best "
          + check.bestSum + " where the flat index has " + check.oracleBestSum
          + " and the engines " + ops.bestSum + "; the first: " + check.first);
    }
    sum(results, check.bestSum);
    results.put("oracle_best_sum", check.oracleBestSum);
  }

  private void sum(Map<String, Object> results, long bestSum) {
    if (bestSum != ops.bestSum) {
      throw new IllegalStateException("the sum of best matches is wrong: the index found " + bestSum
          + " blocks, the engines have " + ops.bestSum);
    }
    results.put("best_sum", bestSum);
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
