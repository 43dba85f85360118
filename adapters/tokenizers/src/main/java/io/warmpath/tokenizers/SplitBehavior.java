package io.warmpath.tokenizers;

import java.util.Locale;

/**
 * What becomes of the matches of a split; {@code SplitDelimiterBehavior} of Hugging Face tokenizers
 * ({@code NormalizedString::split} in tokenizers/src/tokenizer/normalizer.rs).
 */
enum SplitBehavior {
  /** Each match and each gap is a piece. */
  ISOLATED,
  /** Gaps are pieces, matches are dropped. */
  REMOVED,
  /** A match ends the piece before it. */
  MERGED_WITH_PREVIOUS,
  /** A match begins the piece behind it. */
  MERGED_WITH_NEXT,
  /** Neighbouring matches are one piece. */
  CONTIGUOUS;

  static SplitBehavior of(Section section) {
    String name = section.text("behavior");
    for (SplitBehavior behavior : values()) {
      if (behavior.name().replace("_", "").equals(name.toUpperCase(Locale.ROOT))) {
        return behavior;
      }
    }
    throw section.unsupported(
        "behavior", "Isolated, Removed, MergedWithPrevious, MergedWithNext, Contiguous");
  }
}
