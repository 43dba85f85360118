package io.warmpath.envoy;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counters of an {@link EndpointPicker} since its start.
 *
 * @param requests completion requests that came
 * @param passedOn other requests, sent to any endpoint and not looked at
 * @param openCalls HTTP requests that Envoy has open with the picker now
 * @param badRequests answered 400, 408 or 413: not JSON, a field missing or wrong, too long, not whole
 *     in time
 * @param unroutable answered 503 because no endpoint could be had, or the executor took no more bodies
 *     to read ({@link PickerOptions#executor})
 * @param undelivered requests that Envoy could not deliver to any of the endpoints it was told
 * @param servedElsewhere answers that came from an endpoint that the picker had not named, so that
 *     their load counted at another
 * @param silent answers that did not begin, or fell silent, in time
 * @param cancelled requests that Envoy dropped before their answer was whole: the client went away, or
 *     the engine broke off
 * @param unknownMessages messages of a kind that the picker does not know, left unanswered
 * @param misconfigured requests refused with 500 because Envoy does not send bodies in the mode that is
 *     needed
 * @param internalErrors answered 500 because of a fault of the picker's own; the log has them
 * @param scoreFailures score lines that could not be printed
 */
public record PickerStats(
    long requests,
    long passedOn,
    long openCalls,
    long badRequests,
    long unroutable,
    long undelivered,
    long servedElsewhere,
    long silent,
    long cancelled,
    long unknownMessages,
    long misconfigured,
    long internalErrors,
    long scoreFailures) {

  /** {@return the counters by name, in the order of the components} */
  Map<String, Object> asMap() {
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("requests", requests);
    counters.put("passedOn", passedOn);
    counters.put("openCalls", openCalls);
    counters.put("badRequests", badRequests);
    counters.put("unroutable", unroutable);
    counters.put("undelivered", undelivered);
    counters.put("servedElsewhere", servedElsewhere);
    counters.put("silent", silent);
    counters.put("cancelled", cancelled);
    counters.put("unknownMessages", unknownMessages);
    counters.put("misconfigured", misconfigured);
    counters.put("internalErrors", internalErrors);
    counters.put("scoreFailures", scoreFailures);
    return counters;
  }
}
