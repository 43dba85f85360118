package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;
import java.util.Arrays;

/**
 * The words met lately and their ids.
 *
 * <p>A fixed array of {@value #SLOTS} places; a word has two to choose from and replaces what is
 * there. Only words of up to {@value #MAX_CHARS} chars are kept. So it never holds more than
 * {@value #SLOTS} words and some 20 MB; with common text it is a tenth of that.
 *
 * <p><b>Threads:</b> any number, without locks. An entry is immutable with final fields, so a
 * thread that sees one at all sees all of it (JLS 17.5); a lost or late write costs one more merge
 * and nothing else.
 */
final class WordCache {

  private static final int SLOTS = 1 << 16;

  /** The longest word that is kept. */
  static final int MAX_CHARS = 48;

  private final Word[] words = new Word[SLOTS];

  /** {@return a hash of the word, for the two other methods} */
  static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text.charAt(i);
    }
    return hash * 0x9E3779B9;
  }

  /** {@return whether the ids of the word were known and are appended to {@code out}} */
  boolean append(int hash, String text, int from, int to, TokenBuffer out) {
    int slot = hash >>> 16;
    Word word = words[slot];
    if (word == null || !word.is(hash, text, from, to)) {
      word = words[slot ^ 1];
      if (word == null || !word.is(hash, text, from, to)) {
        return false;
      }
    }
    if (word.ids.length == 1) {
      out.add(word.ids[0]);
    } else {
      out.add(word.ids, 0, word.ids.length);
    }
    return true;
  }

  /** Keeps a word; the one in its first place moves to the second. */
  void put(int hash, String text, int from, int to, int[] ids, int first, int end) {
    int slot = hash >>> 16;
    Word before = words[slot];
    if (before != null) {
      words[slot ^ 1] = before;
    }
    words[slot] = new Word(hash, text.substring(from, to), Arrays.copyOfRange(ids, first, end));
  }

  /** Both places of a word with this hash; {@code ids} is never changed. */
  private record Word(int hash, String text, int[] ids) {
    boolean is(int wantedHash, String wanted, int from, int to) {
      return hash == wantedHash && text.length() == to - from && wanted.startsWith(text, from);
    }
  }
}
