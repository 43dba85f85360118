package io.warmpath.launcher;

import io.warmpath.Router;
import io.warmpath.RouterBuilder;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.PromptExtras;
import io.warmpath.block.VllmHash;
import io.warmpath.chronicle.SnapshotIdentity;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.VllmTokenizer;
import io.warmpath.scorers.profile.Profiles;
import io.warmpath.template.TemplateException;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.LoadedTokenizer;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Options that describe a pool, for a picocli {@code @Mixin}: {@code --tokenizer}, {@code --token-cache-mib}, {@code
 * --tokenize-at}, {@code --tokenize-header}, {@code --tokenization-limit}, {@code --block-size},
 * {@code --model}, {@code --model-adapter}, {@code --engine-hashes}, {@code --approximate-tokens}, {@code
 * --approximate-life}, {@code --secret}, {@code --snapshot}, {@code --snapshot-interval} and {@code
 * --log-scores}.
 *
 * <p><b>Threads:</b> one.
 */
public final class PoolOptions {

  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

  /** As many as there are in a petabyte. */
  private static final long MOST_CACHE_MIB = 1L << 30;

  /** What a snapshot calls a model without a name. */
  private static final String UNNAMED = "unnamed";

  /** What a snapshot has for the fingerprint of the engines' hashes: their seed is in their scheme. */
  private static final String UNSEEDED = "none";

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Folder with the model's tokenizer.json and chat template. Without it or"
          + " --tokenize-at, prompts are matched by their bytes, against what was routed before.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--token-cache-mib",
      paramLabel = "N",
      description =
          "Most memory for texts that --tokenizer has seen, in MiB; 0 for none; default 64.")
  private long tokenCacheMib = Tokenizers.DEFAULT_CACHE_BYTES >> 20;

  @Option(
      names = "--tokenize-at",
      arity = "1..*",
      paramLabel = "URL",
      description = "Have vLLM at these addresses tokenize, in turn, instead of --tokenizer: by"
          + " …/render ('vllm launch render', or engines with --enable-scale-out), else by"
          + " /tokenize.")
  private List<String> tokenizeAt = new ArrayList<>();

  @Option(
      names = "--tokenize-header",
      arity = "1..*",
      paramLabel = "NAME:VALUE",
      description = "Headers for --tokenize-at, such as 'authorization:Bearer KEY'.")
  private List<String> tokenizeHeaders = new ArrayList<>();

  @Option(
      names = "--tokenization-limit",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a request waits for tokens that --tokenize-at or another thread makes,"
              + " before it is matched by its bytes; default 50ms.")
  private @Nullable Duration tokenizationLimit;

  @Option(
      names = "--block-size",
      paramLabel = "TOKENS",
      description = "Tokens per KV block; default: what the engines say.")
  private @Nullable Integer blockSize;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "Name of the base model, for pools of several models with one --secret; requests"
              + " need not name it.")
  private @Nullable String model;

  @Option(
      names = "--model-adapter",
      arity = "1..*",
      paramLabel = "NAME[,path=PATH][,id=NUMBER]",
      converter = AdapterConverter.class,
      description = "Model names that are LoRA adapters of the base model. --engine-hashes may need"
          + " the path that the engines loaded one from (vLLM since 0.31), or its number there"
          + " (vLLM before 0.11.1, TensorRT-LLM).")
  private List<LoraAdapter> adapters = new ArrayList<>();

  @Option(
      names = "--engine-hashes",
      paramLabel = "ENGINE:KIND[,setting=value…]",
      converter = EngineHashConverter.class,
      description = "Name blocks as the engines do, which must all be of one version and seed:"
          + " vllm:ALGORITHM,version=V[,seed=PYTHONHASHSEED][,lookahead=TOKENS][,hashes-per-block=N],"
          + " sglang:none|events|dynamo[,pairs=true] or tensorrt-llm:v1_block_key. Default: by"
          + " Warmpath's own hashes, whatever the engines' are.")
  private @Nullable EngineHashScheme engineHashes;

  @Option(
      names = "--approximate-tokens",
      paramLabel = "TOKENS",
      description =
          "Tokens that the KV cache of an engine without KV events holds, if its metrics do"
              + " not tell; default " + RouterBuilder.DEFAULT_APPROXIMATE_TOKENS
              + ". Given, engines without are meant to be.")
  private @Nullable Long approximateTokens;

  @Option(
      names = "--approximate-life",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long an engine without KV events is believed to have a prompt; default 10m."
              + " Given, engines without are meant to be.")
  private @Nullable Duration approximateLife;

  @Option(
      names = "--secret",
      paramLabel = "NUMBER",
      converter = SecretConverter.class,
      description = "64-bit seed of the block hashes, decimal or 0x…; default random.")
  private @Nullable Long secret;

  @Option(
      names = "--snapshot",
      paramLabel = "FILE",
      description = "Keep what caches have over a restart, in this file; needs --block-size, and"
          + " --secret or --engine-hashes.")
  private @Nullable Path snapshot;

  @Option(
      names = "--snapshot-interval",
      paramLabel = "TIME",
      defaultValue = "2m",
      converter = DurationConverter.class,
      description =
          "Time between two saves of --snapshot; default ${DEFAULT-VALUE}. It is saved when"
              + " the program is stopped as well.")
  private Duration snapshotInterval = Duration.ofMinutes(2);

  @Option(
      names = "--log-scores",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Print one line with the pods' scores for each request; default true.")
  private boolean logScores = true;

  private @Nullable LoadedTokenizer loaded;

  private @Nullable VllmTokenizer remote;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec mixee;

  /** Creates the options with their defaults; picocli fills them. */
  public PoolOptions() {}

  /**
   * Makes the router that the options describe, with the standard profile.
   *
   * @param executor prepares large prompts
   * @return a new router without endpoints
   * @throws ParameterException if the tokenizer cannot be read, a number is out of range or options
   *     exclude each other; the message names the option
   */
  public Router router(Executor executor) {
    RouterBuilder builder = Router.builder().profile(Profiles.standard()).executor(executor);
    invalidIf(
        tokenCacheMib < 0 || tokenCacheMib > MOST_CACHE_MIB,
        "--token-cache-mib",
        "must be from 0 to " + MOST_CACHE_MIB + ", was " + tokenCacheMib);
    Path folder = tokenizer;
    if (folder != null) {
      try {
        loaded = Tokenizers.read(folder, tokenCacheMib << 20);
        builder.tokenizer(loaded.tokenizer()).template(ChatTemplates.load(folder));
      } catch (IOException | IllegalArgumentException | TemplateException e) {
        throw Launcher.invalid(
            mixee(),
            "--tokenizer",
            folder
                + " must be a folder with a tokenizer.json and a chat template that can be read; "
                + e.getMessage(),
            e);
      }
    }
    tokenizeElsewhere(builder);
    Integer tokens = blockSize;
    if (tokens != null) {
      Launcher.invalidIf(mixee(), "--block-size", () -> builder.blockSize(tokens));
    }
    if (model != null) {
      builder.model(model);
    }
    adapters.forEach(builder::adapter);
    if (secret != null) {
      builder.secret(secret);
    }
    if (engineHashes != null) {
      check(engineHashes);
      builder.engineHashes(engineHashes);
    }
    if (approximateTokens != null || approximateLife != null) {
      approximate(
          builder,
          Objects.requireNonNullElse(approximateTokens, RouterBuilder.DEFAULT_APPROXIMATE_TOKENS),
          Objects.requireNonNullElse(approximateLife, RouterBuilder.DEFAULT_APPROXIMATE_LIFE));
    }
    return builder.build();
  }

  private void tokenizeElsewhere(RouterBuilder builder) {
    if (!tokenizeAt.isEmpty()) {
      invalidIf(
          tokenizer != null,
          "--tokenize-at",
          "and --tokenizer both say who tokenizes; leave one of them out");
      Launcher.invalidIf(mixee(), "--tokenize-at", () -> {
        VllmTokenizer.Builder asked = VllmTokenizer.at(tokenizeAt.toArray(new String[0]));
        for (String header : tokenizeHeaders) {
          int colon = header.indexOf(':');
          invalidIf(
              colon < 1,
              "--tokenize-header",
              "must be a name, a colon and a value, was '" + header + "'");
          asked.header(
              header.substring(0, colon).trim(), header.substring(colon + 1).trim());
        }
        remote = asked.build();
        builder.tokenizer(remote);
      });
    }
    Duration limit = tokenizationLimit;
    if (limit != null) {
      Launcher.invalidIf(mixee(), "--tokenization-limit", () -> builder.tokenizationLimit(limit));
    }
  }

  /** Checks what {@link RouterBuilder#build} does too, to say it in the words of options. */
  private void check(EngineHashScheme scheme) {
    invalidIf(
        secret != null,
        "--secret",
        "seeds Warmpath's own hashes, and --engine-hashes puts the engines' in their place; leave"
            + " one of them out");
    invalidIf(
        model != null,
        "--model",
        "enters Warmpath's own hashes, and --engine-hashes puts the engines' in their place; leave"
            + " one of them out");
    for (LoraAdapter adapter : adapters) {
      String name = adapter.name();
      invalidIf(
          !scheme.covers(PromptExtras.NONE.withAdapter(adapter)),
          "--model-adapter",
          "--engine-hashes need more of '" + name + "'; write " + name + ",path=PATH as the"
              + " engines loaded it (vLLM since 0.31), or " + name
              + ",id=NUMBER (vLLM before 0.11.1, TensorRT-LLM)");
    }
    if (scheme instanceof VllmHash vllm && blockSize != null) {
      invalidIf(
          blockSize % vllm.hashesPerBlock() != 0,
          "--block-size",
          "must be a multiple of the " + vllm.hashesPerBlock()
              + " hashes-per-block of --engine-hashes, was " + blockSize);
    }
  }

  private void approximate(RouterBuilder builder, long tokens, Duration life) {
    // One after the other, so that the option at fault is named.
    Launcher.invalidIf(
        mixee(),
        "--approximate-tokens",
        () -> builder.approximate(tokens, RouterBuilder.DEFAULT_APPROXIMATE_LIFE));
    Launcher.invalidIf(mixee(), "--approximate-life", () -> builder.approximate(tokens, life));
  }

  /**
   * Brings back what a run before has kept, and keeps it for the next one, if {@code --snapshot} says
   * so.
   *
   * @param router from {@link #router}, still without endpoints
   * @param endpoints those that it will get
   * @return to be closed when the host stops; keeps nothing without the option
   * @throws ParameterException if options that it needs are missing, the interval is out of range or
   *     there is no such folder; the message names the option
   */
  public Snapshots snapshots(Router router, Collection<Endpoint> endpoints) {
    Path path = snapshot;
    if (path == null) {
      return Snapshots.none();
    }
    Path folder = path.toAbsolutePath().getParent();
    invalidIf(
        folder == null || !Files.isDirectory(folder),
        "--snapshot",
        path + " must be a file in a folder that is there");
    invalidIf(
        snapshotInterval.compareTo(SHORTEST_INTERVAL) < 0,
        "--snapshot-interval",
        "must be at least 1s, was " + snapshotInterval);
    return Snapshots.start(path, identity(), router, Set.copyOf(endpoints), snapshotInterval);
  }

  private SnapshotIdentity identity() {
    Integer tokens = blockSize;
    if (tokens == null) {
      throw invalid("--snapshot", "needs --block-size, as no engine was asked when it is restored");
    }
    String name = model == null ? UNNAMED : model;
    EngineHashScheme scheme = engineHashes;
    Long seed = secret;
    try {
      if (scheme != null) {
        return new SnapshotIdentity(name, tokens, scheme.toString(), UNSEEDED);
      }
      if (seed != null) {
        BlockHasher hasher =
            model == null ? BlockHasher.keyed(seed) : BlockHasher.keyed(seed, model);
        return SnapshotIdentity.of(name, tokens, hasher);
      }
    } catch (IllegalArgumentException e) {
      throw Launcher.invalid(mixee(), "--snapshot", String.valueOf(e.getMessage()), e);
    }
    throw invalid(
        "--snapshot",
        "needs --secret, the same for each run: no run can read another's random one");
  }

  private void invalidIf(boolean isInvalid, String option, String reason) {
    if (isInvalid) {
      throw invalid(option, reason);
    }
  }

  private ParameterException invalid(String option, String reason) {
    return Launcher.invalid(mixee(), option, reason, null);
  }

  /** {@return whether each decision is to be printed} */
  public boolean logScores() {
    return logScores;
  }

  /** {@return what to tell an operator of prompts that cannot be read; empty if all can be} */
  public String warning() {
    return tokenizer == null && tokenizeAt.isEmpty()
        ? "no --tokenizer: prompts are matched by their bytes, not against what engines announce"
        : "";
  }

  /**
   * Adds who tokenizes, with its counters, to a host's page, if anybody does.
   *
   * @param stats of the engine adapter, as JSON values
   * @return these, with {@code tokenizer}
   */
  public Map<String, Object> beside(Map<String, Object> stats) {
    Map<String, Object> tokens = new LinkedHashMap<>();
    if (remote != null) {
      tokens.put("reader", "vLLM");
      tokens.putAll(remote.stats().asMap());
    } else if (loaded != null) {
      tokens.put("reader", loaded.reader());
      loaded.cache().ifPresent(cache -> tokens.putAll(cache.asMap()));
    } else {
      return stats;
    }
    Map<String, Object> all = new LinkedHashMap<>(stats);
    all.put("tokenizer", tokens);
    return all;
  }

  private CommandSpec mixee() {
    if (mixee == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    return mixee;
  }

  /** Text to {@link EngineHashScheme}. */
  private static final class EngineHashConverter implements ITypeConverter<EngineHashScheme> {
    @Override
    public EngineHashScheme convert(String text) {
      try {
        return EngineHashScheme.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** A decimal or hexadecimal number of 64 bits. */
  private static final class SecretConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return text.startsWith("0x")
            ? Long.parseUnsignedLong(text.substring(2), 16)
            : Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text
            + "' is no 64-bit number; write decimal digits, or 0x and 1 to 16 hex digits");
      }
    }
  }
}
