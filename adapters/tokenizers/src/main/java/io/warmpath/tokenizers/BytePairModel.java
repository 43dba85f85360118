package io.warmpath.tokenizers;

/**
 * Vocabulary and merges: what turns one word into ids.
 *
 * <p>A word that is a token mostly becomes it, but not always: the merges may never get there. What
 * they make of it is found out once for each token, as for all at once it would take a third of the
 * time of loading.
 *
 * <p><b>Threads:</b> any number. All is read-only once built, but the notes of what tokens words
 * become: plain bytes, of which each goes from unknown to one value, the same whoever finds it out. A
 * reader sees either and needs nothing else that was written with it.
 */
final class BytePairModel {

  /** No word that is this token was seen yet. */
  static final byte UNKNOWN = 0;

  /** A word that is this token becomes it. */
  static final byte YES = 1;

  /** A word that is this token becomes others. */
  static final byte NO = 2;

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final int[] byteTokens;
  private final boolean ignoreMerges;
  private final byte[] whole;

  /**
   * @param vocabulary all tokens
   * @param merges pairs of tokens that become one
   * @param byteTokens the token of each byte, or -1 if there is none, which drops the byte as the
   *     original does without an unknown token; 256 long, shared, never changed
   * @param ignoreMerges whether a word that is a token is that token, whatever the merges make of it
   */
  BytePairModel(Vocabulary vocabulary, MergeTable merges, int[] byteTokens, boolean ignoreMerges) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.byteTokens = byteTokens;
    this.ignoreMerges = ignoreMerges;
    this.whole = ignoreMerges ? new byte[0] : new byte[vocabulary.ids()];
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  MergeTable merges() {
    return merges;
  }

  int[] byteTokens() {
    return byteTokens;
  }

  /** {@return the token that a word is as a whole, or -1 if it is none} */
  int find(byte[] word, int length) {
    return vocabulary.find(word, 0, length);
  }

  /** {@return whether a word that is this token becomes it; {@link #UNKNOWN} before the first} */
  byte isWhole(int token) {
    return ignoreMerges ? YES : whole[token];
  }

  /** Notes what the merges made of a word that is this token. */
  void noteWhole(int token, boolean isWhole) {
    whole[token] = isWhole ? YES : NO;
  }
}
