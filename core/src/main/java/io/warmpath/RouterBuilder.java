package io.warmpath;

import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.PromptExtras;
import io.warmpath.block.VllmHash;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.schedule.SchedulingProfile;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a {@link Router}. Only a profile is mandatory; without a tokenizer and a
 * template, prompts given as token ids still match what engines announce, and all others are matched by
 * their bytes against what was routed here.
 *
 * <p>Not thread-safe.
 */
public final class RouterBuilder {

  /** Most text tokenized on the caller's thread if there is an executor: 64 KiB. */
  public static final int DEFAULT_INLINE_BYTES = 64 * 1024;

  /** Longest time that a request waits for its tokens, if they are made elsewhere: 50 ms. */
  public static final Duration DEFAULT_TOKENIZATION_LIMIT = Duration.ofMillis(50);

  /**
   * Tokens a pod prefills in a second, unless told otherwise: 1 / 46 µs, Qwen3-32B on two H100
   * (Warmpath's policy simulator). It only stretches the time that a routed prompt is believed to be on its way.
   */
  public static final double DEFAULT_PREFILL_TOKENS_PER_SECOND = 1 / 46e-6;

  /**
   * Tokens that the KV cache of an endpoint without events holds, unless it or the builder tells: 500,000,
   * which is what llm-d's default of 31,250 blocks means in blocks of 16 (Llama 3 8B on an H100 with 80 GB;
   * gateway-api-inference-extension, {@code DefaultLRUCapacityPerServer}).
   */
  public static final long DEFAULT_APPROXIMATE_TOKENS = 31_250 * 16;

  /**
   * How long a prompt is believed cached at an endpoint without events, unless told otherwise: as long
   * as a confirmed one at any other, 10 minutes.
   */
  public static final Duration DEFAULT_APPROXIMATE_LIFE =
      Duration.ofNanos(KvBlockIndex.CONFIRM_LIFE_NANOS);

  /** Longest life that may be given: a hundred years. */
  private static final Duration LONGEST_LIFE = Duration.ofDays(36_500);

  @Nullable
  Tokenizer tokenizer;

  @Nullable
  RemoteTokenizer remoteTokenizer;

  @Nullable
  ChatTemplate template;

  @Nullable
  Executor executor;

  @Nullable
  EngineHashScheme engineHashes;

  @Nullable
  Long secret;

  @Nullable
  String model;

