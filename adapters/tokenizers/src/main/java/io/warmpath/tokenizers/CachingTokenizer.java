package io.warmpath.tokenizers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import net.openhft.hashing.LongTupleHashFunction;

/**
 * A byte-pair tokenizer that remembers pieces of text, so that a conversation that grew is tokenized only
 * where it is new.
 *
 * <p>A text is cut where no token can cross: at added tokens, such as those between the messages of a chat,
 * and in what is between them after every {@value #CUT_CHARS} chars or more, at the first line break
 * before a letter that {@link BytePairTokenizer#safeCut} proves to be safe. Where a text is cut depends only
 * on what is before, so that one that goes on is cut alike. Pieces are known by a 128-bit XXH3 hash under a
 * random seed. At each cut a {@linkplain TokenBuffer#mark mark} says so to whom computes on.
 *
 * <p><b>Threads:</b> any number. <b>Cost:</b> a text that was seen is read and hashed, at some 10 GB/s, and
 * its ids are copied. <b>Bounded</b> by the bytes of keys, ids and what holds them.
 */
final class CachingTokenizer implements Tokenizer {

  /** Fewest chars of a piece before a cut at a line break. */
  static final int CUT_CHARS = 2048;

  /** Shorter pieces are tokenized each time: their words are remembered anyway. */
  private static final int LEAST_CHARS = 32;

  /** What a piece takes beside its ids: key, array and Caffeine's node. */
  private static final int ENTRY_BYTES = 128;

  /** Tells ids of added tokens from hashes of pieces. */
  private static final long TOKEN = 0x7F4A_7C15L;

  private static final long MIX_1 = 0x9E37_79B9_7F4A_7C15L;
  private static final long MIX_2 = 0xC2B2_AE3D_27D4_EB4FL;

  private final BytePairTokenizer tokenizer;
  private final Cache<Piece, int[]> pieces;
  private final LongTupleHashFunction hash;
  private final long seed;
  private final LongAdder knownChars = new LongAdder();
  private final LongAdder newChars = new LongAdder();

  private record Piece(long high, long low) {
    @Override
    public int hashCode() {
      return (int) low;
    }
  }

  /**
   * @param bytes most that all pieces may take
   * @param seed of the hashes; random where clients choose the texts
   */
  CachingTokenizer(BytePairTokenizer tokenizer, long bytes, long seed) {
    this.tokenizer = tokenizer;
    this.seed = seed;
    hash = LongTupleHashFunction.xx128(seed);
    pieces = Caffeine.newBuilder()
        .maximumWeight(bytes)
        .weigher((Piece piece, int[] ids) -> ENTRY_BYTES + Integer.BYTES * ids.length)
        .executor(Runnable::run)
        .build();
  }

  static CachingTokenizer of(BytePairTokenizer tokenizer, long bytes) {
    return new CachingTokenizer(tokenizer, bytes, new SecureRandom().nextLong());
  }

  @Override
  public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
    encodeIfQuick(text, addSpecialTokens, Integer.MAX_VALUE, out);
  }

  @Override
  public boolean encodeIfQuick(
      CharSequence text, boolean addSpecialTokens, int mostNew, TokenBuffer out) {
    Frame frame = tokenizer.frame();
    if (addSpecialTokens) {
      out.add(frame.before(), 0, frame.before().length);
    }
    Cutting cutting = new Cutting(text.length(), mostNew, addSpecialTokens, out);
    tokenizer.parts(text, cutting);
    if (addSpecialTokens) {
      out.add(frame.after(), 0, frame.after().length);
    }
    knownChars.add(cutting.known);
    newChars.add(cutting.fresh);
    return cutting.left >= 0;
  }

  @Override
  public int addedToken(String content) {
    return tokenizer.addedToken(content);
  }

  /** {@return what became of the texts} */
  TokenCacheStats stats() {
    return new TokenCacheStats(
        knownChars.sum(),
        newChars.sum(),
        pieces.estimatedSize(),
        pieces.policy().eviction().orElseThrow().weightedSize().orElse(0));
  }

  /** One text on its way. What is new counts until it is more than may be tokenized; then all is skipped. */
  private final class Cutting implements AddedTokenMatcher.Parts {
    private final int length;
    private final TokenBuffer out;
    private final long[] pieceHash = hash.newResultArray();
    private long left;
    private long known;
    private long fresh;
    private long high;
    private long low;

    Cutting(int length, int mostNew, boolean addSpecialTokens, TokenBuffer out) {
      this.length = length;
      this.out = out;
      left = mostNew;
      join(seed, addSpecialTokens ? 1 : 0);
    }

    @Override
    public void token(int id) {
      out.add(id);
      join(id, TOKEN);
    }

    @Override
    public void text(char[] chars, int from, int to) {
      int at = from;
      int cut = tokenizer.safeCut(chars, at, to, CUT_CHARS);
      while (cut != BytePairTokenizer.NO_CUT) {
        piece(chars, at, cut);
        out.mark(high, low);
        at = cut;
        cut = tokenizer.safeCut(chars, at, to, CUT_CHARS);
      }
      piece(chars, at, to);
      // The end of the text is no cut: it may go on.
      if (to < length && to - from >= LEAST_CHARS) {
        out.mark(high, low);
      }
    }

    private void piece(char[] chars, int from, int to) {
      if (left < 0) {
        return;
      }
      hash.hashChars(chars, from, to - from, pieceHash);
      join(pieceHash[0], pieceHash[1]);
      if (to - from < LEAST_CHARS) {
        left -= to - from;
        tokenizer.encodePart(chars, from, to, out);
        return;
      }
      Piece piece = new Piece(pieceHash[0], pieceHash[1]);
      int[] ids = pieces.getIfPresent(piece);
      if (ids != null) {
        known += to - from;
        out.add(ids, 0, ids.length);
        return;
      }
      left -= to - from;
      if (left >= 0) {
        fresh += to - from;
        int first = out.size();
        tokenizer.encodePart(chars, from, to, out);
        pieces.put(piece, Arrays.copyOfRange(out.ids(), first, out.size()));
      }
    }

    /** Hashes two words into what all before was hashed to. */
    private void join(long first, long second) {
      high = (high ^ first) * MIX_1;
      low = (low ^ second) * MIX_2;
      high ^= high >>> 32 ^ low;
      low ^= low >>> 29 ^ high * MIX_2;
    }
  }
}
