package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * Byte-level byte-pair encoding, id by id as Hugging Face tokenizers does it.
 *
 * <p>A text goes through added tokens, Unicode normalization, added tokens that want normalized
 * text, the pre-tokenizer's words, and the merges within each word; the frame of special tokens
 * comes last. Truncation and padding settings of the file are ignored, as engines switch them off.
 *
 * <p><b>Threads:</b> any number; the only shared state is a cache of words that needs no lock.
 *
 * <p><b>Cost:</b> O(n) look-ups for words met before, O(n log n) for a new word of n bytes. A call
 * allocates its scratch space and a copy of the text if that is not a {@code String}; at most
 * 65,536 words are remembered, each of up to 48 chars.
 */
public final class BytePairTokenizer implements Tokenizer {

  private final AddedTokenMatcher givenText;
  private final AddedTokenMatcher normalizedText;
  private final UnaryOperator<String> normalizer;
  private final PreTokenizer preTokenizer;
  private final BytePairModel model;
  private final Frame frame;
  private final WordCache cache = new WordCache();

  BytePairTokenizer(
      AddedTokenMatcher givenText,
      AddedTokenMatcher normalizedText,
      UnaryOperator<String> normalizer,
      PreTokenizer preTokenizer,
      BytePairModel model,
      Frame frame) {
    this.givenText = givenText;
    this.normalizedText = normalizedText;
    this.normalizer = normalizer;
    this.preTokenizer = preTokenizer;
    this.model = model;
    this.frame = frame;
  }

  @Override
  public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
    if (addSpecialTokens) {
      out.add(frame.before(), 0, frame.before().length);
    }
    String whole = Surrogates.paired(text.toString());
    givenText.split(whole, 0, whole.length(), new Run(out));
    if (addSpecialTokens) {
      out.add(frame.after(), 0, frame.after().length);
    }
  }

  /**
   * Returns the text that these tokens stand for, special tokens as their content.
   *
   * @param ids token ids; those that the vocabulary does not have are left out
   * @return the text; bytes that are not UTF-8, such as half of a character, become U+FFFD
   */
  public String decode(int[] ids) {
    Vocabulary vocabulary = model.vocabulary();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      if (vocabulary.contains(id)) {
        bytes.write(vocabulary.pool(), vocabulary.start(id), vocabulary.length(id));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** {@return the number of tokens, added ones included} */
  public int vocabularySize() {
    return model.vocabulary().size();
  }

  /** One call: passes the parts of a text on from step to step. */
  private final class Run implements AddedTokenMatcher.Parts, PreTokenizer.Pieces {
    private final TokenBuffer out;
    private final BytePairModel.Scratch scratch = model.scratch();
    private final AddedTokenMatcher.Parts normalizedParts = new AddedTokenMatcher.Parts() {
      @Override
      public void token(int id) {
        out.add(id);
      }

      @Override
      public void text(String text, int from, int to) {
        preTokenizer.split(text, from, to, Run.this);
      }
    };

    Run(TokenBuffer out) {
      this.out = out;
    }

    @Override
    public void token(int id) {
      out.add(id);
    }

    @Override
    public void text(String text, int from, int to) {
      String part = from == 0 && to == text.length() ? text : text.substring(from, to);
      String normalized = normalizer.apply(part);
      normalizedText.split(normalized, 0, normalized.length(), normalizedParts);
    }

    @Override
    public void piece(String text, int from, int to) {
      if (to - from > WordCache.MAX_CHARS) {
        scratch.encode(text, from, to, out);
        return;
      }
      int hash = WordCache.hash(text, from, to);
      if (!cache.append(hash, text, from, to, out)) {
        int before = out.size();
        scratch.encode(text, from, to, out);
        cache.put(hash, text, from, to, out.ids(), before, out.size());
      }
    }
  }
}
