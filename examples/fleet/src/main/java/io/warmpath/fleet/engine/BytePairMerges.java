package io.warmpath.fleet.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * The merge rules of a byte-pair encoding: joins the neighbours whose pair ranks first, leftmost first, until none
 * can be joined.
 *
 * <p><b>Threads:</b> any number. <b>Cost:</b> O(n log n) for a word of n bytes.
 */
final class BytePairMerges {

  private static final int GONE = -1;

  /** Rank and joined id by pair. */
  private final Map<Long, Rule> rules = new HashMap<>();

  private record Rule(int rank, int joined) {}

  /** A pair that could be joined when it was found. */
  private record Candidate(int rank, int at, int left, int right, int joined)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byRank = Integer.compare(rank, other.rank);
      return byRank != 0 ? byRank : Integer.compare(at, other.at);
    }
  }

  BytePairMerges(TokenizerFile file) {
    int rank = 0;
    for (TokenizerFile.Merge merge : file.merges()) {
      int left = id(file, merge.left());
      int right = id(file, merge.right());
      int joined = id(file, merge.left() + merge.right());
      rules.putIfAbsent(pair(left, right), new Rule(rank++, joined));
    }
  }

  private static int id(TokenizerFile file, String token) {
    return Objects.requireNonNull(file.vocabulary().get(token), token);
  }

  /** {@return the tokens of a word given as the tokens of its bytes, which are overwritten} */
  int[] apply(int[] ids) {
    int n = ids.length;
    int[] next = new int[n];
    int[] previous = new int[n];
    PriorityQueue<Candidate> queue = new PriorityQueue<>();
    for (int i = 0; i < n; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      offer(queue, ids, i, i + 1);
    }
    for (Candidate c = queue.poll(); c != null; c = queue.poll()) {
      int right = ids[c.at] == c.left ? next[c.at] : n;
      if (right >= n || ids[right] != c.right) {
        continue;
      }
      ids[c.at] = c.joined;
      ids[right] = GONE;
      next[c.at] = next[right];
      if (next[right] < n) {
        previous[next[right]] = c.at;
      }
      offer(queue, ids, previous[c.at], c.at);
      offer(queue, ids, c.at, next[c.at]);
    }
    return Arrays.stream(ids).filter(id -> id != GONE).toArray();
  }

  private void offer(PriorityQueue<Candidate> queue, int[] ids, int left, int right) {
    if (left >= 0 && right < ids.length) {
      Rule rule = rules.get(pair(ids[left], ids[right]));
      if (rule != null) {
        queue.add(new Candidate(rule.rank, left, ids[left], ids[right], rule.joined));
      }
    }
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
