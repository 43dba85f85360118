package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds added tokens in a text: the leftmost first, of those the longest, none overlapping.
 *
 * <p>Same rules as {@code AddedVocabulary::find_matches} of Hugging Face tokenizers 0.23
 * (tokenizers/src/tokenizer/added_vocabulary.rs). A token that must be a single word and is not
 * still hides whatever begins inside of it.
 *
 * <p>Read-only once built. Cost: a look at each char; a match attempt, which walks a trie, at those
 * that a token begins with.
 */
final class AddedTokenMatcher {

  /** Receives a text's parts in order. */
  interface Parts {
    /** Takes an added token. */
    void token(int id);

    /** Takes text between added tokens, never empty, not kept. */
    void text(char[] text, int from, int to);
  }

  private final Node root = new Node();
  private final List<AddedToken> tokens;

  /** One bit for each char that a token begins with. */
  private final long[] starts = new long[1 << 10];

  /** What all tokens begin with, as those of most models do; null if they do not. */
  private final @Nullable String onlyStart;

  /**
   * @param tokens the tokens to find
   * @param normalize what is done to the text, and so to the tokens, before the search
   */
  AddedTokenMatcher(List<AddedToken> tokens, UnaryOperator<String> normalize) {
    this.tokens = List.copyOf(tokens);
    for (AddedToken token : tokens) {
      Node node = root;
      String content = normalize.apply(token.content());
      for (int i = 0; i < content.length(); i++) {
        node = node.child(content.charAt(i));
      }
      if (node != root) {
        node.token = token;
        starts[content.charAt(0) >> 6] |= 1L << content.charAt(0);
      }
    }
    onlyStart = root.children.size() == 1 ? String.valueOf(root.children.get(0).character) : null;
  }

  /** {@return what is looked for, as it was given} */
  List<AddedToken> tokens() {
    return tokens;
  }

  /** Finds the tokens of a part of a text. */
  void split(char[] text, int from, int to, Parts parts) {
    split(null, text, from, to, parts);
  }

  /**
   * Finds the tokens of a whole text.
   *
   * @param source the text; the JDK looks for a char in it several times faster than in an array
   * @param text the same chars, at least where a token can be
   */
  void split(CharSequence source, char[] text, Parts parts) {
    boolean isFast = source instanceof String || source instanceof StringBuilder;
    split(isFast ? source : null, text, 0, source.length(), parts);
  }

  private void split(@Nullable CharSequence source, char[] text, int from, int to, Parts parts) {
    int done = from;
    int at = next(source, text, from, to);
    while (at < to) {
      Node found = longest(text, at, to);
      if (found == null) {
        at = next(source, text, at + 1, to);
        continue;
      }
      AddedToken token = found.tokenFound();
      int start = at;
      int end = at + found.depth;
      at = next(source, text, end, to);
      if (token.singleWord() && isInsideWord(text, from, start, end, to)) {
        continue;
      }
      if (token.lstrip()) {
        while (start > done && Characters.isSpace(text[start - 1])) {
          start--;
        }
      }
      if (token.rstrip()) {
        while (end < to && Characters.isSpace(text[end])) {
          end++;
        }
      }
      if (done < start) {
        parts.text(text, done, start);
      }
      parts.token(token.id());
      done = end;
    }
    if (done < to) {
      parts.text(text, done, to);
    }
  }

  /** {@return the next place where a token may begin, or {@code to}} */
  private int next(@Nullable CharSequence source, char[] text, int from, int to) {
    if (tokens.isEmpty()) {
      return to;
    }
    if (onlyStart != null && source != null) {
      int found = source instanceof String string
          ? string.indexOf(onlyStart, from)
          : ((StringBuilder) source).indexOf(onlyStart, from);
      return found < 0 ? to : found;
    }
    int at = from;
    while (at < to && (starts[text[at] >> 6] >>> text[at] & 1) == 0) {
      at++;
    }
    return at;
  }

  private @Nullable Node longest(char[] text, int at, int to) {
    Node node = root;
    Node found = null;
    for (int i = at; i < to; i++) {
      node = node.find(text[i]);
      if (node == null) {
        break;
      }
      if (node.token != null) {
        found = node;
      }
    }
    return found;
  }

  private static boolean isInsideWord(char[] text, int from, int start, int end, int to) {
    return (start > from && UnicodeTable.isWord(Character.codePointBefore(text, start, from)))
        || (end < to && UnicodeTable.isWord(Character.codePointAt(text, end, to)));
  }

  /** A place in the trie of all contents; children are few, so they are searched in a row. */
  private static final class Node {
    final List<Node> children = new ArrayList<>();
    char character;
    int depth;

    @Nullable
    AddedToken token;

    @Nullable
    Node find(char wanted) {
      for (int i = 0; i < children.size(); i++) {
        Node child = children.get(i);
        if (child.character == wanted) {
          return child;
        }
      }
      return null;
    }

    Node child(char wanted) {
      Node child = find(wanted);
      if (child == null) {
        child = new Node();
        child.character = wanted;
        child.depth = depth + 1;
        children.add(child);
      }
      return child;
    }

    AddedToken tokenFound() {
      return Objects.requireNonNull(token);
    }
  }
}
