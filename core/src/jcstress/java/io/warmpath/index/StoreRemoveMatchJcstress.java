package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.stream.LongStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a removal of the first block and a store of the last: the endpoint has all but the
 * last block, then also lacks the first, then has all but the first; it never has all. The blocks
 * between only make the look-up long enough for both changes to happen under its eyes.
 *
 * <pre>{@code mvn -Pjcstress -pl core -am -DskipTests verify}</pre>
 */
@JCStressTest
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "Before the removal: the last is missing.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After the removal: the first is missing.")
@Outcome(
    id = "32",
    expect = Expect.FORBIDDEN,
    desc = "The first from before and the last from after: a depth that was never true.")
@State
public class StoreRemoveMatchJcstress {

  private static final int LENGTH = 32;
  private static final Endpoint ENDPOINT = Endpoint.of("10.0.0.1:8000");

  private final KvBlockIndex index = KvBlockIndex.create(LENGTH, () -> 0);
  private final int holder = index.holder(HolderKey.gpu(ENDPOINT));
  private final int slot = index.slot(ENDPOINT);
  private final long[] chain = LongStream.range(0, LENGTH).toArray();
  private final PrefixMatch match = new PrefixMatch();

  /** Starts with all blocks but the last. */
  public StoreRemoveMatchJcstress() {
    index.store(holder, 0, false, chain, 0, LENGTH - 1);
  }

  /** Removes the first block, then stores the last. */
  @Actor
  public void engine() {
    index.remove(holder, chain, 0, 1);
    index.store(holder, 0, false, chain, LENGTH - 1, 1);
  }

  /**
   * Looks all of them up.
   *
   * @param result the depth
   */
  @Actor
  public void router(I_Result result) {
    index.match(chain, 0, LENGTH, match);
    result.r1 = match.blocks(slot);
  }
}
