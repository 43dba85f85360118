package io.warmpath.fleet.engine;

import java.util.Locale;

/**
 * The {@code /metrics} of one engine in Prometheus' text form: the series of vLLM 0.32 that routers read, with its
 * names, labels and meanings. Latencies are in simulated seconds. <b>Threads:</b> one.
 */
final class MetricsText {

  private final StringBuilder out = new StringBuilder(16_384);
  private final String labels;

  private MetricsText(String modelName) {
    labels =
        "engine=\"0\",model_name=\"" + modelName.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  static String of(EngineConfig config, EngineStats stats, EngineCounters counters) {
    MetricsText text = new MetricsText(config.modelName());
    text.write(config, stats, counters);
    return text.out.toString();
  }

  private void write(EngineConfig config, EngineStats stats, EngineCounters counters) {
    type("num_requests_running", "gauge", "Number of requests in model execution batches.");
    value("num_requests_running", "", stats.running());
    type("num_requests_waiting", "gauge", "Number of requests waiting to be processed.");
    value("num_requests_waiting", "", stats.waiting());
    type("num_requests_waiting_by_reason", "gauge", "Number of waiting requests by reason.");
    value("num_requests_waiting_by_reason", ",reason=\"capacity\"", stats.waiting());
    value("num_requests_waiting_by_reason", ",reason=\"deferred\"", 0);
    type("engine_sleep_state", "gauge", "Engine sleep state; awake = 1 means engine is awake.");
    value("engine_sleep_state", ",sleep_state=\"awake\"", 1);
    value("engine_sleep_state", ",sleep_state=\"weights_offloaded\"", 0);
    value("engine_sleep_state", ",sleep_state=\"discard_all\"", 0);
    type("kv_cache_usage_perc", "gauge", "KV-cache usage. 1 means 100 percent usage.");
    value("kv_cache_usage_perc", "", stats.kvCacheUsage());
    counter(
        "prefix_cache_queries",
        "Prefix cache queries, in terms of number of queried tokens.",
        stats.prefixQueries());
    counter(
        "prefix_cache_hits",
        "Prefix cache hits, in terms of number of cached tokens.",
        stats.prefixHits());
    counter("external_prefix_cache_queries", "External prefix cache queries, in tokens.", 0);
    counter("external_prefix_cache_hits", "External prefix cache hits, in tokens.", 0);
    counter(
        "num_preemptions", "Cumulative number of preemption from the engine.", stats.preemptions());
    counter("prompt_tokens", "Number of prefill tokens processed.", counters.promptTokens.get());
    counter(
        "generation_tokens",
        "Number of generation tokens processed.",
        counters.generatedTokens.get());
    counter("prompt_tokens_cached", "Number of cached prompt tokens.", stats.prefixHits());
    type("request_success_total", "counter", "Count of successfully processed requests.");
    value("request_success_total", ",finished_reason=\"stop\"", 0);
    value("request_success_total", ",finished_reason=\"length\"", (double) stats.finished());
    value(
        "request_success_total",
        ",finished_reason=\"abort\"",
        0); // 0 in vLLM 0.32 whatever is aborted
    histogram("time_to_first_token_seconds", "time to first token", counters.ttft);
    histogram("inter_token_latency_seconds", "inter-token latency", counters.interToken);
    histogram(
        "request_time_per_output_token_seconds",
        "time per output token",
        counters.timePerOutputToken);
    histogram("e2e_request_latency_seconds", "e2e request latency", counters.endToEnd);
    histogram("request_queue_time_seconds", "time spent in WAITING phase", counters.queueTime);
    cacheConfig(config);
  }

  private void cacheConfig(EngineConfig config) {
    type("cache_config_info", "gauge", "Information of the LLMEngine CacheConfig");
    out.append("vllm:cache_config_info{block_size=\"")
        .append(config.blockSize())
        .append("\",cache_dtype=\"auto\",effective_attention_block_size=\"")
        .append(config.blockSize())
        .append("\",enable_prefix_caching=\"True\",engine=\"0\",gpu_memory_utilization=\"0.92\"")
        .append(",hash_block_size=\"None\",kv_cache_size_tokens=\"")
        .append((long) config.blockSize() * config.kvBlocks())
        .append("\",num_cpu_blocks=\"None\",num_gpu_blocks=\"")
        .append(config.kvBlocks())
        .append("\",num_gpu_blocks_override=\"None\",prefix_caching_hash_algo=\"")
        .append(EngineConfig.HASH_ALGORITHM)
        .append("\",prefix_match_unit=\"None\",sliding_window=\"None\"} 1.0\n");
  }

  private void type(String name, String type, String help) {
    out.append("# HELP vllm:").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
  }

  private void value(String name, String moreLabels, double value) {
    out.append("vllm:")
        .append(name)
        .append('{')
        .append(labels)
        .append(moreLabels)
        .append("} ")
        .append(value)
        .append('\n');
  }

  private void counter(String name, String help, long value) {
    type(name + "_total", "counter", help);
    value(name + "_total", "", (double) value);
  }

  private void histogram(String name, String what, LatencyHistogram histogram) {
    type(name, "histogram", String.format(Locale.ROOT, "Histogram of %s in seconds.", what));
    long count = 0;
    for (int i = 0; i <= histogram.bounds().length; i++) {
      count += histogram.count(i);
      String bound =
          i < histogram.bounds().length ? Double.toString(histogram.bounds()[i]) : "+Inf";
      value(name + "_bucket", ",le=\"" + bound + "\"", (double) count);
    }
    value(name + "_count", "", (double) count);
    value(name + "_sum", "", histogram.sum());
  }
}
