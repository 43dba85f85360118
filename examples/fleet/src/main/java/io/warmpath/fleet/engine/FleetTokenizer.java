package io.warmpath.fleet.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fleet's own tokenizer: byte-level BPE with Llama-3's word pattern and special tokens, on a vocabulary of 1,873
 * tokens that comes with this module; written apart from Warmpath's, so that the two check each other.
 *
 * <p><b>Threads:</b> any number. <b>Cost:</b> one pattern match and one map look-up per word seen before; up to 65,536
 * words are remembered.
 */
public final class FleetTokenizer {

  private static final String RESOURCES = "/io/warmpath/fleet/tokenizer/";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";

  /** The pre-tokenizer's pattern of tokenizer.json; its {@code \s} is Unicode's White_Space. */
  private static final Pattern WORD =
      Pattern.compile("(?iu:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+"
          + "| ?[^\\p{IsWhite_Space}\\p{L}\\p{N}]++[\\r\\n]*+|\\p{IsWhite_Space}*[\\r\\n]+"
          + "|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})|\\p{IsWhite_Space}+");

  private static final int MAX_REMEMBERED_WORDS = 1 << 16;
  private static final int MAX_REMEMBERED_LENGTH = 64;

  private final Map<String, Integer> vocabulary;
  private final Map<String, Integer> added;
  private final Pattern addedPattern;
  private final BytePairMerges merges;
  private final int[] byteIds = new int[256];
  private final char[] byteChars = new char[256];
  /** Bytes by token id. */
  private final byte[][] bytes;

  private final int[] spacedWords;
  private final int[] bareWords;
  private final int beginOfText;
  private final Map<String, int[]> remembered = new ConcurrentHashMap<>();

  private FleetTokenizer(TokenizerFile file) {
    vocabulary = file.vocabulary();
    added = file.added();
    addedPattern = Pattern.compile(
        String.join("|", added.keySet().stream().map(Pattern::quote).toList()));
    merges = new BytePairMerges(file);
    fillByteAlphabet();
    int size = 1 + Math.max(highest(vocabulary), highest(added));
    bytes = new byte[size][];
    Map<Character, Byte> byteOf = new HashMap<>();
    for (int b = 0; b < 256; b++) {
      byteOf.put(byteChars[b], (byte) b);
    }
    vocabulary.forEach((token, id) -> bytes[id] = toBytes(token, byteOf));
    added.forEach((text, id) -> bytes[id] = text.getBytes(StandardCharsets.UTF_8));
    spacedWords = words("\u0120[a-z]{2,}");
    bareWords = words("[a-z]{3,}");
    beginOfText = id("<|begin_of_text|>");
  }

  /** {@return the tokenizer that comes with this module, read anew} */
  public static FleetTokenizer load() {
    try (InputStream in = resource(TOKENIZER)) {
      return new FleetTokenizer(TokenizerFile.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json} into {@code directory}, which is made if absent,
   * so that others can load this tokenizer and its chat template.
   *
   * @return {@code directory}
   * @throws FileAlreadyExistsException if it holds another tokenizer, which is kept
   * @throws IOException if they cannot be written
   */
  public static Path extractTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : List.of(TOKENIZER, CONFIG)) {
      Path file = directory.resolve(name);
      try (InputStream in = resource(name)) {
        byte[] content = in.readAllBytes();
        if (!Files.exists(file)) {
          Files.write(file, content);
        } else if (!Arrays.equals(content, Files.readAllBytes(file))) {
          throw new FileAlreadyExistsException(
              file + " is there already, and is not the fleet's; give another directory");
        }
      }
    }
    return directory;
  }

  /**
   * {@return the tokens of {@code text}; special tokens spelt out in it count as such}
   *
   * @param addSpecialTokens whether {@code <|begin_of_text|>} goes first
   */
  public int[] encode(String text, boolean addSpecialTokens) {
    IntList out = new IntList(16 + text.length() / 3);
    if (addSpecialTokens) {
      out.add(beginOfText);
    }
    int from = 0;
    Matcher special = addedPattern.matcher(text);
    while (special.find()) {
      encodePlain(text, from, special.start(), out);
      out.add(Objects.requireNonNull(added.get(special.group())));
      from = special.end();
    }
    encodePlain(text, from, text.length(), out);
    return out.toArray();
  }

  /** {@return the tokens of a rendered conversation} */
  public int[] encodeChat(List<ChatTurn> turns, boolean addGenerationPrompt) {
    return encode(renderChat(turns, addGenerationPrompt), false);
  }

