package io.warmpath.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Named filters, weighted scorers and one picker. Immutable; make one with {@link #builder(String)}.
 *
 * @param name unique within a scheduler, such as {@code decode}
 * @param filters run first, in this order
 * @param scorers run on what is left; their weighted sum ranks the candidates; none is allowed, all
 *     candidates are equal then
 * @param picker chooses from the sums
 */
public record SchedulingProfile(
    String name, List<Named<Filter>> filters, List<Weighted> scorers, Picker picker) {

  /** Checks the profile, so that a bad one cannot exist. */
  public SchedulingProfile {
    filters = List.copyOf(filters);
    scorers = List.copyOf(scorers);
    Objects.requireNonNull(picker, "picker");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a profile needs a name, such as 'decode'");
    }
  }

  /**
   * Starts a profile.
   *
   * @param name unique within a scheduler
   * @return an empty builder, for one thread
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /**
   * A plugin and the name it is counted and logged under.
   *
   * @param name such as {@code queue-scorer}
   * @param plugin the plugin
   * @param <T> kind of plugin
   */
  public record Named<T>(String name, T plugin) {
    /** Checks the parts. */
    public Named {
      Objects.requireNonNull(plugin, "plugin");
      if (name.isBlank()) {
        throw new IllegalArgumentException("a plugin needs a name, such as 'queue-scorer'");
      }
    }
  }

  /**
   * A scorer and how much it counts.
   *
   * @param name such as {@code queue-scorer}
   * @param scorer what to ask
   * @param weight finite; 0 and below are allowed, as in the Kubernetes endpoint picker
   */
  public record Weighted(String name, Scorer scorer, double weight) {
    /** Checks the weight. */
    public Weighted {
      Objects.requireNonNull(scorer, "scorer");
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException(
            "weight of '" + name + "' must be finite, was " + weight);
      }
    }
  }

  /** Collects the parts of a profile. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final List<Named<Filter>> filters = new ArrayList<>();
    private final List<Weighted> scorers = new ArrayList<>();
    private @Nullable Picker picker;

    private Builder(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Adds a filter.
     *
     * @param filterName what it is counted under
     * @param filter what to ask
     * @return this
     */
    public Builder filter(String filterName, Filter filter) {
      filters.add(new Named<>(filterName, filter));
      return this;
    }

    /**
     * Adds a scorer.
     *
     * @param scorerName what it is counted under
     * @param scorer what to ask
     * @param weight finite
     * @return this
     * @throws IllegalArgumentException if the weight is not finite
     */
    public Builder scorer(String scorerName, Scorer scorer, double weight) {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException(
            "profile '" + name + "': weight of '" + scorerName + "' must be finite, was " + weight);
      }
      scorers.add(new Weighted(scorerName, scorer, weight));
      return this;
    }

    /**
     * Sets the picker.
     *
     * @param picker chooses from the sums
     * @return this
     */
    public Builder picker(Picker picker) {
      this.picker = Objects.requireNonNull(picker, "picker");
      return this;
    }

    /**
     * Makes the profile.
     *
     * @return a new immutable profile
     * @throws IllegalArgumentException if no picker was set
     */
    public SchedulingProfile build() {
      if (picker == null) {
        throw new IllegalArgumentException(
            "profile '" + name + "' has no picker; add one with picker(...)");
      }
      return new SchedulingProfile(name, filters, scorers, picker);
    }
  }
}
