package io.warmpath.jmh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ReplayBenchmark} is told on its command line.
 *
 * @param trace a trace in Mooncake's format; null to generate one
 * @param traceBlock tokens for each id of the trace, a multiple of {@code block}
 * @param block tokens of a block
 * @param pods engines
 * @param podBlocks blocks that each engine can keep
 * @param json where the results go; null for nowhere
 * @param flat whether the flat index is measured instead of the default one
 * @param seconds how long the parts last that have a length of their own
 * @param requests most requests taken from the trace, or made
 * @param seed of what is generated
 * @param parts what is measured
 */
record ReplayOptions(
    @Nullable Path trace,
    int traceBlock,
    int block,
    int pods,
    int podBlocks,
    @Nullable Path json,
    boolean flat,
    double seconds,
    int requests,
    long seed,
    Set<Part> parts) {

  /** What can be measured; always in this order. */
  enum Part {
    /** One thread, one operation after the other. */
    SERVICE,
    /** Look-ups while another thread writes. */
    WRITER,
    /** Both at the times that the trace gives. */
    DEADLINE,
    /** No times: are the answers those of the flat index, and of the engines? */
    CHECK;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final String USAGE = """
      java -cp jmh/target/benchmarks.jar io.warmpath.jmh.ReplayBenchmark [options]
        --trace FILE        Mooncake's JSONL (timestamp, input_length, hash_ids); generated if left out
        --trace-block N     tokens for each hash id: 512
        --block N           tokens of a block, divides it: 16
        --pods N            engines: 16
        --pod-blocks N      blocks each can keep: 65536
        --requests N        most requests taken, or made: 12031
        --duration SECONDS  what the trace's time is scaled to, and least time with a writer: 5
        --index run|flat    what is measured: run
        --parts A,B         of service, writer, deadline, check: all
        --seed N            of what is generated: 42
        --json FILE         where the results go
      """;

  /** As Mooncake's trace of conversations has. */
  private static final int REQUESTS = 12_031;

  /** Checks the numbers. */
  ReplayOptions {
    atLeast("--block", block, 1);
    atLeast("--pods", pods, 1);
    atLeast("--pod-blocks", podBlocks, 1);
    atLeast("--requests", requests, 1);
    if (traceBlock < block || traceBlock % block != 0) {
      throw new IllegalArgumentException("--trace-block: must be a multiple of --block, which is "
          + block + "; was " + traceBlock + "; try --trace-block " + 32L * block);
    }
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new IllegalArgumentException(
          "--duration: seconds must be in (0, 3600], were " + seconds + "; try --duration 5");
    }
    if ((long) pods * podBlocks > 1 << 28) {
      throw new IllegalArgumentException("--pod-blocks: all pods together can have at most 2^28 = "
          + (1 << 28) + " blocks; were " + (long) pods * podBlocks + "; give fewer");
    }
  }

  /** {@return the options that the arguments say} */
  static ReplayOptions parse(String... args) {
    Path trace = null;
    int traceBlock = 512;
    int block = 16;
    int pods = 16;
    int podBlocks = 65_536;
    Path json = null;
    boolean flat = false;
    double seconds = 5;
    int requests = REQUESTS;
    long seed = 42;
    Set<Part> parts = EnumSet.allOf(Part.class);
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i];
      if (!USAGE.contains("  " + name + " ")) {
        throw new IllegalArgumentException(name + ": no such option; --help lists the options");
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(name + ": needs a value behind it; see --help");
      }
      String value = args[i + 1];
      switch (name) {
        case "--trace" -> trace = file(name, value);
        case "--trace-block" -> traceBlock = (int) number(name, value, Integer.MAX_VALUE);
        case "--block" -> block = (int) number(name, value, Integer.MAX_VALUE);
        case "--pods" -> pods = (int) number(name, value, Integer.MAX_VALUE);
        case "--pod-blocks" -> podBlocks = (int) number(name, value, Integer.MAX_VALUE);
        case "--requests" -> requests = (int) number(name, value, Integer.MAX_VALUE);
        case "--seed" -> seed = number(name, value, Long.MAX_VALUE);
        case "--duration" -> seconds = seconds(name, value);
        case "--json" -> json = target(name, value);
        case "--index" -> flat = isFlat(name, value);
        case "--parts" -> parts = parts(name, value);
        default -> throw new IllegalStateException(name + " is in the usage only");
      }
    }
    return new ReplayOptions(
        trace, traceBlock, block, pods, podBlocks, json, flat, seconds, requests, seed, parts);
  }

  /** {@return what was replayed, without where it lies on this machine} */
  String traceName() {
    return trace == null ? "generated, seed " + seed : String.valueOf(trace.getFileName());
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": must be at least " + least + ", was " + value + "; give a larger number");
    }
  }

  private static Path file(String name, String value) {
    Path file = Path.of(value);
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(name + ": cannot read the file " + value
          + "; check the path, or leave " + name + " out to have a trace generated");
    }
    return file;
  }

  private static Path target(String name, String value) {
    Path file = Path.of(value);
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          name + ": cannot write " + value + "; name a file in a directory that exists");
    }
    return file;
  }

  private static long number(String name, String value, long most) {
    try {
      long number = Long.parseLong(value);
      if (number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        name + ": must be a whole number up to " + most + ", was '" + value + "'");
  }

  private static double seconds(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + ": must be a number of seconds, was '" + value + "'; try " + name + " 5", e);
    }
  }

  private static boolean isFlat(String name, String value) {
    if (!value.equals("flat") && !value.equals("run")) {
      throw new IllegalArgumentException(
          name + ": must be run (the default index) or flat (its oracle), was '" + value + "'");
    }
    return value.equals("flat");
  }

  private static Set<Part> parts(String name, String value) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    for (String word : value.split(",", -1)) {
      Part part = Arrays.stream(Part.values())
          .filter(p -> word.equals(p.text()))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(name + ": must be of "
              + Arrays.stream(Part.values()).map(Part::text).collect(Collectors.joining(", "))
              + ", with commas between; was '" + value + "'"));
      parts.add(part);
    }
    return parts;
  }
}
