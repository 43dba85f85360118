package io.warmpath.schedule;

import java.lang.System.Logger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Runs one profile over the candidates of a cycle, and counts what its plugins do wrong. */
final class ProfileRunner {

  private static final Logger LOG = System.getLogger(ProfileRunner.class.getName());

  private final SchedulingProfile profile;
  private final Step<Filter>[] filters;
  private final Step<Scorer>[] scorers;
  private final double[] weights;
  private final Step<Picker> picker;

  /** A plugin with its counters. */
  private static final class Step<T> {
    final String name;
    final T plugin;
    final LongAdder failures = new LongAdder();
    final LongAdder outOfRange = new LongAdder();
    final RareWarning failed;

    Step(String profile, String name, T plugin) {
      this.name = name;
      this.plugin = plugin;
      failed =
          new RareWarning(LOG, "profile '" + profile + "': '" + name + "' failed and was skipped");
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  ProfileRunner(SchedulingProfile profile) {
    this.profile = profile;
    List<SchedulingProfile.Weighted> weighted = profile.scorers();
    filters = profile.filters().stream()
        .map(f -> new Step<>(name(), f.name(), f.plugin()))
        .toArray(Step[]::new);
    scorers =
        weighted.stream().map(s -> new Step<>(name(), s.name(), s.scorer())).toArray(Step[]::new);
    weights = weighted.stream().mapToDouble(SchedulingProfile.Weighted::weight).toArray();
    picker = new Step<>(name(), "picker", profile.picker());
  }

  String name() {
    return profile.name();
  }

  /** Ranks candidates into {@code cycle.ranked}; returns how many, 0 if the filters left none. */
  int run(Cycle cycle) {
    for (Step<Filter> filter : filters) {
      filter(cycle, filter);
      if (cycle.candidates() == 0) {
        return 0;
      }
    }
    cycle.preferReachable();
    int candidates = cycle.candidates();
    Arrays.fill(cycle.totals, 0, candidates, 0);
    for (int s = 0; s < scorers.length; s++) {
      addScores(cycle, scorers[s], weights[s]);
    }
    return pick(cycle, Math.min(candidates, Scheduler.MAX_RANKED));
  }

  private void filter(Cycle cycle, Step<Filter> step) {
    Arrays.fill(cycle.keep, 0, cycle.candidates(), true);
    try {
      step.plugin.filter(cycle, cycle.keep);
      cycle.keepMarked();
    } catch (RuntimeException e) {
      failed(step, cycle, e);
    }
  }

  private void addScores(Cycle cycle, Step<Scorer> step, double weight) {
    int candidates = cycle.candidates();
    Arrays.fill(cycle.scores, 0, candidates, 0);
    try {
      step.plugin.score(cycle, cycle.scores);
    } catch (RuntimeException e) {
      failed(step, cycle, e);
      return;
    }
    for (int i = 0; i < candidates; i++) {
      double score = cycle.scores[i];
      if (!(score >= 0 && score <= 1)) {
        step.outOfRange.increment();
        score = score > 1 ? 1 : 0;
      }
      cycle.totals[i] += weight * score;
    }
  }

  private int pick(Cycle cycle, int wanted) {
    try {
      int picked = picker.plugin.pick(cycle, cycle.totals, cycle.ranked, wanted);
      if (isRanking(cycle, picked, wanted)) {
        return picked;
      }
      picker.failures.increment();
    } catch (RuntimeException e) {
      failed(picker, cycle, e);
    }
    cycle.ranked[0] = best(cycle);
    return 1;
  }

  /** A picker of somebody else's may answer nonsense; the request is routed all the same. */
  private static boolean isRanking(Cycle cycle, int picked, int wanted) {
    if (picked < 1 || picked > wanted) {
      return false;
    }
    for (int i = 0; i < picked; i++) {
      if (cycle.ranked[i] < 0 || cycle.ranked[i] >= cycle.candidates()) {
        return false;
      }
      for (int j = 0; j < i; j++) {
        if (cycle.ranked[i] == cycle.ranked[j]) {
          return false;
        }
      }
    }
    return true;
  }

  private static int best(Cycle cycle) {
    int best = 0;
    for (int i = 1; i < cycle.candidates(); i++) {
      if (cycle.totals[i] > cycle.totals[best]) {
        best = i;
      }
    }
    return best;
  }

  private static void failed(Step<?> step, Cycle cycle, RuntimeException e) {
    step.failures.increment();
    step.failed.log(e, cycle.nowNanos());
  }

  void addTo(Map<String, Long> failures, Map<String, Long> outOfRange) {
    for (Step<Filter> filter : filters) {
      addTo(failures, filter.name, filter.failures);
    }
    for (Step<Scorer> scorer : scorers) {
      addTo(failures, scorer.name, scorer.failures);
      addTo(outOfRange, scorer.name, scorer.outOfRange);
    }
    addTo(failures, picker.name, picker.failures);
  }

  private static void addTo(Map<String, Long> counts, String name, LongAdder counter) {
    long count = counter.sum();
    if (count > 0) {
      counts.merge(name, count, Long::sum);
    }
  }
}
