package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class SurrogatesTest {

  private static final char[] CHARS = {
    'a', 'a', 'a', '\uAC00', '\uD7A3', '\uD800', '\uDBFF', '\uDC00', '\uDFFF'
  };

  /** The obvious way: encoders replace what is no character. */
  @Test
  void halvesOfCharactersAreReplacedWhereverTheyAre() {
    Random random = new Random(1);
    for (int step = 0; step < 20_000; step++) {
      char[] text = new char[random.nextInt(200)];
      boolean isMixed = random.nextBoolean();
      for (int i = 0; i < text.length; i++) {
        text[i] = CHARS[random.nextInt(isMixed || random.nextInt(60) == 0 ? CHARS.length : 3)];
      }
      StringBuilder expected = new StringBuilder();
      new String(text)
          .codePoints()
          .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
          .forEach(expected::appendCodePoint);
      int length = text.length;

      Surrogates.mend(text, 0, length);

      assertEquals(expected.toString(), new String(text));
    }
  }
}
