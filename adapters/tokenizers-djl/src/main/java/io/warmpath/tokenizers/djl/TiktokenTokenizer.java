package io.warmpath.tokenizers.djl;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import com.knuddels.jtokkit.api.IntArrayList;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Byte-pair encoding by tiktoken's ranks, through jtokkit: OpenAI's encodings by name, and {@code
 * *.tiktoken} or {@code tiktoken.model} files (Qwen 1, the original files of Llama 3, Kimi).
 *
 * <p>A special token in the text becomes its id, as engines do (tiktoken's {@code
 * allowed_special="all"}); where one is the beginning of another, the longer one counts. There is no
 * frame of special tokens: {@code addSpecialTokens} changes nothing. A lone surrogate counts as
 * U+FFFD. Nothing is normalized: Qwen 1 applies NFC before, which is left to the caller.
 *
 * <p>Letters, numbers and white space are those of the JDK: Unicode 13 in 17, 16 in 25; tiktoken
 * 0.14 knows 16.
 *
 * <p><b>Threads:</b> any number.
 *
 * <p><b>Cost:</b> O(n log n) for a word of n bytes; a call allocates strings and lists for each
 * word.
 */
public final class TiktokenTokenizer implements Tokenizer {

  private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES;
  private static final Pattern END_OF_TEXT = Pattern.compile("(?<!\\\\)\\$");
  private static final Pattern SCRIPT =
      Pattern.compile("\\\\([pP])\\{(\\^?)(?:Script=)?(\\p{Lu}\\p{Ll}\\p{Ll}+)}");

  private final Encoding words;
  private final Map<String, Integer> specialTokens;
  private final Pattern specialPattern;

  private TiktokenTokenizer(Encoding words, Map<String, Integer> specialTokens) {
    this.words = words;
    this.specialTokens = Map.copyOf(specialTokens);
    this.specialPattern = Pattern.compile(specialTokens.keySet().stream()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .map(Pattern::quote)
        .collect(Collectors.joining("|")));
  }

  /**
   * Returns one of OpenAI's encodings, whose ranks are inside jtokkit's jar.
   *
   * @param encoding {@code r50k_base}, {@code p50k_base}, {@code p50k_edit}, {@code cl100k_base},
   *     {@code o200k_base} or {@code o200k_harmony} (gpt-oss), as tiktoken calls them
   * @return the tokenizer, for any number of threads
   * @throws IllegalArgumentException if it is none of these; the message lists them
   */
  public static TiktokenTokenizer named(String encoding) {
    OpenAiEncoding found = OpenAiEncoding.named(encoding);
    return new TiktokenTokenizer(
        Encodings.newLazyEncodingRegistry().getEncoding(found.words()), found.specialTokens());
  }

  /**
   * Reads a tiktoken file: on each line the bytes of a token in Base64, a space, and its rank, which
   * is its id ({@code tiktoken.load.load_tiktoken_bpe}).
   *
   * @param file the file itself; it says neither the pattern nor the special tokens, which stand in
   *     the code that comes with the model
   * @param pattern {@code pat_str}: what cuts a text into words, in the notation of tiktoken
   * @param specialTokens content to id; ids that no line of the file has
   * @return the tokenizer, for any number of threads
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a line is not as said, a byte has no token, two tokens have
   *     one id, or Java does not understand the pattern; the message names the place
   */
  public static TiktokenTokenizer read(
      Path file, String pattern, Map<String, Integer> specialTokens) throws IOException {
    Map<byte[], Integer> ranks = TiktokenFile.read(file);
    TiktokenFile.checkSpecialTokens(specialTokens, ranks);
    EncodingRegistry registry = Encodings.newLazyEncodingRegistry();
    String name = String.valueOf(file.getFileName());
    registry.registerGptBytePairEncoding(
        new GptBytePairEncodingParams(name, compile(pattern), ranks, Map.of()));
    return new TiktokenTokenizer(registry.getEncoding(name).orElseThrow(), specialTokens);
  }

  /** Rust's notation to Java's: the end of the text, scripts by name. */
  static Pattern compile(String pattern) {
    String java = END_OF_TEXT.matcher(pattern).replaceAll("\\\\z");
    java = SCRIPT
        .matcher(java)
        .replaceAll(script -> "\\\\" + (script.group(2).isEmpty() ? script.group(1) : "P") + "{Is"
            + script.group(3) + "}");
    try {
      return Pattern.compile(java, FLAGS);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "pattern '%s' is not supported (%s)".formatted(pattern, e.getDescription()), e);
    }
  }

  @Override
  public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
    String whole = WellFormed.of(text);
    if (specialTokens.isEmpty()) {
      encodeWords(whole, out);
      return;
    }
    Matcher special = specialPattern.matcher(whole);
    int at = 0;
    while (special.find()) {
      encodeWords(whole.substring(at, special.start()), out);
      out.add(Objects.requireNonNull(specialTokens.get(special.group())));
      at = special.end();
    }
    encodeWords(whole.substring(at), out);
  }

  private void encodeWords(String text, TokenBuffer out) {
    IntArrayList ids = words.encodeOrdinary(text);
    for (int i = 0; i < ids.size(); i++) {
      out.add(ids.get(i));
    }
  }
}
