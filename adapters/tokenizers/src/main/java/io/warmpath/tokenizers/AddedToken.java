package io.warmpath.tokenizers;

/**
 * A token that is found in the text before anything else is done to it.
 *
 * @param id token id
 * @param content the text that it stands for, never empty
 * @param singleWord whether a letter, digit or the like beside it means that it is not meant
 * @param lstrip whether it takes the white space before it
 * @param rstrip whether it takes the white space after it
 * @param normalized whether it is looked for in the normalized text instead of the given one
 */
record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized) {

  static AddedToken of(Section section) {
    return of(section.integer("id"), section);
  }

  static AddedToken of(int id, Section section) {
    return new AddedToken(
        id,
        section.text("content"),
        section.flag("single_word", false),
        section.flag("lstrip", false),
        section.flag("rstrip", false),
        section.flag("normalized", true));
  }
}
