package io.warmpath.jmh;

import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast does text become token ids, and how long until a tokenizer is there?
 *
 * <p>One operation of {@code warm}, {@code cold} and {@code djl} is a text of {@code promptTokens} tokens
 * of English, Java and Korean, by a tokenizer that remembers words but no texts. {@code warm} takes the
 * same text again and again, so that all of its words are remembered. {@code cold} is the first text
 * that a tokenizer sees which was just loaded, in a JVM that has compiled the code: no word is
 * remembered and no token was used before. Tokens a second are {@code promptTokens} by the time. {@code
 * load} reads the tokenizer's files in a fresh JVM, with all classes still to be loaded and everything
 * interpreted at first. Must hold: 0 B/op in {@code warm}.
 *
 * <p>The peers: {@code djl} is {@code warm} by the native code of Hugging Face tokenizers, called through
 * DJL; {@code python jmh/peers/tokenizers.py DIR} is the same code called from Python. What a loaded
 * tokenizer keeps in memory: {@link TokenizerMemory}.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc -p tokenizer=DIR TokenizerBenchmark}
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsPrepend = "-Xmx512m")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class TokenizerBenchmark {

  /** Which tokenizer, and what it is given. */
  @State(Scope.Benchmark)
  public static class Input {
    /** Our own, or a directory with another model's {@code tokenizer.json}. */
    @Param(Model.OWN)
    public String tokenizer;

    /** Tokens of the text, or one or two less. */
    @Param("8000")
    public int promptTokens;
  }

  /** A tokenizer that has seen the text. */
  @State(Scope.Benchmark)
  public static class Warm {
    Tokenizer tokenizer;
    String text;

    /** Loads and warms it. */
    @Setup
    public void setUp(Input input) throws IOException {
      tokenizer = Model.ofWords(input.tokenizer);
      text = text(tokenizer, input.promptTokens);
    }
  }

  /** The native tokenizer, which has seen the text. */
  @State(Scope.Benchmark)
  public static class Djl {
    Tokenizer tokenizer;
    String text;

    /** Loads it. */
    @Setup
    public void setUp(Input input) throws IOException {
      tokenizer = Model.djl(input.tokenizer);
      text = text(Model.tokenizer(input.tokenizer), input.promptTokens);
    }
  }

  /** A tokenizer that has seen nothing. */
  @State(Scope.Benchmark)
  public static class Cold {
    Tokenizer tokenizer;
    String text;

    /** Chooses the text. */
    @Setup
    public void chooseText(Input input) throws IOException {
      text = text(Model.tokenizer(input.tokenizer), input.promptTokens);
    }

    /** Loads it. */
    @Setup(Level.Invocation)
    public void setUp(Input input) throws IOException {
      tokenizer = Model.ofWords(input.tokenizer);
    }
  }

  /** Receives the ids. */
  @State(Scope.Thread)
  public static class Ids {
    final TokenBuffer ids = new TokenBuffer();
  }

  /** {@return the number of tokens} */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public int warm(Warm warm, Ids ids) {
    ids.ids.clear();
    warm.tokenizer.encode(warm.text, false, ids.ids);
    return ids.ids.size();
  }

  /** {@return the number of tokens} */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public int djl(Djl djl, Ids ids) {
    ids.ids.clear();
    djl.tokenizer.encode(djl.text, false, ids.ids);
    return ids.ids.size();
  }

  /** {@return the number of tokens} */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Warmup(iterations = 30)
  @Measurement(iterations = 30)
  public int cold(Cold cold, Ids ids) {
    ids.ids.clear();
    cold.tokenizer.encode(cold.text, false, ids.ids);
    return ids.ids.size();
  }

  /** {@return the tokenizer} */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(value = 10, jvmArgsPrepend = "-Xmx512m")
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public Tokenizer load(Input input) throws IOException {
    return Model.tokenizer(input.tokenizer);
  }

  /** {@return the first tokens of our text, which is repeated if it is too short} */
  static String text(Tokenizer tokenizer, int tokens) throws IOException {
    String mix;
    try (InputStream in = TokenizerBenchmark.class.getResourceAsStream("mix.txt")) {
      mix =
          new String(Objects.requireNonNull(in, "mix.txt").readAllBytes(), StandardCharsets.UTF_8);
    }
    String text = mix.repeat(1 + tokens / Math.max(1, count(tokenizer, mix)));
    int enough = text.length();
    int tooFew = 0;
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) >>> 1;
      if (count(tokenizer, text.substring(0, middle)) > tokens) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return text.substring(0, tooFew);
  }

  private static int count(Tokenizer tokenizer, String text) {
    TokenBuffer ids = new TokenBuffer();
    tokenizer.encode(text, false, ids);
    return ids.size();
  }
}
