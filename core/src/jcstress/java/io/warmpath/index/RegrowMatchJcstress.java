package io.warmpath.index;

import java.util.stream.LongStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Look-ups beside a run that loses its tail and gets another: neither chain is ever found beyond the
 * place where they part but as a whole.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "32, 16", expect = Expect.ACCEPTABLE, desc = "Before.")
@Outcome(id = "32, 32", expect = Expect.ACCEPTABLE, desc = "The first look-up before, the second after.")
@Outcome(id = "16, 16", expect = Expect.ACCEPTABLE, desc = "Between.")
@Outcome(id = "16, 32", expect = Expect.ACCEPTABLE, desc = "After, or between and after.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class RegrowMatchJcstress extends IndexUnderStress {

  private static final long[] OTHER = LongStream.range(0, 32).map(i -> i < 16 ? i : -i).toArray();

  /** Starts with the one chain. */
  public RegrowMatchJcstress() {
    store(one, 0, 32);
  }

  /** Removes the tail and stores another. */
  @Actor
  public void engine() {
    remove(one, 16, 32);
    index.store(one, 15, true, OTHER, 16, 16);
  }

  /**
   * Looks up both chains.
   *
   * @param result their depths
   */
  @Actor
  public void router(II_Result result) {
    result.r1 = depth(slotOne);
    result.r2 = depth(slotOne, OTHER);
  }
}
