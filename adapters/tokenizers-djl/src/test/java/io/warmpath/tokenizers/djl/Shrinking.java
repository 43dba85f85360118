package io.warmpath.tokenizers.djl;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The least of a text that still fails. */
final class Shrinking {

  private Shrinking() {}

  /** Leaves out ever shorter runs of characters, as long as what is left still fails. */
  static String smallest(String text, Predicate<String> fails) {
    int[] kept = text.codePoints().toArray();
    for (int length = kept.length / 2; length > 0; length /= 2) {
      int from = 0;
      while (from + length <= kept.length) {
        int[] shorter = without(kept, from, length);
        if (fails.test(new String(shorter, 0, shorter.length))) {
          kept = shorter;
        } else {
          from++;
        }
      }
    }
    return new String(kept, 0, kept.length);
  }

  private static int[] without(int[] all, int from, int length) {
    int[] shorter = Arrays.copyOf(all, all.length - length);
    System.arraycopy(all, from + length, shorter, from, shorter.length - from);
    return shorter;
  }

  static String escaped(String text) {
    return text.codePoints().mapToObj("U+%04X"::formatted).collect(Collectors.joining(" "));
  }
}
