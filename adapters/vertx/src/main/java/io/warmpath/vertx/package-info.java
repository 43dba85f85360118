/**
 * An OpenAI-compatible proxy on Vert.x that sends each request to the engine that has its prompt
 * cached, weighed against load.
 *
 * <p>Start at {@link io.warmpath.vertx.ProxyServer} to embed it, at
 * {@link io.warmpath.vertx.WarmpathProxy} to run it. Words: a <i>delivery</i> is one attempt to get a
 * request answered by one endpoint.
 *
 * <p><b>Threads:</b> each client connection belongs to one event loop; everything of its requests,
 * the connection to the engine too, happens there.
 */
@NullMarked
package io.warmpath.vertx;

import org.jspecify.annotations.NullMarked;