  /** {@return the text of a conversation, as the chat template of {@code tokenizer_config.json} renders it} */
  public static String renderChat(List<ChatTurn> turns, boolean addGenerationPrompt) {
    StringBuilder text = new StringBuilder("<|begin_of_text|>");
    for (ChatTurn turn : turns) {
      header(text, turn.role()).append(trim(turn.content())).append("<|eot_id|>");
    }
    if (addGenerationPrompt) {
      header(text, "assistant");
    }
    return text.toString();
  }

  /** {@return the text of tokens, special ones spelt out; bytes that are no UTF-8 become U+FFFD} */
  public String decode(int... ids) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4 * ids.length);
    for (int id : ids) {
      out.writeBytes(bytes[id]);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** {@return token ids are below this} */
  public int size() {
    return bytes.length;
  }

  /** Tokens of a space and at least two lower-case letters; shared, not to be written. */
  int[] spacedWords() {
    return spacedWords;
  }

  /** Tokens of at least three lower-case letters; shared, not to be written. */
  int[] bareWords() {
    return bareWords;
  }

  boolean endsLine(int id) {
    byte[] text = bytes[id];
    return text.length > 0 && (text[text.length - 1] == '\n' || text[text.length - 1] == '\r');
  }

  private void encodePlain(String text, int from, int to, IntList out) {
    Matcher word = WORD.matcher(text).region(from, to).useTransparentBounds(false);
    while (word.find()) {
      out.addAll(encodeWord(word.group()));
    }
  }

  private int[] encodeWord(String word) {
    int[] known = remembered.get(word);
    if (known != null) {
      return known;
    }
    byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
    Integer whole =
        vocabulary.get(fromBytes(utf8)); // "ignore_merges": a word of the vocabulary is one token
    int[] ids = whole != null ? new int[] {whole} : merges.apply(byteTokens(utf8));
    if (word.length() <= MAX_REMEMBERED_LENGTH && remembered.size() < MAX_REMEMBERED_WORDS) {
      remembered.put(word, ids);
    }
    return ids;
  }

  private int[] byteTokens(byte[] utf8) {
    int[] ids = new int[utf8.length];
    for (int i = 0; i < utf8.length; i++) {
      ids[i] = byteIds[utf8[i] & 0xff];
    }
    return ids;
  }

  /**
   * The byte-level alphabet of GPT-2's encoder: printable bytes stand for themselves, the others for the characters
   * from U+0100 on, in their order.
   */
  private void fillByteAlphabet() {
    int other = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      byteChars[b] = (char) (printable ? b : other++);
      byteIds[b] = id(String.valueOf(byteChars[b]));
    }
  }

  private String fromBytes(byte[] utf8) {
    char[] chars = new char[utf8.length];
    for (int i = 0; i < utf8.length; i++) {
      chars[i] = byteChars[utf8[i] & 0xff];
    }
    return new String(chars);
  }

  private static byte[] toBytes(String token, Map<Character, Byte> byteOf) {
    byte[] out = new byte[token.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = Objects.requireNonNull(byteOf.get(token.charAt(i)));
    }
    return out;
  }

  private int id(String token) {
    Integer id = vocabulary.getOrDefault(token, added.get(token));
    if (id == null) {
      throw new IllegalStateException("tokenizer.json: no token '" + token + "'");
    }
    return id;
  }

  private int[] words(String form) {
    Pattern pattern = Pattern.compile(form);
    return vocabulary.entrySet().stream()
        .filter(e -> pattern.matcher(e.getKey()).matches())
        .mapToInt(Map.Entry::getValue)
        .sorted()
        .toArray();
  }

  private static int highest(Map<String, Integer> ids) {
    return ids.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private static StringBuilder header(StringBuilder text, String role) {
    return text.append("<|start_header_id|>").append(role).append("<|end_header_id|>\n\n");
  }

  /** Jinja's {@code trim} is Python's {@code str.strip()}: White_Space and the four separators U+001C to U+001F. */
  private static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isPythonSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isPythonSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isPythonSpace(char c) {
    return c == ' '
        || (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1f)
        || c == 0x85
        || Character.isSpaceChar(c);
  }

  private static InputStream resource(String name) {
    InputStream in = FleetTokenizer.class.getResourceAsStream(RESOURCES + name);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + RESOURCES + name);
    }
    return in;
  }

  /** A growing int array. */
  private static final class IntList {
    private int[] items;
    private int size;

    IntList(int capacity) {
      items = new int[capacity];
    }

    void add(int item) {
      if (size == items.length) {
        items = Arrays.copyOf(items, 2 * size);
      }
      items[size++] = item;
    }

    void addAll(int[] more) {
      for (int item : more) {
        add(item);
      }
    }

    int[] toArray() {
      return Arrays.copyOf(items, size);
    }
  }
}
