package io.warmpath.tokenizers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * Two writers of one line, each of which also looks up: no word is ever found with ids of another, one of
 * the two words stays, and both lines take words afterwards. A third actor would only look up; with one,
 * jcstress would leave the class out on two processors.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.FORBIDDEN, desc = "A word with ids of another.")
@Outcome(id = ".*, [01], .", expect = Expect.FORBIDDEN, desc = "Neither word stayed.")
@Outcome(id = ".*, 0", expect = Expect.FORBIDDEN, desc = "A line that takes no words any more.")
@Outcome(id = "\\d+, \\d+, \\d*[23], 4", expect = Expect.ACCEPTABLE, desc = "Each of these with its ids.")
@State
public class WordCacheWritersJcstress extends WordsUnderStress {

  /** Starts with one word, in the line that both want. */
  public WordCacheWritersJcstress() {
    put(1);
  }

  /**
   * Puts the second.
   *
   * @param result the words found last, or -1
   */
  @Actor
  public void writer1(IIII_Result result) {
    result.r1 = putAndFind(2);
  }

  /**
   * Puts the third.
   *
   * @param result the words found last, or -1
   */
  @Actor
  public void writer2(IIII_Result result) {
    result.r2 = putAndFind(3);
  }

  private int putAndFind(int word) {
    int found = 0;
    for (int i = 0; i < TIMES && found >= 0; i++) {
      put(word);
      found = find();
    }
    return found;
  }

  /**
   * Looks up what stayed, then puts two more words, so that the fourth goes through both lines.
   *
   * @param result the words that stayed, and 4 if the fourth was found
   */
  @Arbiter
  public void after(IIII_Result result) {
    result.r3 = find();
    put(4);
    put(5);
    result.r4 = find(4);
  }
}
