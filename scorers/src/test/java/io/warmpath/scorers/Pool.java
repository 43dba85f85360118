package io.warmpath.scorers;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointRegistry;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** A registry and an index, to put a scorer's inputs in place and run a cycle on them. */
public final class Pool {

  private static final String BODY = "{\"model\":\"m\",\"prompt\":\"p\"}";

  private final KvBlockIndex index = KvBlockIndex.create(1 << 18, () -> 0);
  private final EndpointRegistry registry =
      new EndpointRegistry(index::slot, index::drop, metrics -> {});
  private long[] chain = new long[0];
  private int promptTokens;
  private int blockSize = 16;

  /** Adds an endpoint whose port tells it apart. */
  public EndpointState add(int port) {
    return registry.add(Endpoint.of("10.0.0.1:" + port));
  }

  /** Sets the request's prompt: so many full blocks, all of them reusable. */
  public Pool prompt(int tokens, int totalBlocks, int tokensPerBlock) {
    chain = LongStream.rangeClosed(1, totalBlocks).toArray();
    promptTokens = tokens;
    blockSize = tokensPerBlock;
    return this;
  }

  /** Lets an endpoint have leading blocks of the prompt. */
  public void cached(EndpointState state, int blocks) {
    int holder = index.holder(HolderKey.gpu(state.endpoint()));
    index.store(holder, 0, false, chain, 0, blocks);
  }

  /** Begins a cycle over all endpoints. */
  public Cycle cycle() {
    InferenceRequest request = InferenceRequest.parse(
        Api.COMPLETIONS, BODY.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
    PreparedRequest prepared = new PreparedRequest(
        request, List.of(new PromptBlocks(promptTokens, chain, chain.length)), blockSize);
    Cycle cycle = new Cycle(new SplittableRandom(7));
    cycle.begin(prepared, registry.states(), index, 0);
    return cycle;
  }
}
