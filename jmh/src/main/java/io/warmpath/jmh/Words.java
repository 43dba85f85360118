package io.warmpath.jmh;

import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Prose of made-up words: 20,000 of them, of which a few make up most of a text, as in any language.
 *
 * <p>Not thread-safe.
 */
final class Words {

  private static final int WORDS = 20_000;
  private static final int WORDS_A_PARAGRAPH = 80;
  private static final String[] SYLLABLES =
      "ba be con da de er fa ing ka la li ment mo na no per ra re ri sa se sta ta te ti to tion un ve wa"
          .split(" ");

  private final SplittableRandom random;
  private final Tokenizer tokenizer;
  private final TokenBuffer buffer = new TokenBuffer();
  private final String[] words = new String[WORDS];
  private int written;

  Words(Tokenizer tokenizer, long seed) {
    this.tokenizer = tokenizer;
    random = new SplittableRandom(seed);
    Set<String> known = new HashSet<>();
    for (int w = 0; w < WORDS; w++) {
      String word = word();
      while (!known.add(word)) {
        word += SYLLABLES[random.nextInt(SYLLABLES.length)];
      }
      words[w] = word;
    }
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    for (int s = 1 + random.nextInt(3); s > 0; s--) {
      word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    return word.toString();
  }

  /** Appends words, each with a space before it, that make up about that many tokens. */
  void write(int tokens, StringBuilder out) {
    for (int made = 0; made < tokens; written++) {
      String piece =
          (written % WORDS_A_PARAGRAPH == WORDS_A_PARAGRAPH - 1 ? ".\n\n" : " ") + next();
      buffer.clear();
      tokenizer.encode(piece, false, buffer);
      made += buffer.size();
      out.append(piece);
    }
  }

  /** Log-uniform ranks: word k comes about as often as 1/k, which is Zipf's law. */
  private String next() {
    return words[(int) Math.pow(WORDS, random.nextDouble()) - 1];
  }
}
