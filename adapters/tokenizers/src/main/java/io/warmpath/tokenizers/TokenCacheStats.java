package io.warmpath.tokenizers;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a tokenizer's memory of pieces of text saved, since it was built.
 *
 * @param knownChars chars of texts whose ids were remembered
 * @param newChars chars of texts that were tokenized
 * @param pieces how many are remembered, about
 * @param bytes what they take, about
 */
public record TokenCacheStats(long knownChars, long newChars, long pieces, long bytes) {

  /** {@return the counters by name, for a page of counters} */
  public Map<String, Object> asMap() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("knownChars", knownChars);
    members.put("newChars", newChars);
    members.put("pieces", pieces);
    members.put("bytes", bytes);
    return members;
  }
}
