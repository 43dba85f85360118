package io.warmpath.tokenizers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Objects;

/**
 * What Hugging Face tokenizers 0.23.3 knows of Unicode, whatever version this JDK has.
 *
 * <p>Its split patterns have Unicode 16 and its normalization forms Unicode 11 or so. Both are
 * measured, code point by code point, by {@code src/main/python/unicode_table.py}, which writes
 * {@code unicode.txt}.
 *
 * <p>Two stages: blocks of 256 code points, equal ones once; some 160 KB.
 */
final class UnicodeTable {

  /** General categories as {@code unicode.txt} has them, at the places of their Java constants. */
  private static final String CATEGORIES =
      "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf -- Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf";

  private static final int CATEGORY_BITS = 5;
  private static final int ACTIVE = 1;
  private static final int NFC = 2;
  private static final int NFD = 4;
  private static final int NFKC = 8;
  private static final int NFKD = 16;
  private static final int PATTERN_WORD = 32;
  private static final int WORD = 64;

  private static final int BLOCK_BITS = 8;
  private static final int BLOCK = 1 << BLOCK_BITS;

  /** Where the block of a code point starts in {@link #CELLS}, in blocks. */
  private static final short[] BLOCKS = new short[(Character.MAX_CODE_POINT + 1) >> BLOCK_BITS];

  private static final short[] CELLS = read();

  private UnicodeTable() {}

  /** {@return the general category, as {@link Character#getType} would have it} */
  static int type(int codePoint) {
    return cell(codePoint) & ((1 << CATEGORY_BITS) - 1);
  }

  /** {@return whether this is a word character beside an added token that is a single word} */
  static boolean isWord(int codePoint) {
    return (flags(codePoint) & WORD) != 0;
  }

  /** {@return whether this is {@code [\w]} in a split pattern; {@code \w} is more} */
  static boolean isPatternWord(int codePoint) {
    return (flags(codePoint) & PATTERN_WORD) != 0;
  }

  /**
   * Returns whether some normalization form may do something to this character or to one beside
   * it. If not, what is before it and what is behind it can be normalized apart.
   */
  static boolean isActive(int codePoint) {
    return (flags(codePoint) & ACTIVE) != 0;
  }

  /**
   * Returns whether a text that holds this character may be changed by the form because of it. A
   * text of others is normalized.
   */
  static boolean mayChange(int codePoint, Normalizer.Form form) {
    return (flags(codePoint) & bit(form)) != 0;
  }

  private static int bit(Normalizer.Form form) {
    return switch (form) {
      case NFC -> NFC;
      case NFD -> NFD;
      case NFKC -> NFKC;
      case NFKD -> NFKD;
    };
  }

  private static int flags(int codePoint) {
    return cell(codePoint) >>> CATEGORY_BITS;
  }

  private static int cell(int codePoint) {
    return CELLS[(BLOCKS[codePoint >> BLOCK_BITS] << BLOCK_BITS) + (codePoint & (BLOCK - 1))];
  }

  /**
   * Reads the runs into a flat table, and keeps each of its blocks once. By hand, as strings for each
   * line take 50 ms in a fresh JVM.
   */
  private static short[] read() {
    byte[] file = file();
    short[] flat = new short[Character.MAX_CODE_POINT + 1];
    int at = 0;
    while (file[at] == '#') {
      at = lineEnd(file, at) + 1;
    }
    int from = 0;
    short cell = 0;
    while (at < file.length) {
      int start = 0;
      for (; file[at] != ' '; at++) {
        start = start << 4 | (file[at] <= '9' ? file[at] - '0' : file[at] - 'A' + 10);
      }
      int type = type(file[at + 1], file[at + 2]);
      int flags = 0;
      for (at += 4; file[at] != '\n'; at++) {
        flags = flags * 10 + file[at] - '0';
      }
      at++;
      Arrays.fill(flat, from, start, cell);
      from = start;
      cell = (short) (type | flags << CATEGORY_BITS);
    }
    Arrays.fill(flat, from, flat.length, cell);
    return compact(flat);
  }

  private static byte[] file() {
    try (InputStream file =
        Objects.requireNonNull(UnicodeTable.class.getResourceAsStream("unicode.txt"))) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte type(byte first, byte second) {
    byte type = 0;
    while (CATEGORIES.charAt(3 * type) != first || CATEGORIES.charAt(3 * type + 1) != second) {
      type++;
    }
    return type;
  }

  private static int lineEnd(byte[] file, int from) {
    int at = from;
    while (file[at] != '\n') {
      at++;
    }
    return at;
  }

  private static short[] compact(short[] flat) {
    short[] cells = new short[flat.length];
    int kept = 0;
    for (int block = 0; block < BLOCKS.length; block++) {
      int at = block << BLOCK_BITS;
      int same = Math.max(0, kept - 1);
      // Long ranges are alike: only neighbours need a comparison.
      if (kept == 0
          || !Arrays.equals(
              flat, at, at + BLOCK, cells, same << BLOCK_BITS, (same + 1) << BLOCK_BITS)) {
        System.arraycopy(flat, at, cells, kept << BLOCK_BITS, BLOCK);
        kept++;
      }
      BLOCKS[block] = (short) (kept - 1);
    }
    return Arrays.copyOf(cells, kept << BLOCK_BITS);
  }
}
