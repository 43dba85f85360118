package io.warmpath.jmh;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our tokenizer beside Hugging Face's, for {@code docs/performance.md}: the rows of {@link
 * TokenizerBenchmark} with a model's own files, and what {@code jmh/peers/tokenizers.py} wrote.
 */
final class TokenizerTable {

  private static final Pattern TOKENS = Pattern.compile("promptTokens=(\\d+)");
  private static final String NOT_MEASURED = "–";

  private TokenizerTable() {}

  static String text(Map<?, ?> file, Map<?, ?> peer) {
    return "    python jmh/peers/tokenizers.py DIR --json jmh/results/huggingface.json\n\n"
        + "| tokens a second; time | Warmpath | Hugging Face, by DJL | Hugging Face "
        + peer.get("version")
        + ", by Python |\n|---|---|---|---|\n"
        + row(
            "the same text again",
            rate(file, "warm"),
            rate(file, "djl"),
            rate(number(peer, "warm_tokens_per_s")))
        + row(
            "the first text after loading",
            rate(file, "cold"),
            NOT_MEASURED,
            rate(number(peer, "cold_tokens_per_s")))
        + row(
            "loading",
            mean(file, "TokenizerBenchmark.load"),
            NOT_MEASURED,
            time(number(peer, "load_s")))
        + row(
            "32,000 tokens; of a request that repeats all but its last message",
            mean(file, "ConversationBenchmark.prepared"),
            NOT_MEASURED,
            time(number(peer, "long_s")) + " (tokens alone)");
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String rate(Map<?, ?> file, String method) {
    return found(file, "TokenizerBenchmark." + method)
        .map(one -> rate(tokens(one) / one.nanos() * 1e9))
        .orElse(NOT_MEASURED);
  }

  private static String mean(Map<?, ?> file, String benchmark) {
    return found(file, benchmark)
        .map(one -> PerformanceTables.time(one.nanos(), Double.NaN))
        .orElse(NOT_MEASURED);
  }

  /** {@return the row with another tokenizer than our own, which is small} */
  private static Optional<JmhMetric> found(Map<?, ?> file, String benchmark) {
    return JmhMetric.all(file).stream()
        .filter(one -> one.benchmark().equals(benchmark)
            && !one.parameters().contains("tokenizer=" + Model.OWN))
        .findFirst();
  }

  private static int tokens(JmhMetric one) {
    Matcher tokens = TOKENS.matcher(one.parameters());
    if (!tokens.find()) {
      throw new IllegalArgumentException(one.benchmark() + ": no promptTokens in its parameters");
    }
    return Integer.parseInt(tokens.group(1));
  }

  private static double number(Map<?, ?> peer, String name) {
    return ((Number) Objects.requireNonNull(peer.get(name), name)).doubleValue();
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%.2f M", perSecond / 1e6);
  }

  private static String time(double seconds) {
    return PerformanceTables.time(seconds * 1e9, Double.NaN);
  }
}
