package io.warmpath.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks and keeps what they said: {@code jmh/results/NAME.json} holds JMH's own results with
 * the machine, the JDK, the commit and the command; {@code docs/performance.md} gets its tables anew.
 *
 * <p>{@code java -cp jmh/target/benchmarks.jar io.warmpath.jmh.Measure NAME [JMH's options]}, in the
 * root of the repository. Without options everything runs, which takes some 11 minutes.
 */
public final class Measure {

  private static final Path RESULTS = Path.of("jmh/results");
  private static final Path DOCS = Path.of("docs/performance.md");

  /** Left out: where the JVM lies on this machine, and some 10,000 lines that the percentiles sum up. */
  private static final Set<String> LEFT_OUT = Set.of("jvm", "rawDataHistogram");

  private Measure() {}

  /**
   * Measures.
   *
   * @param args name of the results, then JMH's options
   * @throws Exception if a benchmark fails, or a file cannot be written
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 0 || args[0].startsWith("-") || !Files.isDirectory(RESULTS)) {
      System.err.println("In the root of the repository:"
          + " java -cp jmh/target/benchmarks.jar io.warmpath.jmh.Measure NAME [JMH's options]");
      System.exit(2);
    }
    Map<String, Object> facts = facts(args);
    Path raw = Files.createTempFile("warmpath-jmh", ".json");
    try {
      String[] options = Arrays.copyOfRange(args, 1, args.length);
      new Runner(new OptionsBuilder()
              .parent(new CommandLineOptions(options))
              .addProfiler(GCProfiler.class)
              .shouldFailOnError(true)
              .resultFormat(ResultFormatType.JSON)
              .result(raw.toString())
              .build())
          .run();
      write(facts, raw, RESULTS.resolve(args[0] + ".json"));
    } finally {
      Files.delete(raw);
    }
    PerformanceTables.update(DOCS);
  }

  private static Map<String, Object> facts(String[] args) throws IOException {
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    StringBuilder command = new StringBuilder("java ");
    flags.forEach(flag -> command.append(flag).append(' '));
    command.append("-cp jmh/target/benchmarks.jar ").append(Measure.class.getName());
    Arrays.stream(args).forEach(arg -> command.append(' ').append(arg));

    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", cpu());
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    facts.put("loadAverage", Math.round(load * 10) / 10.0);
    facts.put("commit", commit());
    facts.put("command", command.toString());
    return facts;
  }

  private static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.exists(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }

  /** {@return the commit, with {@code -dirty} if the working tree differs from it} */
  private static String commit() throws IOException {
    Process git = new ProcessBuilder(
            "git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return said.isEmpty() ? "unknown" : said;
  }

  static void write(Map<String, Object> facts, Path raw, Path file) throws IOException {
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
