package io.warmpath.fleet.demo;

import io.warmpath.schedule.SchedulingProfile;
import io.warmpath.scorers.profile.Profiles;
import java.util.function.Supplier;

/** The policies that the demo compares. */
enum Policy {
  RANDOM("random", Profiles::random),
  ROUND_ROBIN("round robin", Profiles::roundRobin),
  LEAST_QUEUE("least queue", Profiles::leastQueue),
  WARMPATH("warmpath", Profiles::standard);

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a reference to a static method
  private final Supplier<SchedulingProfile> profile;

  Policy(String title, Supplier<SchedulingProfile> profile) {
    this.title = title;
    this.profile = profile;
  }

  String title() {
    return title;
  }

  /** {@return a new profile, so that no policy's state outlives its run} */
  SchedulingProfile newProfile() {
    return profile.get();
  }
}
