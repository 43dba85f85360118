package io.warmpath.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tables of {@code docs/performance.md} from the files that {@link Measure} wrote, so that
 * no figure is written by hand: what stands between {@code <!-- begin: FILE -->} and {@code <!-- end
 * -->} is replaced.
 *
 * <p>{@code java -cp jmh/target/benchmarks.jar io.warmpath.jmh.PerformanceTables docs/performance.md}
 */
public final class PerformanceTables {

  private static final Pattern SECTION =
      Pattern.compile("(<!-- begin: (\\S+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

  private static final Map<String, Double> NANOS =
      Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

  private PerformanceTables() {}

  /**
   * Writes the tables anew.
   *
   * @param args the document, in {@code docs/} of the repository
   * @throws IOException if it or a file of results cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    update(Path.of(args[0]));
  }

  static void update(Path document) throws IOException {
    Path root = Objects.requireNonNull(document.toAbsolutePath().getParent()).resolveSibling(".");
    Files.writeString(document, updated(Files.readString(document), root));
  }

  /** {@return the document with its tables as the files say; their paths begin at {@code root}} */
  static String updated(String document, Path root) throws IOException {
    StringBuilder out = new StringBuilder();
    Matcher section = SECTION.matcher(document);
    while (section.find()) {
      String table = table(read(root.resolve(section.group(2))));
      section.appendReplacement(
          out, Matcher.quoteReplacement(section.group(1) + table + section.group(3)));
    }
    return section.appendTail(out).toString();
  }

  private static Map<?, ?> read(Path file) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      json.nextToken();
      return (Map<?, ?>) Objects.requireNonNull(JsonValues.read(json));
    }
  }

  static String table(Map<?, ?> file) {
    StringBuilder out = new StringBuilder();
    out.append("    ").append(file.get("command")).append("\n\n");
    out.append(file.get("cpu")).append(", ").append(file.get("cores")).append(" cores; ");
    out.append(file.get("os"))
        .append("; ")
        .append(file.get("jdk"))
        .append("; load average before ");
    out.append(file.get("loadAverage")).append("; commit `").append(file.get("commit"));
    out.append("`.\n\n");
    out.append(
        "| benchmark | parameters | mean | p50 | p99 | allocated |\n|---|---|---|---|---|---|\n");
    Map<String, List<Map<?, ?>>> rows = new LinkedHashMap<>();
    for (Object result : (List<?>) Objects.requireNonNull(file.get("results"))) {
      Map<?, ?> one = (Map<?, ?>) Objects.requireNonNull(result);
      rows.computeIfAbsent(heading(one), h -> new ArrayList<>()).add(one);
    }
    rows.forEach((heading, modes) -> out.append(heading).append(row(modes)));
    return out.toString();
  }

  private static String heading(Map<?, ?> result) {
    String name = String.valueOf(result.get("benchmark"));
    String method = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    StringBuilder parameters = new StringBuilder();
    if (result.get("params") instanceof Map<?, ?> params) {
      params.forEach(
          (key, value) -> parameters.append(key).append('=').append(value).append(' '));
    }
    return "| `" + method + "` | " + parameters.toString().strip() + " | ";
  }

  /** The mean and what was allocated as averaged, where there is such a run; percentiles as sampled. */
  private static String row(List<Map<?, ?>> modes) {
    Map<?, ?> averaged = mode(modes, "avgt");
    Map<?, ?> sampled = mode(modes, "sample");
    Map<?, ?> main = averaged == null ? Objects.requireNonNull(sampled) : averaged;
    Map<?, ?> metric = map(main.get("primaryMetric"));
    double unit = unit(metric);
    Object allocated =
        map(map(main.get("secondaryMetrics")).get("gc.alloc.rate.norm")).get("score");
    return time(number(metric.get("score")) * unit, number(metric.get("scoreError")) * unit) + " | "
        + percentile(sampled, "50.0") + " | " + percentile(sampled, "99.0") + " | "
        + String.format(Locale.ROOT, "%,d B", Math.round(number(allocated))) + " |\n";
  }

  private static @Nullable Map<?, ?> mode(List<Map<?, ?>> modes, String mode) {
    return modes.stream().filter(m -> mode.equals(m.get("mode"))).findFirst().orElse(null);
  }

  private static String percentile(@Nullable Map<?, ?> sampled, String which) {
    if (sampled == null) {
      return "";
    }
    Map<?, ?> metric = map(sampled.get("primaryMetric"));
    double unit = unit(metric);
    return time(number(map(metric.get("scorePercentiles")).get(which)) * unit, Double.NaN);
  }

  /** {@return the unit of a metric's score, in nanoseconds} */
  private static double unit(Map<?, ?> metric) {
    String unit = String.valueOf(metric.get("scoreUnit"));
    return Objects.requireNonNull(NANOS.get(unit), unit);
  }

  /** {@return three digits of a time; with two of its error, if that is known} */
  private static String time(double nanos, double error) {
    double unit = nanos < 1e3 ? 1 : nanos < 1e6 ? 1e3 : 1e6;
    String text = digits(nanos / unit, 3);
    if (!Double.isNaN(error)) {
      text += " ± " + digits(error / unit, 2);
    }
    return text + (unit == 1 ? " ns" : unit == 1e3 ? " µs" : " ms");
  }

  private static String digits(double value, int count) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(count));
    int beforePoint = rounded.precision() - rounded.scale();
    return rounded.setScale(Math.max(0, count - beforePoint)).toPlainString();
  }

  /** JMH writes what is not a number as a text. */
  private static double number(@Nullable Object value) {
    return value instanceof Number number
        ? number.doubleValue()
        : Double.parseDouble(String.valueOf(value));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }
}
