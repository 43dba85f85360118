package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The added tokens of {@code tokenizer_config.json}, {@code added_tokens_decoder}, put to those of
 * {@code tokenizer.json} as transformers 5.23 does when it loads both.
 *
 * <p>They are taken in the order of their ids, but those ids count for nothing else. One that is known
 * keeps its id and gets the flags of the config; one that is a token of the model gets that one's id;
 * others get the next free ids.
 */
final class AddedTokens {

  private static final String PATH = "tokenizer_config.json: added_tokens_decoder";

  private AddedTokens() {}

  /**
   * Returns all added tokens.
   *
   * @param config the members of {@code tokenizer_config.json}
   * @param known those of {@code tokenizer.json}
   */
  static List<AddedToken> with(Map<?, ?> config, List<AddedToken> known, Vocabulary vocabulary) {
    if (!(config.get("added_tokens_decoder") instanceof Map<?, ?> decoder)) {
      return known;
    }
    Map<Integer, Section> sorted = new TreeMap<>();
    decoder.forEach((id, token) -> sorted.put(number(id), Section.of(PATH + "." + id, token)));
    List<AddedToken> all = new ArrayList<>(known);
    for (Section token : sorted.values()) {
      String content = token.text("content");
      if (!content.isEmpty()) {
        int at = indexOf(all, content);
        AddedToken added =
            AddedToken.of(at >= 0 ? all.get(at).id() : id(content, all, vocabulary), token);
        if (at >= 0) {
          all.set(at, added);
        } else {
          all.add(added);
        }
      }
    }
    return Collections.unmodifiableList(all);
  }

  private static int number(Object id) {
    try {
      return Integer.parseInt(String.valueOf(id));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(PATH + ": names must be ids, was '" + id + "'", e);
    }
  }

  private static int indexOf(List<AddedToken> tokens, String content) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).content().equals(content)) {
        return i;
      }
    }
    return -1;
  }

  /** {@code AddedVocabulary::add_tokens} of Hugging Face tokenizers. */
  private static int id(String content, List<AddedToken> added, Vocabulary vocabulary) {
    int ofModel = vocabulary.findName(content);
    if (ofModel >= 0) {
      return ofModel;
    }
    int next = vocabulary.size();
    for (AddedToken token : added) {
      next = Math.max(next, token.id() + 1);
    }
    return next;
  }
}
