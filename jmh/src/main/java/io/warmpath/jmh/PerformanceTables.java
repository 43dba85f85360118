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
 * -->} is replaced. {@code <!-- begin: FILE replays -->} gets what {@link ReplayBenchmark} measured, and
 * {@code <!-- begin: FILE peers -->} the figures of other indexes beside ours, and {@code <!-- begin: FILE
 * tokenizers -->} those of Hugging Face's tokenizer, of the file {@code huggingface.json} in the same
 * place.
 *
 * <p>{@code java -cp jmh/target/benchmarks.jar io.warmpath.jmh.PerformanceTables docs/performance.md}
 */
public final class PerformanceTables {

  private static final Pattern SECTION =
      Pattern.compile("(<!-- begin: (\\S+) ?(\\w*) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

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
      String table = table(root.resolve(section.group(2)), section.group(3));
      section.appendReplacement(
          out, Matcher.quoteReplacement(section.group(1) + table + section.group(4)));
    }
    return section.appendTail(out).toString();
  }

  static Map<?, ?> read(Path file) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      json.nextToken();
      return (Map<?, ?>) Objects.requireNonNull(JsonValues.read(json));
    }
  }

  private static String table(Path path, String kind) throws IOException {
    Map<?, ?> file = read(path);
    return switch (kind) {
      case "" -> jmhTable(file);
      case "replays" -> ReplayTables.text(file);
      case "peers" -> PeerTable.text(file);
      case "tokenizers" -> TokenizerTable.text(file, read(path.resolveSibling("huggingface.json")));
      default ->
        throw new IllegalArgumentException("no table '" + kind
            + "' of results; there are replays, peers and tokenizers, or nothing for JMH's");
    };
  }

  private static String jmhTable(Map<?, ?> file) {
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
        "| benchmark | parameters | mean | least | p50 | p99 | allocated |\n|---|---|---|---|---|---|---|\n");
    Map<String, List<JmhMetric>> rows = new LinkedHashMap<>();
    for (JmhMetric one : JmhMetric.all(file)) {
      String heading = "| `" + one.benchmark() + "` | " + one.parameters() + " | ";
      rows.computeIfAbsent(heading, h -> new ArrayList<>()).add(one);
    }
    rows.forEach((heading, modes) -> out.append(heading).append(row(modes)));
    return out.toString();
  }

  /** The mean and what was allocated as averaged, where there is such a run; percentiles as sampled. */
  private static String row(List<JmhMetric> modes) {
    JmhMetric averaged = mode(modes, "avgt");
    JmhMetric sampled = mode(modes, "sample");
    JmhMetric single = mode(modes, "ss");
    JmhMetric main =
        Objects.requireNonNull(averaged != null ? averaged : sampled != null ? sampled : single);
    JmhMetric calls = sampled != null ? sampled : single;
    return time(main.nanos(), main.errorNanos()) + " | "
        + percentile(calls, "0.0") + " | " + percentile(calls, "50.0") + " | "
        + percentile(calls, "99.0") + " | "
        + String.format(Locale.ROOT, "%,d B", Math.round(main.allocated())) + " |\n";
  }

  private static @Nullable JmhMetric mode(List<JmhMetric> modes, String mode) {
    return modes.stream().filter(m -> mode.equals(m.mode())).findFirst().orElse(null);
  }

  private static String percentile(@Nullable JmhMetric calls, String which) {
    return calls == null ? "" : time(calls.percentileNanos(which), Double.NaN);
  }

  /** {@return three digits of a time; with two of its error, if that is known} */
  static String time(double nanos, double error) {
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
}
