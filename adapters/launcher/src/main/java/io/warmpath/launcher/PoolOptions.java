package io.warmpath.launcher;

import io.warmpath.Router;
import io.warmpath.RouterBuilder;
import io.warmpath.scorers.profile.Profiles;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Options that describe a pool, for a picocli {@code @Mixin}: {@code --tokenizer}, {@code --block-size},
 * {@code --model-adapter}, {@code --secret} and {@code --log-scores}.
 *
 * <p><b>Threads:</b> one.
 */
public final class PoolOptions {

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Folder with the model's tokenizer.json and chat template. Without it, only"
          + " prompts given as token ids match caches; the rest is routed by load.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--block-size",
      paramLabel = "TOKENS",
      description = "Tokens per KV block; default: what the engines say.")
  private @Nullable Integer blockSize;

  @Option(
      names = "--model-adapter",
      arity = "1..*",
      paramLabel = "NAME",
      description = "Model names that are LoRA adapters of the base model.")
  private List<String> adapters = new ArrayList<>();

  @Option(
      names = "--secret",
      paramLabel = "NUMBER",
      converter = SecretConverter.class,
      description = "64-bit seed of the block hashes, decimal or 0x…; default random.")
  private @Nullable Long secret;

  @Option(
      names = "--log-scores",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Print one line with the pods' scores for each request; default true.")
  private boolean logScores = true;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec mixee;

  /** Creates the options with their defaults; picocli fills them. */
  public PoolOptions() {}

  /**
   * Makes the router that the options describe, with the standard profile.
   *
   * @param executor prepares large prompts
   * @return a new router without endpoints
   * @throws ParameterException if the tokenizer cannot be read or the block size is out of range; the
   *     message names the option
   */
  public Router router(Executor executor) {
    RouterBuilder builder = Router.builder().profile(Profiles.standard()).executor(executor);
    Path folder = tokenizer;
    if (folder != null) {
      try {
        builder.tokenizer(Tokenizers.load(folder)).template(ChatTemplates.load(folder));
      } catch (IOException | IllegalArgumentException e) {
        throw Launcher.invalid(
            mixee(),
            "--tokenizer",
            folder
                + " must be a folder with a tokenizer.json and a chat template that can be read; "
                + e.getMessage(),
            e);
      }
    }
    Integer tokens = blockSize;
    if (tokens != null) {
      Launcher.invalidIf(mixee(), "--block-size", () -> builder.blockSize(tokens));
    }
    adapters.forEach(builder::adapter);
    if (secret != null) {
      builder.secret(secret);
    }
    return builder.build();
  }

  /** {@return whether each decision is to be printed} */
  public boolean logScores() {
    return logScores;
  }

  /** {@return what to tell an operator of prompts that cannot be read; empty if all can be} */
  public String warning() {
    return tokenizer == null
        ? "no --tokenizer: prompts given as token ids match caches, the rest is routed by load"
        : "";
  }

  private CommandSpec mixee() {
    if (mixee == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    return mixee;
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
