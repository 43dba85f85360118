package io.warmpath.tokenizers.djl;

import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Characters that the pure Java reader may take otherwise than the original, while it asks the JDK.
 *
 * <p>Found by comparing both readers at every code point alone. The original's regular expressions
 * know Unicode 16, as JDK 25 does; JDK 17 knows 13, so those that it has not assigned are in. The
 * original's NFC knows Unicode 9: it leaves marks that came later where they stand, while the JDK
 * sorts them by combining class; those with a class above 0 are listed.
 */
final class NewCharacters implements IntPredicate {

  private static final Set<Integer> MARKS_SINCE_UNICODE_10 = Set.of(
      0x7FD, 0x899, 0x89A, 0x89B, 0x8CF, 0x8D0, 0x8D1, 0x8D2, 0x8D3, 0xC3C, 0xD3B, 0xD3C, 0xEBA,
      0x1715, 0x1ABF, 0x1AC0, 0x1AC3, 0x1AC4, 0x1ACA, 0x1DF6, 0x1DF7, 0x1DF8, 0x1DF9, 0x1DFA,
      0xA82C, 0x10EFD, 0x10EFE, 0x10EFF, 0x10F46, 0x10F47, 0x10F4B, 0x10F4D, 0x10F4E, 0x10F4F,
      0x10F50, 0x10F83, 0x10F85, 0x11070, 0x1133B, 0x113CE, 0x113CF, 0x113D0, 0x11839, 0x1183A,
      0x1193D, 0x1193E, 0x11943, 0x119E0, 0x11A34, 0x11A47, 0x11A99, 0x11D42, 0x11D44, 0x11D45,
      0x11D97, 0x11F41, 0x11F42, 0x1612F, 0x16FF0, 0x16FF1, 0x1E4EC, 0x1E4ED, 0x1E4EE, 0x1E5EF);

  private final boolean isNormalized;

  /**
   * @param isNormalized whether the tokenizer normalizes its text
   */
  NewCharacters(boolean isNormalized) {
    this.isNormalized = isNormalized;
  }

  @Override
  public boolean test(int codePoint) {
    boolean isNoncharacter =
        (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
    return (Character.getType(codePoint) == Character.UNASSIGNED && !isNoncharacter)
        || (isNormalized && MARKS_SINCE_UNICODE_10.contains(codePoint));
  }
}
