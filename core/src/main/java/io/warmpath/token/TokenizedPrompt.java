package io.warmpath.token;

import java.util.List;
import java.util.Objects;

/**
 * One prompt as an engine sees it.
 *
 * @param ids token ids; shared, must not change
 * @param media images and the like among them, by first token
 */
public record TokenizedPrompt(int[] ids, List<MediaSpan> media) {

  /** Copies the list, and checks its places. */
  public TokenizedPrompt {
    media = List.copyOf(media);
    int least = 0;
    for (MediaSpan span : media) {
      if (span.firstToken() < least) {
        throw new IllegalArgumentException(
            "media must be in the order of their tokens: first token must be at least " + least
                + ", was " + span.firstToken());
      }
      Objects.checkFromIndexSize(span.firstToken(), span.tokens(), ids.length);
      least = span.firstToken();
    }
  }

  /**
   * The tokens that stand for an image, a sound or the like; they are the same for all, so the
   * identifier goes into the names of their blocks.
   *
   * @param identifier what the engine calls the item, usually a hash of its content
   * @param firstToken where its tokens begin, at least 0
   * @param tokens how many, at least 0
   */
  public record MediaSpan(String identifier, int firstToken, int tokens) {}

  @Override
  public String toString() {
    return "TokenizedPrompt[" + ids.length + " tokens, media=" + media + "]";
  }
}