  final Map<String, LoraAdapter> adapters = new HashMap<>();
  final List<SchedulingProfile> profiles = new ArrayList<>();
  int blockSize;
  int inlineBytes = DEFAULT_INLINE_BYTES;
  Duration tokenizationLimit = DEFAULT_TOKENIZATION_LIMIT;
  int indexCapacityBlocks = KvBlockIndex.DEFAULT_CAPACITY_BLOCKS;
  boolean expectsNoEvents;
  long approximateTokens = DEFAULT_APPROXIMATE_TOKENS;
  Duration approximateLife = DEFAULT_APPROXIMATE_LIFE;
  double prefillTokensPerSecond = DEFAULT_PREFILL_TOKENS_PER_SECOND;
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
   * Sets tokenizer and chat template from a model's files, by the reader that warmpath-tokenizers brings.
   *
   * @param directory the model's files, such as {@code tokenizer.json} and {@code tokenizer_config.json}
   * @return this
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a file asks for what cannot be done exactly; the message names the
   *     part
   * @throws IllegalStateException if no reader is on the class path
   */
  public RouterBuilder tokenizer(Path directory) throws IOException {
    ModelReader reader = ServiceLoader.load(ModelReader.class)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("router: nothing on the class path reads "
            + directory + "; add io.warmpath:warmpath-tokenizers"));
    tokenizer = reader.tokenizer(directory);
    template = reader.template(directory).orElse(null);
    return this;
  }

  /**
   * Has somebody else tokenize all prompts that do not come as token ids, instead of a tokenizer and a
   * template here.
   *
   * @param remote such as an engine's own service
   * @return this
   */
  public RouterBuilder tokenizer(RemoteTokenizer remote) {
    remoteTokenizer = Objects.requireNonNull(remote, "tokenizer");
    return this;
  }

  /**
   * Sets how long a request waits for its tokens where they are made on the executor or by a remote
   * tokenizer. Then it is matched by its bytes, against requests that were matched so or waited too.
   *
   * @param limit above 0, at most a hundred years; {@link #DEFAULT_TOKENIZATION_LIMIT} by default
   * @return this
   */
  public RouterBuilder tokenizationLimit(Duration limit) {
    if (limit.isZero() || limit.isNegative() || limit.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException(
          "tokenizationLimit must be above 0 and at most a hundred years, was " + limit);
    }
    tokenizationLimit = limit;
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
   * Names the base model, so that its blocks are no other model's: for routers of several models that
   * have one secret, and perhaps one index or snapshots in one place. Requests are not asked whether
   * they name it. Not together with {@link #engineHashes}, where no model enters.
   *
   * @param name any; the same in all routers of the model. Without it, the model is an unnamed one, the
   *     same in all routers that name none
   * @return this
   */
  public RouterBuilder model(String name) {
    model = Objects.requireNonNull(name, "model");
    return this;
  }

  /**
   * Names a LoRA adapter of the base model: requests for this model share no blocks with others.
   *
   * @param model the name that requests and KV events give it
   * @return this
   */
  public RouterBuilder adapter(String model) {
    return adapter(LoraAdapter.named(model));
  }

  /**
   * Names a LoRA adapter of the base model, with what {@link #engineHashes} may need of it beside the
   * name: its path for vLLM since 0.31, its number for vLLM before 0.11.1 and TensorRT-LLM.
   *
   * @param adapter by the name that requests and KV events give it
   * @return this
   */
  public RouterBuilder adapter(LoraAdapter adapter) {
    adapters.put(adapter.name(), adapter);
    return this;
  }

  /**
   * Names blocks by the engines' own hashes, bit for bit, instead of by Warmpath's: what an engine's KV
   * event calls a block is looked for as it is, with no map from engine hashes and no look at the
   * tokens in between. It saves that map's memory, and costs the engine's hash, such as a SHA-256 a
   * block, for each prompt.
   *
   * <p>Right only where <em>all</em> engines of the pool name equal blocks equally and reproducibly:
   * one version, one {@code --prefix-caching-hash-algo}, and a seed that is known. vLLM has one where
   * PYTHONHASHSEED is set to the same value everywhere, or since 0.29 unset with a SHA-256 algorithm;
   * SGLang since 0.5.8 and TensorRT-LLM's {@code v1_block_key} have none. An engine that hashes
   * otherwise, after an upgrade, say, is believed to have nothing that was not routed here, and gets
   * what load gives it; {@link Router#diagnosis} names it. Without this, none of it matters.
   *
   * <p>Hashes of 128 and 256 bits are cut to the 64 that events carry, at both ends; raw bytes of
   * {@code VLLM_KV_EVENTS_USE_INT_BLOCK_HASHES=0} are cut the same. An adapter and a salt enter as the
   * scheme says: events of SGLang before 0.5.23 keep neither apart. Salted prompts of TensorRT-LLM's
   * C++ manager match nothing that was not routed here. Blocks behind an image match nothing either, as
   * without. Keys of llm-d and of SGLang's storage are in no event. There is no secret: who can choose
   * prompts can look for two of one hash where the algorithm is no cryptographic one, which costs a
   * prefill at a worse pod.
   *
   * @param scheme such as {@code EngineHashScheme.vllm(VllmHash.Algorithm.SHA256, "0.33.0", null)}
   * @return this
   */
  public RouterBuilder engineHashes(EngineHashScheme scheme) {
    engineHashes = Objects.requireNonNull(scheme, "engineHashes");
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
   * Sets how much text is tokenized on the caller's thread if there is an executor. What the tokenizer
   * remembers does not count, in bodies of up to 16 times as many bytes.
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
   * Says that there are endpoints which announce nothing, and what is believed of them: what was routed
   * there, the least recently used of it forgotten where more was routed than fits, and all that was not
   * routed again for a while.
   *
   * <p>Every endpoint whose events nobody asked for ({@link Router#events}) is treated so, with the
   * defaults unless this is called. To call it says that it is meant: {@link Router#diagnosis} does
   * not ask where the events are.
   *
   * @param cacheTokens tokens that an endpoint's KV cache holds, at least 1, if its metrics do not tell;
   *     {@link #DEFAULT_APPROXIMATE_TOKENS} by default. Too many, and prompts go where they were
   *     evicted; too few, and they are computed twice
   * @param life above 0, at most a hundred years; {@link #DEFAULT_APPROXIMATE_LIFE} by default. It
   *     bounds how long an engine that was started anew is believed to have what it had
   * @return this
   */
  public RouterBuilder approximate(long cacheTokens, Duration life) {
    if (cacheTokens < 1) {
      throw new IllegalArgumentException(
          "approximate: cacheTokens must be at least 1, was " + cacheTokens);
    }
    if (life.isZero() || life.isNegative() || life.compareTo(LONGEST_LIFE) > 0) {
      throw new IllegalArgumentException(
          "approximate: life must be above 0 and at most a hundred years, was " + life);
    }
    expectsNoEvents = true;
    approximateTokens = cacheTokens;
    approximateLife = life;
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
   * that share an index or a snapshot, and each {@link #model} its name. Not together with {@link
   * #engineHashes}, which have none.
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
   * @throws IllegalArgumentException if no profile was added, two have one name, the tokenizer may
   *     block and there is no executor, or {@link #engineHashes} do not go with the rest
   */
  public Router build() {
    EngineHashScheme scheme = engineHashes;
    if (scheme != null) {
      check(scheme);
    }
    if (remoteTokenizer != null && (tokenizer != null || template != null)) {
      throw new IllegalArgumentException("router: a remote tokenizer reads whole requests, and"
          + " tokenizer(...) or template(...) was given too; leave one of them out");
    }
    return new Router(this);
  }

  private void check(EngineHashScheme scheme) {
    refuse(secret != null, "secret(...) seeds");
    refuse(model != null, "model(...) enters");
    adapters.forEach((name, adapter) -> {
      if (!scheme.covers(PromptExtras.NONE.withAdapter(adapter))) {
        throw new IllegalArgumentException("router: engineHashes(" + scheme
            + ") need more of adapter '" + name + "' than " + adapter
            + "; give its path or its number with adapter(new LoraAdapter(...)), or leave"
            + " engineHashes out");
      }
    });
    if (scheme instanceof VllmHash vllm && blockSize % vllm.hashesPerBlock() != 0) {
      throw new IllegalArgumentException("router: blockSize must be a multiple of the "
          + vllm.hashesPerBlock() + " hashes per block of engineHashes(...), was " + blockSize);
    }
  }

  private static void refuse(boolean isGiven, String what) {
    if (isGiven) {
      throw new IllegalArgumentException("router: " + what + " Warmpath's own hashes, and"
          + " engineHashes(...) puts the engines' in their place; leave one of them out");
    }
  }

  /** {@return what makes Warmpath's own hashes, by a random secret if none was given} */
  BlockHasher hasher() {
    Long given = secret;
    long seed = given == null ? new SecureRandom().nextLong() : given;
    String name = model;
    return name == null ? BlockHasher.keyed(seed) : BlockHasher.keyed(seed, name);
  }
}
