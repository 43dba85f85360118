package io.warmpath.tokenizers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Look-ups beside words that replace one another: a word is found with all of its ids and no others, or
 * it is not found. The first line's word comes back, so that only the version tells that it was gone;
 * the second line's are copies.
 */
@JCStressTest
@Outcome(id = "-1", expect = Expect.FORBIDDEN, desc = "A word with ids of another.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "None: the lines changed while they were read.")
@Outcome(expect = Expect.ACCEPTABLE, desc = "Each of these with its ids.")
@State
public class WordCacheReplaceJcstress extends WordsUnderStress {

  /** Starts with two words. */
  public WordCacheReplaceJcstress() {
    put(2);
    put(1);
  }

  /** Puts a third into the line of the first, then the first again. */
  @Actor
  public void writer() {
    for (int i = 0; i < TIMES; i++) {
      put(3);
      put(1);
    }
  }

  /**
   * Looks all of them up, until one is wrong.
   *
   * @param result those found last
   */
  @Actor
  public void reader(I_Result result) {
    int found = 0;
    for (int i = 0; i < TIMES && found >= 0; i++) {
      found = find();
    }
    result.r1 = found;
  }
}
