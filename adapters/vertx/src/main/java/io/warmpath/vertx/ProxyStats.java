package io.warmpath.vertx;

/**
 * Counters of a {@link ProxyServer} since it was started. What was routed and retried is counted by
 * {@link io.warmpath.RouterStats}.
 *
 * @param requests completion requests that came in
 * @param badRequests of these, answered 400 to 499 by the proxy itself
 * @param unroutable answered 503, because no endpoint could take them
 * @param undelivered answered 502, because no endpoint could be reached
 * @param silent cut off, or answered 504, because the endpoint went silent
 * @param truncated cut off, because the endpoint's answer broke off
 * @param cancelled given up, because the client went away
 * @param stalled of the cancelled ones, those whose client stopped reading
 * @param internalErrors answered 500; a fault of the proxy
 * @param modelListFailures endpoints that did not answer {@code GET /v1/models} in time and in form
 * @param scoreFailures score lines whose receiver threw
 */
public record ProxyStats(
    long requests,
    long badRequests,
    long unroutable,
    long undelivered,
    long silent,
    long truncated,
    long cancelled,
    long stalled,
    long internalErrors,
    long modelListFailures,
    long scoreFailures) {}
