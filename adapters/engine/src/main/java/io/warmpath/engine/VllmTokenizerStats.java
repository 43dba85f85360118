package io.warmpath.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counters of a {@link VllmTokenizer} since it was built.
 *
 * @param asked questions sent
 * @param failed times that a server could not be reached, took too long or answered what is no answer
 * @param refused requests that a server refused, or that {@code /tokenize} cannot be asked of
 */
public record VllmTokenizerStats(long asked, long failed, long refused) {

  /** {@return the counters by name, for a page of counters} */
  public Map<String, Object> asMap() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("asked", asked);
    members.put("failed", failed);
    members.put("refused", refused);
    return members;
  }
}
