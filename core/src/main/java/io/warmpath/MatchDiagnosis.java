package io.warmpath;

import io.warmpath.block.EngineHashScheme;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.EventFindings;
import io.warmpath.event.EventStats;
import io.warmpath.event.PoolEvents;
import io.warmpath.index.IndexStats;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why prompts do not match what engines announce, in words: a router that finds nothing is silent, and
 * that is what its users complain of most (llm-d-kv-cache issue 54, llm-d-infra issues 86 and 185).
 *
 * <p><b>Bounded:</b> the adapters noted are those configured or announced, the endpoints those
 * registered. <b>Threads:</b> safe for any number; what requests call takes no lock and, once names are
 * noted, allocates nothing.
 */
final class MatchDiagnosis {

  /** A cause is told if it costs more than one block, or request, in this many. */
  private static final int SHARE = 8;

  /** Prompts on both sides before it says something that none is on both. */
  private static final int ENOUGH_PROMPTS = 16;

  private static final int NAMES_TOLD = 5;

  private final boolean hasTokenizer;
  private final boolean hasTemplate;
  private final Set<String> adapters;
  private final @Nullable EngineHashScheme scheme;
  private final boolean expectsNoEvents;
  private final PoolEvents events;
  private final Set<String> adaptersAsked = ConcurrentHashMap.newKeySet();
  private final Set<Endpoint> answered = ConcurrentHashMap.newKeySet();
  private final LongAdder hashedPrompts = new LongAdder();

  MatchDiagnosis(
      boolean hasTokenizer,
      boolean hasTemplate,
      Set<String> adapters,
      @Nullable EngineHashScheme scheme,
      boolean expectsNoEvents,
      PoolEvents events) {
    this.hasTokenizer = hasTokenizer;
    this.hasTemplate = hasTemplate;
    this.adapters = Set.copyOf(adapters);
    this.scheme = scheme;
    this.expectsNoEvents = expectsNoEvents;
    this.events = events;
  }

  /** A request was read. */
  void requested(PreparedRequest prepared) {
    for (PromptBlocks prompt : prepared.prompts()) {
      if (prompt.chain().length > 0 && !prepared.approximate()) {
        hashedPrompts.increment();
        events.requested(prompt.chain()[0]);
      }
    }
    String model = prepared.request().model();
    if ((adapters.contains(model) || events.isAnnounced(model)) && !adaptersAsked.contains(model)) {
      adaptersAsked.add(model);
    }
  }

  /** The first token of a request came from an endpoint, which has cached its full blocks by now. */
  void answered(PreparedRequest prepared, Endpoint endpoint) {
    for (PromptBlocks prompt : prepared.prompts()) {
      if (prompt.chain().length > 0 && !answered.contains(endpoint)) {
        answered.add(endpoint);
      }
    }
  }

  /** An endpoint is gone. */
  void forget(Endpoint endpoint) {
    answered.remove(endpoint);
  }

  /** {@return the causes known, the likeliest first} */
  List<String> sentences(RouterStats stats, int endpoints, int blockSize) {
    List<String> told = new ArrayList<>();
    EventFindings findings = events.findings();
    if (stats.routed() > 0) {
      sources(told, findings, endpoints);
      prompts(told, stats, blockSize);
    }
    names(told, findings, blockSize);
    blocks(told, stats.events(), findings);
    index(told, stats.index(), stats.events());
    return List.copyOf(told);
  }

  private void sources(List<String> told, EventFindings findings, int endpoints) {
    int without = endpoints - findings.sources();
    if (without > 0 && !expectsNoEvents) {
      told.add((findings.sources() == 0
              ? "No endpoint's KV events are subscribed to"
              : "The KV events of " + without + " of " + endpoints
                  + " endpoints are not subscribed to")
          + ": only what this router sent itself is believed cached there, for a while. Give each"
          + " engine's event address, or say with approximate(...) that it has none.");
    }
    List<Endpoint> silent =
        findings.silent().stream().filter(answered::contains).toList();
    if (!silent.isEmpty()) {
      told.add(
          "No KV event has come from " + silent.size() + " of " + findings.sources()
              + " endpoints, though they answered prompts of at least one block: "
              + addresses(silent)
              + ". Is enable_kv_cache_events set there, and are the event address and the topic right?");
    }
  }

  private void prompts(List<String> told, RouterStats stats, int blockSize) {
    if (blockSize == 0) {
      told.add(
          "The block size is not known: no engine's KV events or metrics told it, so prompts are"
              + " matched by their bytes only. Set it, or see that metrics can be read.");
      return;
    }
    if (isMuch(stats.tokenizedTooLate(), stats.routed())) {
      told.add(stats.tokenizedTooLate() + " of " + stats.routed()
          + " requests were matched by their bytes, as tokenizing took longer than they may wait:"
          + " raise the limit, or give the tokenizer more threads.");
    }
    if (isMuch(stats.promptFailures(), stats.routed())) {
      told.add(stats.promptFailures() + " of " + stats.routed()
          + " requests could not be rendered or tokenized, and were matched by their bytes; the log"
          + " says why.");
    }
    long others = stats.approximate() - stats.tokenizedTooLate() - stats.promptFailures();
    if (isMuch(others, stats.routed())) {
      String missing = !hasTokenizer
          ? "The router has no tokenizer"
          : !hasTemplate
              ? "The router has no chat template"
              : "They came before the block size was known, or hold what cannot be rendered here";
      told.add(others + " of " + stats.routed()
          + " requests were matched by their bytes, against what was routed here, not against what"
          + " engines announce. " + missing + ".");
    }
  }

