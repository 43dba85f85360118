package io.warmpath.engine;

import io.warmpath.endpoint.EndpointMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one engine's numbers out of a page in Prometheus' text format, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats), in one pass, looking only at lines it wants.
 *
 * <p>A page of several data-parallel engines has one series for each, told apart by the label {@code
 * engine} (vLLM) or {@code dp_rank} (SGLang). Taken is the one of the rank asked for; if the page
 * knows one engine only, that one, whatever its number. Several series of one engine (models served
 * under several names) are summed for vLLM's counts; elsewhere the largest counts, as SGLang repeats
 * each number for every tensor-parallel rank.
 *
 * <p><b>Threads:</b> one; an object serves one page after another. <b>Cost:</b> O(bytes); allocates a
 * short text for each value that is used. <b>Errors:</b> none thrown: {@link #malformedLines} and
 * {@link #invalidValues} count.
 */
final class MetricsPage {

  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int NO_ENGINE = -1;
  private static final int ODD_ENGINE = -2;

  /** What a series says, over all engines of the page. */
  private static final class Gauge {
    private final byte[] name;
    private final byte @Nullable [] label;
    private final boolean sums;
    private boolean mine;
    private double myValue;
    private int otherEngine;
    private boolean other;
    private boolean manyOthers;
    private double otherValue;

    /** A gauge; with {@code label} it is a label's text that counts instead of the value. */
    Gauge(String name, @Nullable String label, boolean sums) {
      this.name = name.getBytes(StandardCharsets.US_ASCII);
      this.label = label == null ? null : label.getBytes(StandardCharsets.US_ASCII);
      this.sums = sums;
      clear();
    }

    void clear() {
      mine = false;
      other = false;
      manyOthers = false;
      myValue = Double.NaN;
      otherValue = Double.NaN;
    }

    void add(int engine, int rank, double value) {
      if (engine == rank) {
        mine = true;
        myValue = join(myValue, value);
      } else {
        manyOthers |= other && engine != otherEngine;
        other = true;
        otherEngine = engine;
        otherValue = join(otherValue, value);
      }
    }

    private double join(double old, double value) {
      if (Double.isNaN(old) || Double.isNaN(value)) {
        return Double.isNaN(old) ? value : old;
      }
      return sums ? old + value : Math.max(old, value);
    }

    boolean isPresent() {
      return mine || (other && !manyOthers);
    }

    /** Returns the value, NaN if there is none or it makes no sense. */
    double value() {
      return mine ? myValue : other && !manyOthers ? otherValue : Double.NaN;
    }
  }

  // Names: from vllm/v1/metrics/loggers.py (0.9-0.33),
  // sglang/srt/metrics/collector.py (0.5.23), tensorrt_llm/metrics (main).
  private final Gauge vllmRunning = new Gauge("vllm:num_requests_running", null, true);
  private final Gauge vllmWaiting = new Gauge("vllm:num_requests_waiting", null, true);
  private final Gauge vllmUsage = new Gauge("vllm:kv_cache_usage_perc", null, false);
  private final Gauge vllmOldUsage = new Gauge("vllm:gpu_cache_usage_perc", null, false);
  private final Gauge vllmBlockSize = new Gauge("vllm:cache_config_info", "block_size", false);
  private final Gauge vllmBlocks = new Gauge("vllm:cache_config_info", "num_gpu_blocks", false);
  private final Gauge sglangRunning = new Gauge("sglang:num_running_reqs", null, false);
  private final Gauge sglangWaiting = new Gauge("sglang:num_queue_reqs", null, false);
  private final Gauge sglangGrammar = new Gauge("sglang:num_grammar_queue_reqs", null, false);
  private final Gauge sglangUsage = new Gauge("sglang:token_usage", null, false);
  private final Gauge sglangTokens = new Gauge("sglang:max_total_num_tokens", null, false);
  private final Gauge sglangPage = new Gauge("sglang:page_size", null, false);
  private final Gauge trtRunning = new Gauge("trtllm_num_requests_running", null, false);
  private final Gauge trtWaiting = new Gauge("trtllm_num_requests_waiting", null, false);
  private final Gauge trtUsage = new Gauge("trtllm_kv_cache_utilization", null, false);
  private final Gauge trtBlocks = new Gauge("trtllm_kv_cache_max_blocks", null, false);
  private final Gauge trtBlockSize = new Gauge("trtllm_kv_cache_tokens_per_block", null, false);
  private final Gauge[] gauges = {
    vllmRunning, vllmWaiting, vllmUsage, vllmOldUsage, vllmBlockSize, vllmBlocks,
    sglangRunning, sglangWaiting, sglangGrammar, sglangUsage, sglangTokens, sglangPage,
    trtRunning, trtWaiting, trtUsage, trtBlocks, trtBlockSize
  };

  private static final byte[] ENGINE = "engine".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DP_RANK = "dp_rank".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = {};
  private int end;
  private int rank;
  private int malformedLines;
  private int invalidValues;

  // The line being read.
  private int nameFrom;
  private int nameTo;
  private int engine;
  private final int[] labelFrom = new int[gauges.length];
  private final int[] labelTo = new int[gauges.length];

  /**
   * Reads a page.
   *
   * @param bytes holds the page, from its first byte; not kept
   * @param length its bytes
   * @param rank data-parallel rank, at least 0
   * @param before what was known; stays where the page has no value that makes sense
   * @param nowNanos goes into the result
   * @return the numbers, or null if the page has none of them
   */
  @Nullable
  EndpointMetrics read(byte[] bytes, int length, int rank, EndpointMetrics before, long nowNanos) {
    this.bytes = bytes;
    this.rank = rank;
    malformedLines = 0;
    invalidValues = 0;
    for (Gauge gauge : gauges) {
      gauge.clear();
    }
    for (int from = 0; from < length; from = end + 1) {
      end = lineEnd(from, length);
      readLine(from);
    }
    this.bytes = new byte[0];
    return result(before, nowNanos);
  }

  /** {@return lines of the last page that are named like a wanted one and cannot be read} */
  int malformedLines() {
    return malformedLines;
  }

  /** {@return values of the last page that were wanted and make no sense} */
  int invalidValues() {
    return invalidValues;
  }

  private @Nullable EndpointMetrics result(EndpointMetrics before, long nowNanos) {
    boolean any = false;
    for (Gauge gauge : gauges) {
      any |= gauge.isPresent();
    }
    if (!any) {
      return null;
    }
    double waiting = first(vllmWaiting.value(), sglangWaiting.value(), trtWaiting.value());
    if (!Double.isNaN(sglangGrammar.value())) {
      waiting = Double.isNaN(waiting) ? sglangGrammar.value() : waiting + sglangGrammar.value();
    }
    double running = first(vllmRunning.value(), sglangRunning.value(), trtRunning.value());
    double usage = first(
        first(vllmUsage.value(), vllmOldUsage.value(), Double.NaN),
        sglangUsage.value(),
        trtUsage.value());
    double blockSize = first(vllmBlockSize.value(), sglangPage.value(), trtBlockSize.value());
    double sglangBlocks = sglangPage.value() >= 1
        ? Math.floor(sglangTokens.value() / sglangPage.value())
        : Double.NaN;
    double blocks = first(vllmBlocks.value(), sglangBlocks, trtBlocks.value());
    return new EndpointMetrics(
        (int) checked(waiting, Integer.MAX_VALUE, before.waiting()),
        (int) checked(running, Integer.MAX_VALUE, before.running()),
        checked(usage, 1, before.kvUsage()),
        (int) checked(blockSize, Integer.MAX_VALUE, before.blockSize()),
        (long) checked(blocks, Long.MAX_VALUE, (double) before.totalBlocks()),
        nowNanos);
  }

  private static double first(double a, double b, double c) {
    return !Double.isNaN(a) ? a : !Double.isNaN(b) ? b : c;
  }

  /** NaN stands for none; values above the maximum are cut and counted. */
  private double checked(double value, double max, double before) {
    if (value > max) {
      invalidValues++;
      return max;
    }
    return Double.isNaN(value) ? before : value;
  }

  private int lineEnd(int from, int length) {
    int at = from;
    while (at < length && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private void readLine(int from) {
    nameFrom = skipBlanks(from);
    nameTo = nameFrom;
    while (nameTo < end && bytes[nameTo] != '{' && !isBlank(bytes[nameTo])) {
      nameTo++;
    }
    if (nameTo == nameFrom || bytes[nameFrom] == '#' || !isWanted()) {
      return;
    }
    engine = NO_ENGINE;
    Arrays.fill(labelTo, 0);
    int at = skipBlanks(nameTo);
    if (at < end && bytes[at] == '{') {
      at = readLabels(at + 1);
      if (at < 0) {
        malformedLines++;
        return;
      }
    }
    addValue(skipBlanks(at));
  }

  private boolean isWanted() {
    for (Gauge gauge : gauges) {
      if (isName(gauge.name)) {
        return true;
      }
    }
    return false;
  }

  private boolean isName(byte[] name) {
    return isText(nameFrom, nameTo, name);
  }

  private boolean isText(int from, int to, byte[] text) {
    return to - from == text.length && Arrays.equals(bytes, from, to, text, 0, text.length);
  }

  /** Reads {@code name="value"} pairs; returns where the line goes on, or -1 if it is broken. */
  private int readLabels(int from) {
    int at = from;
    while (true) {
      at = skipBlanks(at);
      if (at < end && bytes[at] == '}') {
        return at + 1;
      }
      int labelStart = at;
      while (at < end && bytes[at] != '=' && !isBlank(bytes[at])) {
        at++;
      }
      int labelEnd = at;
      at = skipBlanks(at);
      if (at + 1 >= end || bytes[at] != '=') {
        return -1;
      }
      at = skipBlanks(at + 1);
      if (at >= end || bytes[at] != '"') {
        return -1;
      }
      int valueFrom = ++at;
      while (at < end && bytes[at] != '"') {
        at += bytes[at] == '\\' ? 2 : 1;
      }
      if (at >= end) {
        return -1;
      }
      keepLabel(labelStart, labelEnd, valueFrom, at);
      at = skipBlanks(at + 1);
      if (at < end && bytes[at] == ',') {
        at++;
      } else if (at >= end || bytes[at] != '}') {
        return -1;
      }
    }
  }

  private void keepLabel(int from, int to, int valueFrom, int valueTo) {
    if (isText(from, to, ENGINE) || isText(from, to, DP_RANK)) {
      double number = number(valueFrom, valueTo);
      engine = number >= 0 && number <= Integer.MAX_VALUE ? (int) number : ODD_ENGINE;
    }
    for (int i = 0; i < gauges.length; i++) {
      byte[] label = gauges[i].label;
      if (label != null && isText(from, to, label)) {
        labelFrom[i] = valueFrom;
        labelTo[i] = valueTo;
      }
    }
  }

  private void addValue(int from) {
    int to = from;
    while (to < end && !isBlank(bytes[to])) {
      to++;
    }
    for (int i = 0; i < gauges.length; i++) {
      Gauge gauge = gauges[i];
      if (isName(gauge.name)) {
        boolean fromLabel = gauge.label != null;
        double value = fromLabel ? number(labelFrom[i], labelTo[i]) : number(from, to);
        boolean valid = value >= 0 && value < Double.POSITIVE_INFINITY;
        if (!valid) {
          invalidValues++;
        }
        gauge.add(engine, rank, valid ? value : Double.NaN);
      }
    }
  }

  /** Returns the number in these bytes, NaN if there is none. */
  private double number(int from, int to) {
    if (to <= from || to - from > MAX_NUMBER_LENGTH) {
      return Double.NaN;
    }
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if ((b < '0' || b > '9') && b != '.' && b != '+' && b != '-' && b != 'e' && b != 'E') {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < end && isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }
}
