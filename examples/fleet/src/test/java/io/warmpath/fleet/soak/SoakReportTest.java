package io.warmpath.fleet.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import io.warmpath.RouterStats;
import io.warmpath.index.IndexStats;
import io.warmpath.scorers.profile.Profiles;
import io.warmpath.vertx.ProxyStats;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakReportTest {

  private static final RouterStats IDLE =
      Router.builder().profile(Profiles.standard()).build().stats();
  private static final HeapTrack.Growth FLAT = new HeapTrack.Growth(1, 1);

  private final Tally tally = new Tally();

  private SoakReport report(
      IndexStats emptied, long loadLeft, boolean recovered, HeapTrack.Growth heap, String left) {
    return new SoakReport(
        SoakPlan.of(Duration.ofSeconds(20)),
        tally,
        IDLE,
        new ProxyStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        loadLeft,
        recovered,
        emptied,
        heap,
        left);
  }

  @Test
  void whatWasNotSeenIsNamed() {
    tally.completed.increment();

    List<String> faults = report(IDLE.index(), 0, true, FLAT, "").faults();

    assertTrue(faults.contains("nothing was seen of: retries"), faults.toString());
    assertTrue(faults.contains("nothing was seen of: drops"), faults.toString());
    assertTrue(faults.stream().noneMatch(fault -> fault.contains("completed")), faults.toString());
    assertEquals(15, faults.size(), faults.toString());
  }

  @Test
  void whatMustNotBeIsNamed() {
    tally.fault(tally.servable, "not served: status 502");
    IndexStats full = new IndexStats(7, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    List<String> faults =
        report(full, 3, false, new HeapTrack.Growth(1, 9 << 20), "1 sockets").faults();

    for (String fault : List.of(
        "failures that a live pod could have served: 1",
        "not served: status 502",
        "load left at endpoints: 3",
        "blocks in the emptied index: 7",
        "holders in the emptied index: 1",
        "no pod answered after the last one was brought back",
        "the heap grew: 0.0 MiB in the first third, 9.0 MiB in the last",
        "left open: 1 sockets")) {
      assertTrue(faults.contains(fault), fault + " is not among " + faults);
    }
  }
}
