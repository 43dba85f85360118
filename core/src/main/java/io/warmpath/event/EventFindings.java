package io.warmpath.event;

import io.warmpath.endpoint.Endpoint;
import java.util.List;
import java.util.Set;

/**
 * What was noticed in the KV events of a pool that tells why they may not match any prompt.
 *
 * @param sources endpoints whose events are taken
 * @param silent of these, those that have sent nothing yet
 * @param adapters names of the LoRA adapters that engines announced, the first 1,024
 * @param otherBlockSizes block sizes that engines announced and that are not the pool's, the first 8
 * @param announcedHeads prompts' first blocks that engines announced
 * @param requestedHeads of these, those whose prompt was seen here not long before
 * @param hashedOtherwise of the sources, those whose hashes are not of the scheme that they should be
 *     of; empty where any will do
 */
public record EventFindings(
    int sources,
    List<Endpoint> silent,
    Set<String> adapters,
    List<Integer> otherBlockSizes,
    long announcedHeads,
    long requestedHeads,
    List<Endpoint> hashedOtherwise) {

  /** Copies the lists. */
  public EventFindings {
    silent = List.copyOf(silent);
    adapters = Set.copyOf(adapters);
    otherBlockSizes = List.copyOf(otherBlockSizes);
    hashedOtherwise = List.copyOf(hashedOtherwise);
  }
}
