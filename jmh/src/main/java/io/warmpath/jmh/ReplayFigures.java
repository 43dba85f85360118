package io.warmpath.jmh;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What several processes of {@link ReplayBenchmark} measured, as a file of results keeps it. */
final class ReplayFigures {

  private final List<?> replays;

  ReplayFigures(Map<?, ?> file) {
    replays = file.get("replays") instanceof List<?> list ? list : List.of();
  }

  int processes() {
    return replays.size();
  }

  /** {@return whether there is such a figure} */
  boolean has(String... path) {
    return values(path).length > 0;
  }

  /** {@return the median over the processes; the larger of two in the middle; NaN if there is none} */
  double median(String... path) {
    double[] values = values(path);
    return values.length == 0 ? Double.NaN : values[values.length / 2];
  }

  double least(String... path) {
    double[] values = values(path);
    return values.length == 0 ? Double.NaN : values[0];
  }

  double most(String... path) {
    double[] values = values(path);
    return values.length == 0 ? Double.NaN : values[values.length - 1];
  }

  /** {@return in how many processes this was true} */
  long times(String... path) {
    return replays.stream()
        .filter(replay -> Boolean.TRUE.equals(value(replay, path)))
        .count();
  }

  /** {@return what the first process said; an empty text if nothing} */
  String text(String... path) {
    return replays.isEmpty() ? "" : String.valueOf(value(replays.get(0), path));
  }

  private double[] values(String... path) {
    return replays.stream()
        .map(replay -> value(replay, path))
        .filter(Number.class::isInstance)
        .mapToDouble(value -> ((Number) value).doubleValue())
        .sorted()
        .toArray();
  }

  private static Object value(Object replay, String... path) {
    Object value = replay;
    for (String name : path) {
      value = value instanceof Map<?, ?> map && map.get(name) != null ? map.get(name) : "";
    }
    return value;
  }

  @Override
  public String toString() {
    return Arrays.toString(replays.toArray());
  }
}
