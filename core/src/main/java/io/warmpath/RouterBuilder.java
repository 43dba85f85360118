package io.warmpath;

import io.warmpath.index.KvBlockIndex;
import io.warmpath.schedule.SchedulingProfile;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link Router}. Only a profile is mandatory; without a tokenizer and a
 * template, prompts given as token ids still match, and all others are routed by load alone.
 *
 * <p>Not thread-safe.
 */
public final class RouterBuilder {

  /** Longest request body prepared on the caller's thread if there is an executor: 64 KiB. */
  public static final int DEFAULT_INLINE_BYTES = 64 * 1024;

  /**
   * Tokens a pod prefills in a second, unless told otherwise: 1 / 46 µs, Qwen3-32B on two H100
   * (Warmpath's policy simulator). It only stretches the time that a routed prompt is believed to be on its way.
   */
  public static final double DEFAULT_PREFILL_TOKENS_PER_SECOND = 1 / 46e-6;

  @Nullable
  Tokenizer tokenizer;

  @Nullable
  ChatTemplate template;

  @Nullable
  Executor executor;

  final Set<String> adapters = new HashSet<>();
  final List<SchedulingProfile> profiles = new ArrayList<>();
  int blockSize;
  int inlineBytes = DEFAULT_INLINE_BYTES;
  int indexCapacityBlocks = KvBlockIndex.DEFAULT_CAPACITY_BLOCKS;
  double prefillTokensPerSecond = DEFAULT_PREFILL_TOKENS_PER_SECOND;
  long secret = new SecureRandom().nextLong();
  LongSupplier nanoClock = System::nanoTime;
  Supplier<? extends RandomGenerator> randoms = SplittableRandom::new;
  RouterObserver observer = new RouterObserver() {};

  RouterBuilder() {}

  /**
   * Sets what turns prompts into token ids.
   *
   * @param tokenizer the engines' own tokenizer
   * @return this
   */
  public RouterBuilder tokenizer(Tokenizer tokenizer) {
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    return this;
  }

  /**
   * Sets what turns chats into prompts.
   *
   * @param template the engines' own chat template
   * @return this
   */
  public RouterBuilder template(ChatTemplate template) {
    this.template = Objects.requireNonNull(template, "template");
    return this;
  }

  /**
   * Sets the tokens per KV block. Without it, the first engine that tells settles it.
   *
   * @param tokens at least 1
   * @return this
   */
  public RouterBuilder blockSize(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("blockSize must be at least 1 token, was " + tokens);
    }
    blockSize = tokens;
    return this;
  }

  /**
   * Names a LoRA adapter of the base model: requests for this model share no blocks with others.
   *
   * @param model the name that requests and KV events give it
   * @return this
   */
  public RouterBuilder adapter(String model) {
    adapters.add(model);
    return this;
  }

  /**
   * Adds a scheduling profile; the first one added is the primary one.
   *
   * @param profile such as {@code Profiles.standard()} of warmpath-scorers
   * @return this
   */
  public RouterBuilder profile(SchedulingProfile profile) {
    profiles.add(profile);
    return this;
  }

  /**
   * Adds a scheduling profile; the first one added is the primary one.
   *
   * @param name unique, such as {@code decode}
   * @param parts adds filters, scorers and the picker
   * @return this
   */
  public RouterBuilder profile(String name, Consumer<SchedulingProfile.Builder> parts) {
    SchedulingProfile.Builder profile = SchedulingProfile.builder(name);
    parts.accept(profile);
    return profile(profile.build());
  }

  /**
   * Sets who prepares large prompts, and all prompts if the tokenizer may block.
   *
   * @param executor the embedder's; the router never shuts it down
   * @return this
   */
  public RouterBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Sets the longest request body that is prepared on the caller's thread if there is an executor.
   *
   * @param bytes at least 0
   * @return this
   */
  public RouterBuilder inlineBytes(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("inlineBytes must be at least 0, was " + bytes);
    }
    inlineBytes = bytes;
    return this;
  }

  /**
   * Sets the most distinct blocks that the index holds.
   *
   * @param blocks at least 1; {@link KvBlockIndex#DEFAULT_CAPACITY_BLOCKS} by default
   * @return this
   */
  public RouterBuilder indexCapacity(int blocks) {
    if (blocks < 1) {
      throw new IllegalArgumentException("indexCapacity must be at least 1 block, was " + blocks);
    }
    indexCapacityBlocks = blocks;
    return this;
  }

  /**
   * Sets how fast a pod prefills.
   *
   * @param tokens per second, above 0 and finite
   * @return this
   */
  public RouterBuilder prefillTokensPerSecond(double tokens) {
    if (!(tokens > 0 && Double.isFinite(tokens))) {
      throw new IllegalArgumentException(
          "prefillTokensPerSecond must be above 0 and finite, was " + tokens);
    }
    prefillTokensPerSecond = tokens;
    return this;
  }

  /**
   * Sets the secret that block hashes are seeded with. Random by default; give the same to routers
   * that share an index or a snapshot.
   *
   * @param secret any value, best from a secure random source
   * @return this
   */
  public RouterBuilder secret(long secret) {
    this.secret = secret;
    return this;
  }

  /**
   * Sets the clock.
   *
   * @param nanoClock monotonic, in nanoseconds; {@link System#nanoTime} by default
   * @return this
   */
  public RouterBuilder nanoClock(LongSupplier nanoClock) {
    this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
    return this;
  }

  /**
   * Sets where random numbers come from, which break ties.
   *
   * @param randoms gives a generator for the use of one thread at a time
   * @return this
   */
  public RouterBuilder random(Supplier<? extends RandomGenerator> randoms) {
    this.randoms = Objects.requireNonNull(randoms, "randoms");
    return this;
  }

  /**
   * Sets who hears what becomes of each request.
   *
   * @param observer must not block
   * @return this
   */
  public RouterBuilder observer(RouterObserver observer) {
    this.observer = Objects.requireNonNull(observer, "observer");
    return this;
  }

  /**
   * Makes the router.
   *
   * @return a new router
   * @throws IllegalArgumentException if no profile was added, two have one name, or the tokenizer may
   *     block and there is no executor
   */
  public Router build() {
    return new Router(this);
  }
}
