package io.warmpath.jmh;

import io.warmpath.index.PrefixMatch;

/**
 * Are the answers right? A run without times: the same operations into two indexes, and every answer
 * compared, for each pod; the best one also with what the engines themselves have.
 */
final class ReplayCheck {

  long bestSum;
  long oracleBestSum;

  /** Look-ups whose answer was not the same. */
  long different;

  /** What was wrong first; empty if nothing. */
  String first = "";

  void run(ReplayOps ops, ReplayTarget oracle, ReplayTarget subject) {
    int[] oracleSlots = oracle.slots(ops.podCount);
    int[] slots = subject.slots(ops.podCount);
    PrefixMatch expected = new PrefixMatch();
    PrefixMatch match = new PrefixMatch();
    for (int r = 0; r < ops.requests(); r++) {
      long[] chain = ops.chains[r];
      oracle.index().match(chain, 0, chain.length, expected);
      subject.index().match(chain, 0, chain.length, match);
      oracleBestSum += expected.longest();
      bestSum += match.longest();
      compare(r, "best", match.longest(), expected.longest(), ops.best[r]);
      for (int p = 0; p < slots.length; p++) {
        int oracles = expected.blocks(oracleSlots[p]);
        compare(r, "pod " + p, match.blocks(slots[p]), oracles, oracles);
      }
      ops.apply(oracle.index(), oracle.holders(), r);
      ops.apply(subject.index(), subject.holders(), r);
    }
  }

  private void compare(int request, String what, int found, int oracles, int engines) {
    if (found != oracles || oracles != engines) {
      different++;
      if (first.isEmpty()) {
        first = "request " + request + ", " + what + ": the index found " + found
            + " blocks, the flat index " + oracles + ", the engines have " + engines;
      }
    }
  }
}
