package io.warmpath.tokenizers;

/** The places between a line break and a letter where a text may be cut before it is encoded. */
enum LineCuts {
  /** None is known to be safe. */
  NONE,

  /**
   * Only those whose line break has no white space before it: in the pattern of GPT-2 the last white
   * space of a longer run is a word of its own before a letter, but not at the end of a text.
   */
  AFTER_LONE_BREAK,

  /**
   * All: white space that has a line break in it ends a word behind its last one, whatever follows,
   * and no word with a letter in it begins with a line break.
   */
  AFTER_ANY_BREAK
}
