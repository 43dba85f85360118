/**
 * Simulated engines that are real servers: OpenAI HTTP, KV events over ZMQ, vLLM's own block hashes and
 * scheduling, and time that passes as on the modelled hardware, but no model.
 *
 * <p>Start at {@link io.warmpath.fleet.engine.SimulatedEngine}. This package uses nothing else of Warmpath:
 * tokens and block hashes are computed here a second time, from vLLM's description of them, so that a
 * router which finds its prefixes in such an engine has proved something.
 *
 * <h2>Threads</h2>
 * One event loop of Vert.x per engine serves HTTP, one named thread runs the batch, one publishes KV
 * events. They hand over through queues; an idle engine uses no processor time.
 */
@NullMarked
package io.warmpath.fleet.engine;

import org.jspecify.annotations.NullMarked;
