package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * Byte-level byte-pair encoding, id by id as Hugging Face tokenizers does it.
 *
 * <p>A text goes through added tokens, Unicode normalization, added tokens that want normalized
 * text, the pre-tokenizer's words, and the merges within each word; the frame of special tokens
 * comes last. Truncation and padding settings of the file are ignored, as engines switch them off.
 *
 * <p><b>Threads:</b> any number, without locks; shared are a cache of words and a pool of scratch
 * space.
 *
 * <p><b>Cost:</b> O(n): a look at each char, one line of memory for a word met lately; for another
 * word two look-ups if it is a token, else O(n log n) for its n bytes. Allocates nothing once warm,
 * but for text that has to be normalized or that goes through a split pattern that is not known by
 * heart, both of which copy the text. At most 65,536 short words and 4,096 long ones are remembered,
 * of up to 48 chars, in 5 MB.
 */
public final class BytePairTokenizer implements Tokenizer {

  /** The longest word that is remembered. */
  static final int MAX_CACHED_CHARS = 48;

  /** Length of a cache line for long words, in {@code long}s. */
  static final int LONG_LINE = 32;

  /** There is no safe cut. */
  static final int NO_CUT = -1;

  private static final int LONG_LINES = 1 << 12;

  /** The longest word that may be in a short line: two ids or more fit beside it. */
  private static final int MAX_SHORT_CHARS = 16;

  private static final int SHORT_LINE = 8;
  private static final int SHORT_LINES = 1 << 16;

  private final AddedTokenMatcher givenText;
  private final AddedTokenMatcher normalizedText;
  private final Normalization normalization;
  private final PreTokenizer preTokenizer;
  private final BytePairModel model;
  private final Frame frame;
  private final LineCuts lineCuts;

  /** Whether an added token has the character in it that stands for half of another. */
  private final boolean findsReplacements;

  private final WordCache shortWords = new WordCache(SHORT_LINES, SHORT_LINE);
  private final WordCache longWords = new WordCache(LONG_LINES, LONG_LINE);
  private final EncodingPool encodings;

  BytePairTokenizer(
      AddedTokenMatcher givenText,
      AddedTokenMatcher normalizedText,
      Normalization normalization,
      PreTokenizer preTokenizer,
      BytePairModel model,
      Frame frame) {
    this.givenText = givenText;
    this.normalizedText = normalizedText;
    this.normalization = normalization;
    this.preTokenizer = preTokenizer;
    this.model = model;
    this.frame = frame;
    this.lineCuts = lineCuts(normalizedText, normalization, preTokenizer);
    this.findsReplacements =
        givenText.tokens().stream().anyMatch(token -> token.content().indexOf('\uFFFD') >= 0);
    this.encodings = new EncodingPool(() -> new Encoding(this, new WordEncoder(model)));
  }

  @Override
  public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
    if (addSpecialTokens) {
      out.add(frame.before(), 0, frame.before().length);
    }
    Encoding encoding = encodings.take();
    encoding.encode(text, out);
    encodings.give(encoding);
    if (addSpecialTokens) {
      out.add(frame.after(), 0, frame.after().length);
    }
  }

  /**
   * Hands on the added tokens of a text and the text between them. What {@link #encode} appends is
   * the frame around these ids and those of {@link #encodePart} for each text, in this order.
   *
   * @param parts gets chars that are the text's own, so that places in them are places in {@code text};
   *     they are valid during the call. Halves of characters are in them still: to look for these
   *     costs as much as all else that a text needs which is remembered, and no token is found by them
   */
  void parts(CharSequence text, AddedTokenMatcher.Parts parts) {
    Encoding encoding = encodings.take();
    int length = encoding.read(text);
    if (findsReplacements) {
      Surrogates.mend(encoding.chars(), 0, length);
    }
    givenText.split(text, encoding.chars(), parts);
    encodings.give(encoding);
  }

  /**
   * Appends the ids of text without added tokens, as {@link #parts} hands it on, or of what is
   * between two {@link #safeCut safe cuts} of it.
   *
   * @param text halves of characters become U+FFFD in it
   */
  void encodePart(char[] text, int from, int to, TokenBuffer out) {
    if (from < to) {
      Encoding encoding = encodings.take();
      encoding.encodePart(text, from, to, out);
      encodings.give(encoding);
    }
  }

  /**
   * Returns the first place where {@code text[from, to)} may be cut, so that the two halves, each
   * given to {@link #encodePart}, have the ids of the whole.
   *
   * <p>That is between a line feed and a letter, if the pre-tokenizer has a border there whatever is
   * around it ({@link LineCuts}), if normalization leaves the letter alone, and if no added token
   * that is looked for in normalized text can reach across. No normalization form looks across a line
   * feed.
   *
   * @param text well-formed UTF-16 without added tokens, as {@link #parts} hands it on
   * @param atLeast chars before the cut
   * @return the place, above {@code from} and below {@code to}, or {@link #NO_CUT}
   */
  int safeCut(char[] text, int from, int to, int atLeast) {
    if (lineCuts == LineCuts.NONE) {
      return NO_CUT;
    }
    for (int at = from + Math.max(1, atLeast); at < to; at++) {
      if (text[at - 1] == '\n' && isSafe(text, from, at, to)) {
        return at;
      }
    }
    return NO_CUT;
  }

  private boolean isSafe(char[] text, int from, int at, int to) {
    int letter = Character.codePointAt(text, at, to);
    if (!Characters.isLetter(letter) || normalization.mayChange(letter)) {
      return false;
    }
    if (lineCuts == LineCuts.AFTER_ANY_BREAK || at - 1 == from) {
      return true;
    }
    int before = Character.codePointBefore(text, at - 1, from);
    return !Characters.isSpace(text[at - 2]) && !normalization.mayChange(before);
  }

  private static LineCuts lineCuts(
      AddedTokenMatcher normalizedText, Normalization normalization, PreTokenizer preTokenizer) {
    for (AddedToken token : normalizedText.tokens()) {
      if (token.lstrip() || token.content().indexOf('\n') >= 0) {
        return LineCuts.NONE;
      }
    }
    return normalization.isOfForms() ? preTokenizer.lineCuts() : LineCuts.NONE;
  }

  /**
   * Returns the text that these tokens stand for, special tokens as their content.
   *
   * @param ids token ids; those that the vocabulary does not have are left out
   * @return the text; bytes that are not UTF-8, such as half of a character, become U+FFFD
   */
  public String decode(int[] ids) {
    Vocabulary vocabulary = model.vocabulary();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      vocabulary.write(id, bytes);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public int addedToken(String content) {
    return Stream.concat(givenText.tokens().stream(), normalizedText.tokens().stream())
        .filter(token -> token.content().equals(content))
        .mapToInt(AddedToken::id)
        .findFirst()
        .orElse(-1);
  }

  /** {@return the number of tokens, added ones included} */
  public int vocabularySize() {
    return model.vocabulary().size();
  }

  /** {@return the ids around a text that is encoded with special tokens} */
  Frame frame() {
    return frame;
  }

  AddedTokenMatcher givenText() {
    return givenText;
  }

  AddedTokenMatcher normalizedText() {
    return normalizedText;
  }

  Normalization normalization() {
    return normalization;
  }

  PreTokenizer preTokenizer() {
    return preTokenizer;
  }

  /** {@return the cache for words of so many chars, at most {@link #MAX_CACHED_CHARS}} */
  WordCache cache(int chars) {
    return chars <= MAX_SHORT_CHARS ? shortWords : longWords;
  }
}
