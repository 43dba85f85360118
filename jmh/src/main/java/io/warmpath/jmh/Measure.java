package io.warmpath.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks and keeps what they said: {@code jmh/results/NAME.json} holds JMH's own results with
 * the machine, the JDK, the commit and the command; {@code docs/performance.md} gets its tables anew.
 *
 * <p>{@code java -cp jmh/target/benchmarks.jar io.warmpath.jmh.Measure NAME [--trace FILE] [JMH's
 * options]}, in the root of the repository. First {@link ReplayBenchmark} runs, in three processes one
 * after the other: {@code --trace} and whatever else begins with two dashes is an option of it. Then
 * JMH's benchmarks run. Without JMH's options everything runs, which takes some 20 minutes; a name
 * among them chooses benchmarks, of which {@code ReplayBenchmark} is one.
 */
public final class Measure {

  private static final Path RESULTS = Path.of("jmh/results");
  private static final Path DOCS = Path.of("docs/performance.md");

  /** Left out: where the JVM lies on this machine, and some 10,000 lines that the percentiles sum up. */
  private static final Set<String> LEFT_OUT = Set.of("jvm", "rawDataHistogram");

  /** Processes that replay. */
  private static final int REPLAYS = 3;

  private Measure() {}

  /**
   * Measures.
   *
   * @param args name of the results, then the replay's options and JMH's
   * @throws Exception if a benchmark fails, or a file cannot be written
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 0 || args[0].startsWith("-") || !Files.isDirectory(RESULTS)) {
      System.err.println("In the root of the repository:"
          + " java -cp jmh/target/benchmarks.jar io.warmpath.jmh.Measure NAME"
          + " [--trace FILE] [JMH's options]");
      System.exit(2);
    }
    List<String> forReplay = new ArrayList<>();
    List<String> forJmh = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      if (args[i].startsWith("--") && i + 1 < args.length) {
        forReplay.addAll(List.of(args[i], args[i + 1]));
        i++;
      } else {
        forJmh.add(args[i]);
      }
    }
    ReplayOptions.parse(forReplay.toArray(new String[0]));
    Map<String, Object> facts = facts(args);
    CommandLineOptions options = new CommandLineOptions(forJmh.toArray(new String[0]));
    List<Object> replays = chosen(options) ? replays(forReplay) : List.of();
    Path raw = Files.createTempFile("warmpath-jmh", ".json");
    try {
      runJmh(options, raw);
      write(facts, raw, replays, RESULTS.resolve(args[0] + ".json"));
    } finally {
      Files.delete(raw);
    }
    PerformanceTables.update(DOCS);
  }

  private static void runJmh(CommandLineOptions options, Path raw)
      throws IOException, RunnerException {
    try {
      new Runner(new OptionsBuilder()
              .parent(options)
              .addProfiler(GCProfiler.class)
              .shouldFailOnError(true)
              .resultFormat(ResultFormatType.JSON)
              .result(raw.toString())
              .build())
          .run();
    } catch (NoBenchmarksException e) {
      if (!chosen(options)) {
        throw e;
      }
      // Only the replay was asked for.
      Files.writeString(raw, "[]");
    }
  }

  private static Map<String, Object> facts(String[] args) throws IOException {
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    StringBuilder command = new StringBuilder("java ");
    flags.forEach(flag -> command.append(flag).append(' '));
    command.append("-cp jmh/target/benchmarks.jar ").append(Measure.class.getName());
    for (int i = 0; i < args.length; i++) {
      // Where the trace lies on this machine is left out.
      boolean file = i > 0 && args[i - 1].equals("--trace");
      command.append(' ').append(file ? Path.of(args[i]).getFileName() : args[i]);
    }
    Map<String, Object> facts = Machine.facts();
    facts.put("command", command.toString());
    return facts;
  }

  /** {@return whether JMH's options, which choose benchmarks by their names, choose the replay too} */
  private static boolean chosen(CommandLineOptions options) {
    List<String> includes = new ArrayList<>(options.getIncludes());
    return includes.isEmpty()
        || includes.stream()
            .anyMatch(
                i -> Pattern.compile(i).matcher(ReplayBenchmark.class.getName()).find());
  }

  /** Replays in processes of its own, so that no JVM has seen the trace before. */
  private static List<Object> replays(List<String> options)
      throws IOException, InterruptedException {
    List<Object> results = new ArrayList<>();
    for (int i = 0; i < REPLAYS; i++) {
      Path json = Files.createTempFile("warmpath-replay", ".json");
      try {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(ReplayBenchmark.class.getName());
        command.addAll(options);
        command.addAll(List.of("--json", json.toString()));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
          throw new IllegalStateException("the replay ended with " + status + ", see above");
        }
        results.add(PerformanceTables.read(json));
      } finally {
        Files.delete(json);
      }
    }
    return results;
  }

  static void write(Map<String, Object> facts, Path raw, List<Object> replays, Path file)
      throws IOException {
    JsonFactory factory = new JsonFactory();
    try (JsonParser from = factory.createParser(raw.toFile());
        JsonGenerator to = factory.createGenerator(Files.newBufferedWriter(file))) {
      to.setPrettyPrinter(new DefaultPrettyPrinter());
      to.writeStartObject();
      for (Map.Entry<String, Object> fact : facts.entrySet()) {
        to.writeObjectField(fact.getKey(), fact.getValue());
      }
      to.writeFieldName("results");
      copy(from, to);
      if (!replays.isEmpty()) {
        to.writeFieldName("replays");
        JsonValues.write(to, replays);
      }
      to.writeEndObject();
      to.writeRaw('\n');
    }
  }

  private static void copy(JsonParser from, JsonGenerator to) throws IOException {
    for (JsonToken token = from.nextToken(); token != null; token = from.nextToken()) {
      if (token == JsonToken.FIELD_NAME && LEFT_OUT.contains(from.currentName())) {
        from.nextToken();
        from.skipChildren();
      } else {
        to.copyCurrentEvent(from);
      }
    }
  }
}
