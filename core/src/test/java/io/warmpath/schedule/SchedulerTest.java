package io.warmpath.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.AllocatedBytes;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointRegistry;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {

  private static final Scorer BY_PORT = (cycle, scores) -> {
    for (int i = 0; i < cycle.candidates(); i++) {
      scores[i] = cycle.endpoint(i).endpoint().port() / 10.0;
    }
  };

  private static final Picker BEST = (cycle, scores, ranked, wanted) -> {
    ranked[0] = 0;
    for (int i = 1; i < cycle.candidates(); i++) {
      if (scores[i] > scores[ranked[0]]) {
        ranked[0] = i;
      }
    }
    return 1;
  };

  private final KvBlockIndex index = KvBlockIndex.create(1 << 16, () -> 0);
  private final EndpointRegistry registry =
      new EndpointRegistry(index::slot, index::drop, metrics -> {});
  private final Cycle cycle = new Cycle(new SplittableRandom(1));

  @Test
  void theHighestWeightedSumWins() {
    pods(3);
    Scheduler scheduler =
        scheduler(profile().scorer("up", BY_PORT, 1).scorer("down", inverse(BY_PORT), 3));

    assertTrue(scheduler.schedule(request(0), cycle, 0));
    assertEquals(1, cycle.chosen(0, 0).endpoint().port());
  }

  @Test
  void aNegativeWeightRepels() {
    pods(3);
    Scheduler scheduler = scheduler(profile().scorer("port", BY_PORT, -1));

    scheduler.schedule(request(0), cycle, 0);
    assertEquals(1, cycle.chosen(0, 0).endpoint().port());
  }

  @Test
  void aFilterTakesCandidatesOutBeforeTheyAreScored() {
    pods(3);
    Scheduler scheduler = scheduler(profile()
        .filter("not-the-last", (c, keep) -> keep[c.candidates() - 1] = false)
        .scorer("port", BY_PORT, 1));

    scheduler.schedule(request(0), cycle, 0);
    assertEquals(2, cycle.chosen(0, 0).endpoint().port());
  }

  @Test
  void aFilterThatLeavesNobodyFindsNobody() {
    pods(2);
    Scheduler scheduler =
        scheduler(profile().filter("none", (c, keep) -> keep[0] = keep[1] = false));

    assertFalse(scheduler.schedule(request(0), cycle, 0));
    assertEquals(1, scheduler.stats().noEndpoint());
  }

  @Test
  void anAvoidedEndpointIsTakenWhenTheFiltersLeaveNoOther() {
    pods(3);
    registry.states().get(0).unreachable(100);
    registry.states().get(1).unreachable(100);
    Scheduler onlyTheFirst =
        scheduler(profile().filter("first", (c, keep) -> keepOnly(c, keep, 1)));
    Scheduler firstAndLast =
        scheduler(profile().filter("ends", (c, keep) -> keepOnly(c, keep, 1, 3)));

    assertTrue(onlyTheFirst.schedule(request(0), cycle, 0));
    assertEquals(1, cycle.chosen(0, 0).endpoint().port());
    assertTrue(firstAndLast.schedule(request(0), cycle, 0));
    assertEquals(3, cycle.chosen(0, 0).endpoint().port());
  }

  @Test
  void avoidedEndpointsAreTheLastToFallBackTo() {
    pods(6);
    for (int avoided : new int[] {0, 4, 5}) {
      registry.states().get(avoided).unreachable(100);
    }
    Picker all = (c, scores, ranked, wanted) -> {
      for (int i = 0; i < wanted; i++) {
        ranked[i] = wanted - 1 - i;
      }
      return wanted;
    };

    scheduler(profile().picker(all)).schedule(request(0), cycle, 0);
    assertEquals(List.of(4, 3, 2, 1), chosenPorts());

    scheduler(profile()).schedule(request(0), cycle, 0);
    assertEquals(List.of(2), chosenPorts(), "a picker that ranks one only gets one only");
  }

  @Test
  void aPluginThatThrowsIsSkippedAndCountedByName() {
    pods(3);
    Scheduler scheduler = scheduler(profile()
        .filter("bad-filter", (c, keep) -> {
          keep[2] = false;
          throw new IllegalStateException("planted");
        })
        .scorer(
            "bad-scorer",
            (c, scores) -> {
              throw new IllegalStateException("planted");
            },
            100)
        .scorer("port", BY_PORT, 1));

    scheduler.schedule(request(0), cycle, 0);
    scheduler.schedule(request(0), cycle, 1);

    assertEquals(3, cycle.chosen(0, 0).endpoint().port());
    assertEquals(Map.of("bad-filter", 2L, "bad-scorer", 2L), scheduler.stats().failures());
  }

  @Test
  void scoresOutOfRangeAreClampedAndCountedByName() {
    pods(4);
    double[] raw = {Double.NaN, -5, 7, 0.5};
    Scheduler scheduler = scheduler(profile()
        .scorer("wild", (c, scores) -> System.arraycopy(raw, 0, scores, 0, raw.length), 1)
        .scorer("port", BY_PORT, 2));

    scheduler.schedule(request(0), cycle, 0);

    assertEquals(3, cycle.chosen(0, 0).endpoint().port());
    assertEquals(Map.of("wild", 3L), scheduler.stats().outOfRange());
  }

  @Test
  void aPickerThatAnswersNonsenseIsReplacedByTheBestScore() {
    pods(3);
    Picker nonsense = (c, scores, ranked, wanted) -> {
      ranked[0] = 99;
      return 1;
    };
    Scheduler scheduler = new Scheduler(
        registry,
        index,
        List.of(SchedulingProfile.builder("decode")
            .scorer("port", BY_PORT, 1)
            .picker(nonsense)
            .build()));

    scheduler.schedule(request(0), cycle, 0);

    assertEquals(3, cycle.chosen(0, 0).endpoint().port());
    assertEquals(Map.of("picker", 1L), scheduler.stats().failures());
  }

  @Test
  void aPickerThatRanksAnEndpointTwiceIsReplacedByTheBestScore() {
    pods(3);
    Picker twice = (c, scores, ranked, wanted) -> {
      ranked[0] = 0;
      ranked[1] = 0;
      return 2;
    };
    Scheduler scheduler =
        scheduler(SchedulingProfile.builder("decode").scorer("port", BY_PORT, 1).picker(twice));

    scheduler.schedule(request(0), cycle, 0);

    assertEquals(1, cycle.chosen(0));
    assertEquals(3, cycle.chosen(0, 0).endpoint().port());
    assertEquals(Map.of("picker", 1L), scheduler.stats().failures());
  }

  @Test
  void everyProfileGetsAllEndpointsAndTheFirstIsPrimary() {
    pods(3);
    SchedulingProfile decode = profile().scorer("port", BY_PORT, 1).build();
    SchedulingProfile prefill = SchedulingProfile.builder("prefill")
        .scorer("port", BY_PORT, -1)
        .picker(BEST)
        .build();
    Scheduler scheduler = new Scheduler(registry, index, List.of(decode, prefill));

    scheduler.schedule(request(0), cycle, 0);
    RoutingDecision decision = scheduler.decision(cycle);

    assertEquals(
        List.of(
            new RoutingDecision.Targets("decode", List.of(Endpoint.of("pod:3"))),
            new RoutingDecision.Targets("prefill", List.of(Endpoint.of("pod:1")))),
        decision.targets());
  }

  @Test
  void aProfileWithoutAPickerIsRefusedByName() {
    var e = assertThrows(
        IllegalArgumentException.class,
        () -> SchedulingProfile.builder("decode").build());

    assertEquals("profile 'decode' has no picker; add one with picker(...)", e.getMessage());
  }

  @Test
  void aWeightThatIsNoNumberIsRefusedByName() {
    var e = assertThrows(
        IllegalArgumentException.class,
        () -> profile().scorer("queue-scorer", BY_PORT, Double.NaN));

    assertEquals(
        "profile 'decode': weight of 'queue-scorer' must be finite, was NaN", e.getMessage());
  }

  @Test
  void twoProfilesOfOneNameAreRefused() {
    SchedulingProfile decode = profile().build();

    var e = assertThrows(
        IllegalArgumentException.class,
        () -> new Scheduler(registry, index, List.of(decode, decode)));
    assertEquals("profile 'decode' is there twice; give each its own name", e.getMessage());
  }

  @Test
  void aCycleAllocatesNothingInSteadyState() {
    pods(16);
    int holder = index.holder(HolderKey.gpu(Endpoint.of("pod:3")));
    index.store(holder, 0, false, LongStream.rangeClosed(1, 500).toArray(), 0, 500);
    Scheduler scheduler = scheduler(profile()
        .filter("all", (c, keep) -> {})
        .scorer("port", BY_PORT, 1)
        .scorer(
            "matched",
            (c, scores) -> {
              for (int i = 0; i < c.candidates(); i++) {
                scores[i] = c.matchedBlocks(i) / (double) c.totalBlocks();
              }
            },
            100));
    PreparedRequest request = request(500);
    long leastBytes = AllocatedBytes.leastOf(() -> {
      for (int i = 0; i < 5000; i++) {
        scheduler.schedule(request, cycle, i);
      }
    });

    assertEquals(3, cycle.chosen(0, 0).endpoint().port());
    assertEquals(0, leastBytes, "bytes in the best of ten rounds of 5000 cycles");
  }

  private List<Integer> chosenPorts() {
    return IntStream.range(0, cycle.chosen(0))
        .mapToObj(rank -> cycle.chosen(0, rank).endpoint().port())
        .toList();
  }

  private void pods(int count) {
    for (int port = 1; port <= count; port++) {
      registry.add(Endpoint.of("pod:" + port));
    }
  }

  private static SchedulingProfile.Builder profile() {
    return SchedulingProfile.builder("decode").picker(BEST);
  }

  private Scheduler scheduler(SchedulingProfile.Builder profile) {
    return new Scheduler(registry, index, List.of(profile.build()));
  }

  private static void keepOnly(Cycle cycle, boolean[] keep, int... ports) {
    for (int i = 0; i < cycle.candidates(); i++) {
      int port = cycle.endpoint(i).endpoint().port();
      keep[i] = IntStream.of(ports).anyMatch(kept -> kept == port);
    }
  }

  private static Scorer inverse(Scorer scorer) {
    return (cycle, scores) -> {
      scorer.score(cycle, scores);
      for (int i = 0; i < cycle.candidates(); i++) {
        scores[i] = 1 - scores[i];
      }
    };
  }

  private static PreparedRequest request(int blocks) {
    InferenceRequest request = InferenceRequest.parse(
        Api.COMPLETIONS,
        "{\"model\":\"m\",\"prompt\":\"p\"}".getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
    long[] chain = LongStream.rangeClosed(1, blocks).toArray();
    return new PreparedRequest(request, List.of(new PromptBlocks(blocks * 16, chain, blocks)), 16);
  }
}
