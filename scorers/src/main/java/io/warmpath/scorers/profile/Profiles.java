package io.warmpath.scorers.profile;

import io.warmpath.schedule.SchedulingProfile;
import io.warmpath.scorers.ActiveRequestScorer;
import io.warmpath.scorers.KvCacheUtilizationScorer;
import io.warmpath.scorers.PrefixCacheScorer;
import io.warmpath.scorers.QueueScorer;
import io.warmpath.scorers.picker.MaxScorePicker;
import io.warmpath.scorers.picker.RandomPicker;
import io.warmpath.scorers.picker.RoundRobinPicker;

/** Profiles that are ready to use. Each call makes a new one. */
public final class Profiles {

  private Profiles() {}

  /**
   * Makes the default profile: cached prefix 3, queue 2, KV use 2, as in llm-d's published benchmark of
   * precise prefix routing, and requests in flight 2, because queues and KV use are seconds old when
   * they are read.
   *
   * @return a profile named {@code decode}
   */
  public static SchedulingProfile standard() {
    return SchedulingProfile.builder("decode")
        .scorer(PrefixCacheScorer.TYPE, new PrefixCacheScorer(), 3)
        .scorer(QueueScorer.TYPE, new QueueScorer(), 2)
        .scorer(KvCacheUtilizationScorer.TYPE, new KvCacheUtilizationScorer(), 2)
        .scorer(ActiveRequestScorer.TYPE, new ActiveRequestScorer(), 2)
        .picker(new MaxScorePicker())
        .build();
  }

  /**
   * Makes a base line that looks at load only: the engine's queue, then requests in flight.
   *
   * @return a profile named {@code decode}
   */
  public static SchedulingProfile leastQueue() {
    return SchedulingProfile.builder("decode")
        .scorer(QueueScorer.TYPE, new QueueScorer(), 1)
        .scorer(ActiveRequestScorer.TYPE, new ActiveRequestScorer(), 1)
        .picker(new MaxScorePicker())
        .build();
  }

  /**
   * Makes a base line that takes endpoints in turn.
   *
   * @return a profile named {@code decode}
   */
  public static SchedulingProfile roundRobin() {
    return SchedulingProfile.builder("decode").picker(new RoundRobinPicker()).build();
  }

  /**
   * Makes a base line that takes endpoints at random.
   *
   * @return a profile named {@code decode}
   */
  public static SchedulingProfile random() {
    return SchedulingProfile.builder("decode").picker(new RandomPicker()).build();
  }
}
