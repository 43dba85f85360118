/**
 * What engines announce and report, turned into core's words: KV events over ZMQ and Prometheus
 * metrics of vLLM, SGLang and TensorRT-LLM.
 *
 * <p>Start at {@link io.warmpath.engine.KvEventSubscriber} for events and at {@link
 * io.warmpath.engine.MetricsScraper} for metrics. Both are safe for any number of threads; {@link
 * io.warmpath.engine.KvEventDecoder} is for one.
 */
@NullMarked
package io.warmpath.engine;

import org.jspecify.annotations.NullMarked;
