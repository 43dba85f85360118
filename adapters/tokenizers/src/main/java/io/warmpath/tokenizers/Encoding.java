package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;

/**
 * The scratch space of one call: takes a text through the steps of a {@link BytePairTokenizer} and
 * allocates nothing, unless the text is longer than all before it or has to be normalized.
 *
 * <p>Not thread-safe; reusable.
 */
final class Encoding implements AddedTokenMatcher.Parts, PreTokenizer.Pieces {

  private static final int INITIAL_CHARS = 1 << 12;

  /** The longest array that every JVM has. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final BytePairTokenizer tokenizer;
  private final WordEncoder words;
  private final long[] key = new long[WordCache.keyLength(BytePairTokenizer.MAX_CACHED_CHARS)];
  private final int[] ids = new int[2 * BytePairTokenizer.LONG_LINE];
  private final AddedTokenMatcher.Parts normalizedParts = new NormalizedParts();
  private final TokenBuffer idle = new TokenBuffer();
  private char[] text = new char[INITIAL_CHARS];

  /** Where ids go; between calls one that gets none, so that a caller's is not held. */
  private TokenBuffer out;

  Encoding(BytePairTokenizer tokenizer, WordEncoder words) {
    this.tokenizer = tokenizer;
    this.out = idle;
    this.words = words;
  }

  /** Appends the ids of a text, added tokens included. */
  void encode(CharSequence whole, TokenBuffer ids) {
    out = ids;
    int length = read(whole);
    Surrogates.mend(text, 0, length);
    tokenizer.givenText().split(whole, text, this);
    out = idle;
  }

  /** Appends the ids of text that was found to have no added tokens in it; halves of characters are replaced in it. */
  void encodePart(char[] part, int from, int to, TokenBuffer ids) {
    Surrogates.mend(part, from, to);
    out = ids;
    text(part, from, to);
    out = idle;
  }

  /** {@return the chars that were read last; the first ones count} */
  char[] chars() {
    return text;
  }

  /**
   * Takes the chars in, halves of characters too.
   *
   * @return how many
   */
  int read(CharSequence whole) {
    int length = whole.length();
    if (length > text.length) {
      text = new char[Math.max(length, (int) Math.min(2L * text.length, MAX_ARRAY))];
    }
    if (whole instanceof String string) {
      string.getChars(0, length, text, 0);
    } else if (whole instanceof StringBuilder builder) {
      builder.getChars(0, length, text, 0);
    } else {
      for (int i = 0; i < length; i++) {
        text[i] = whole.charAt(i);
      }
    }
    return length;
  }

  /** {@return how many chars are kept for the next call} */
  int capacity() {
    return text.length;
  }

  @Override
  public void token(int id) {
    out.add(id);
  }

  @Override
  public void text(char[] given, int from, int to) {
    if (tokenizer.normalization().isDone(given, from, to)) {
      tokenizer.normalizedText().split(given, from, to, normalizedParts);
    } else {
      char[] normalized =
          tokenizer.normalization().apply(new String(given, from, to - from)).toCharArray();
      tokenizer.normalizedText().split(normalized, 0, normalized.length, normalizedParts);
    }
  }

  @Override
  public void piece(char[] piece, int from, int to) {
    int chars = to - from;
    if (chars > BytePairTokenizer.MAX_CACHED_CHARS) {
      words.encode(piece, from, to, out);
      return;
    }
    long hash = WordCache.pack(piece, from, to, key);
    WordCache cache = tokenizer.cache(chars);
    if (!cache.append(hash, key, chars, ids, out)) {
      int before = out.size();
      words.encode(piece, from, to, out);
      cache.put(hash, key, chars, out.ids(), before, out.size());
    }
  }

  /** What comes of normalized text. */
  private final class NormalizedParts implements AddedTokenMatcher.Parts {
    @Override
    public void token(int id) {
      out.add(id);
    }

    @Override
    public void text(char[] normalized, int from, int to) {
      tokenizer.preTokenizer().split(normalized, from, to, Encoding.this);
    }
  }
}
