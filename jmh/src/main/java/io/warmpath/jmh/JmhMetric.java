package io.warmpath.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What JMH measured of one method, in one mode, with one set of parameters.
 *
 * @param benchmark class and method; in a group also the group: {@code Class.group:method}
 * @param parameters name=value, with spaces between
 * @param mode as JMH calls it: avgt, sample, ss
 * @param metric score and percentiles
 * @param allocated bytes an operation
 */
record JmhMetric(
    String benchmark, String parameters, String mode, Map<?, ?> metric, double allocated) {

  private static final Map<String, Double> NANOS =
      Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

  private static final Pattern METHOD = Pattern.compile("\\w+");

  /** {@return all that a file of results has} */
  static List<JmhMetric> all(Map<?, ?> file) {
    List<JmhMetric> all = new ArrayList<>();
    for (Object result : (List<?>) Objects.requireNonNull(file.get("results"))) {
      Map<?, ?> one = map(result);
      Map<?, ?> secondary = map(one.get("secondaryMetrics"));
      int methods = all.size();
      // In a group the primary metric mixes the methods; each of them is a secondary one.
      secondary.forEach((name, metric) -> {
        boolean timed = NANOS.containsKey(String.valueOf(map(metric).get("scoreUnit")));
        // Not p0.50 or read:p0.50, which repeat the percentiles.
        if (timed && METHOD.matcher(String.valueOf(name)).matches()) {
          all.add(of(one, ":" + name, map(metric)));
        }
      });
      if (all.size() == methods) {
        all.add(of(one, "", map(one.get("primaryMetric"))));
      }
    }
    return all;
  }

  private static JmhMetric of(Map<?, ?> result, String method, Map<?, ?> metric) {
    String name = String.valueOf(result.get("benchmark"));
    StringBuilder parameters = new StringBuilder();
    if (result.get("params") instanceof Map<?, ?> params) {
      params.forEach(
          (key, value) -> parameters.append(key).append('=').append(value).append(' '));
    }
    Map<?, ?> allocated = map(map(result.get("secondaryMetrics")).get("gc.alloc.rate.norm"));
    return new JmhMetric(
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1) + method,
        parameters.toString().strip(),
        String.valueOf(result.get("mode")),
        metric,
        number(allocated.get("score")));
  }

  double nanos() {
    return number(metric.get("score")) * unit();
  }

  /** {@return half of the confidence interval; NaN if there is none} */
  double errorNanos() {
    return number(metric.get("scoreError")) * unit();
  }

  double percentileNanos(String which) {
    return number(map(metric.get("scorePercentiles")).get(which)) * unit();
  }

  private double unit() {
    String unit = String.valueOf(metric.get("scoreUnit"));
    return Objects.requireNonNull(NANOS.get(unit), unit);
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