  private void names(List<String> told, EventFindings findings, int blockSize) {
    if (!findings.otherBlockSizes().isEmpty()) {
      told.add("Engines announce blocks of "
          + list(findings.otherBlockSizes().stream().map(String::valueOf).toList())
          + " tokens, and the router's are of " + blockSize
          + ": blocks of another size are left out. Give router and engines the same size, and"
          + " engines of different sizes routers of their own.");
    }
    if (!findings.hashedOtherwise().isEmpty()) {
      told.add(findings.hashedOtherwise().size() + " of " + findings.sources()
          + " endpoints announce blocks under other hashes than " + scheme
          + " gives their tokens, and match nothing: "
          + addresses(findings.hashedOtherwise())
          + ". Compare the engine's version, hash algorithm and PYTHONHASHSEED, and paths or numbers"
          + " of adapters, or give the router no engineHashes: then none of it matters.");
    } else if (hashedPrompts.sum() >= ENOUGH_PROMPTS
        && findings.announcedHeads() >= ENOUGH_PROMPTS
        && findings.requestedHeads() == 0) {
      told.add("Of " + findings.announcedHeads()
          + " prompts that engines announced, none begins as one"
          + " of the " + hashedPrompts.sum() + " prompts that came here: the tokenizer or the chat"
          + " template is not the engines', or the requests reach them another way.");
    }
    List<String> unheard = adaptersAsked.stream()
        .filter(name -> adapters.contains(name) && !findings.adapters().contains(name))
        .sorted()
        .toList();
    if (!unheard.isEmpty() && findings.silent().size() < findings.sources()) {
      told.add("Requests ask for adapters that no engine has announced: " + list(unheard)
          + ". Engines announce: " + list(findings.adapters().stream().sorted().toList()) + ".");
    }
    List<String> unconfigured =
        adaptersAsked.stream().filter(name -> !adapters.contains(name)).sorted().toList();
    if (!unconfigured.isEmpty()) {
      told.add("Requests ask for adapters that engines announce and the router was not told of: "
          + list(unconfigured) + ". Name them to the router, or their prompts match nothing.");
    }
  }

  private static void blocks(List<String> told, EventStats events, EventFindings findings) {
    long apart = events.pending() + events.abandoned();
    long announced = events.stored()
        + apart
        + events.otherBlockSize()
        + events.opaque()
        + events.notReusable()
        + events.handlesFull();
    if (isMuch(apart, announced)) {
      told.add(apart + " of " + announced + " announced blocks follow blocks that were never"
          + " announced, or do not say where they belong (" + events.adopted() + " others found"
          + " their place later). Events were lost, or this router came later than the engines:"
          + " give the replay address.");
    }
    if (events.stored() == 0 && events.unknownHashes() > 0) {
      told.add(
          "Engines name blocks, on other tiers or as evicted, whose tokens they never announced ("
              + events.unknownHashes() + " times): are the events of device memory on?");
    }
    if (isMuch(events.opaque(), announced)) {
      told.add(events.opaque() + " of " + announced + " announced blocks depend on images, prompt"
          + " embeddings or adapters without a name, and match nothing.");
    }
    if (isMuch(events.notReusable(), announced)) {
      told.add(events.notReusable() + " of " + announced + " announced blocks are in caches of a"
          + " kind that gives no prefix by rules known here.");
    }
    if (events.ownDomains() > 0 && isMuch(events.ownDomains(), findings.sources())) {
      told.add(events.ownDomains() + " endpoints announce hashes that mean other blocks elsewhere,"
          + " as SGLang before 0.5.8 does, which hashes no more than a page's content: their blocks"
          + " may be mixed up.");
    }
  }

  private static void index(List<String> told, IndexStats index, EventStats events) {
    if (events.handlesFull() > 0) {
      told.add("The map of engine hashes was full for " + events.handlesFull()
          + " blocks, which are left out: raise the index's capacity.");
    }
    if (isMuch(index.evicted() + index.full(), index.stored())) {
      told.add("The index forgot or refused " + (index.evicted() + index.full())
          + " blocks for want of room, of " + index.stored() + " announced: raise its capacity ("
          + index.capacityBlocks() + " blocks).");
    }
    if (events.overflows() > 0) {
      told.add(
          "The index could not keep up " + events.overflows() + " times, and each time what one"
              + " endpoint has was forgotten: the machine is too busy.");
    }
  }

  private static boolean isMuch(long part, long whole) {
    return part > 0 && part > whole / SHARE;
  }

  private static String addresses(List<Endpoint> endpoints) {
    return list(endpoints.stream().map(Endpoint::address).toList());
  }

  private static String list(List<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String told = names.stream().limit(NAMES_TOLD).collect(Collectors.joining(", "));
    int more = names.size() - NAMES_TOLD;
    return more > 0 ? told + " and " + more + " more" : told;
  }
}
