/**
 * What engines announce and report, turned into core's words: KV events over ZMQ and Prometheus
 * metrics of vLLM, SGLang and TensorRT-LLM.
 *
 * <p>Start at {@link io.warmpath.engine.PoolWiring}, which keeps a router told of all its engines; or at
 * {@link io.warmpath.engine.KvEventSubscriber} for events and {@link
 * io.warmpath.engine.MetricsScraper} for metrics alone. All three are safe for any number of threads; {@link
 * io.warmpath.engine.KvEventDecoder} is for one.
 */
@NullMarked
package io.warmpath.engine;

import org.jspecify.annotations.NullMarked;
