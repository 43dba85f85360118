package io.warmpath.jmh;

import io.warmpath.Router;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.scorers.profile.Profiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a conversation cost that grew by one message?
 *
 * <p>One operation takes a chat's body of 20 turns from bytes to block hashes. All but the last message
 * was seen before, in one of 64 conversations that take turns; the last begins with a number that is
 * new in each call. {@link #prepared} does all of it; {@link #parsed} and {@link #rendered} stop earlier,
 * to show where the time goes. Must hold: the tokens are those that the model's template and tokenizer
 * give without any memory.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc ConversationBenchmark -p tokenizer=DIR}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgsPrepend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class ConversationBenchmark {

  private static final int BLOCK_SIZE = 16;
  private static final long SEED = 42;
  private static final int CONVERSATIONS = 64;

  /** Tokens of the whole prompt, about. */
  @Param("32000")
  public int promptTokens;

  /** {@code own}, or a directory. */
  @Param(Model.OWN)
  public String tokenizer;

  private Model model;
  private Router router;
  private List<Conversation> conversations;
  private final StringBuilder text = new StringBuilder();
  private int number;

  /** Builds the router, and shows it the conversations. */
  @Setup
  public void setUp() throws IOException {
    model = Model.load(tokenizer);
    router = Router.builder()
        .tokenizer(model.tokenizer())
        .template(model.template())
        .blockSize(BLOCK_SIZE)
        .secret(SEED)
        .profile(Profiles.standard())
        .build();
    Words words = new Words(model.tokenizer(), SEED);
    Conversation[] made = new Conversation[CONVERSATIONS];
    Arrays.setAll(made, c -> Conversation.of(model, words, promptTokens));
    conversations = List.of(made);
  }

  /** Refuses figures of conversations that were tokenized otherwise than without memory. */
  @TearDown
  public void check() throws IOException {
    Model fresh = Model.load(tokenizer);
    for (Conversation conversation : conversations) {
      InferenceRequest request = parse(conversation.chat(++number));
      int expected = Conversation.tokenIds(fresh, request).length;
      int found = router.prepare(request).promptTokens();
      if (found != expected) {
        throw new IllegalStateException("expected " + expected + " tokens, found " + found);
      }
    }
  }

  /** The body's JSON alone. */
  @Benchmark
  public InferenceRequest parsed() {
    return parse(next());
  }

  /** With the chat template. */
  @Benchmark
  public int rendered() {
    text.setLength(0);
    model.template().render(parse(next()), text);
    return text.length();
  }

  /** With tokens and block hashes. */
  @Benchmark
  public PreparedRequest prepared() {
    return router.prepare(parse(next()));
  }

  private byte[] next() {
    number++;
    return conversations.get(number % CONVERSATIONS).chat(number);
  }

  private static InferenceRequest parse(byte[] body) {
    return InferenceRequest.parse(Api.CHAT_COMPLETIONS, body, RequestHeaders.NONE);
  }
}
