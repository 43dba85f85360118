package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints and holders of an index, and their numbers.
 *
 * <p>The number of a holder has a generation in its upper bits: the number of one that was dropped stays
 * unknown until its place was used 2,048 times again.
 *
 * <p><b>Threads:</b> finding what is there takes no lock; making and dropping take one for a moment.
 * Numbers come back without a lock ({@link #release}), from the thread that applies changes.
 */
final class Roster {

  /** The slot of what belongs to no endpoint. */
  static final int SHARED_SLOT = 0;

  private static final int PLACE_BITS = 20;
  private static final int PLACES = 1 << PLACE_BITS;

  private final Steps steps;
  private final Map<Endpoint, Integer> slots = new ConcurrentHashMap<>();
  private final Map<HolderKey, Holder> holders = new ConcurrentHashMap<>();
  private final Queue<Integer> freeSlots = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> freeNumbers = new ConcurrentLinkedQueue<>();

  /** Entry i is the holder at place i, or null; replaced, never changed. */
  private volatile @Nullable Holder[] byPlace = new Holder[0];

  private int nextSlot = SHARED_SLOT + 1;

  Roster(Steps steps) {
    this.steps = steps;
  }

  int slot(Endpoint endpoint) {
    Integer slot = slots.get(endpoint);
    return slot != null ? slot : add(endpoint);
  }

  int number(HolderKey key) {
    Holder holder = holders.get(key);
    return holder != null ? holder.number : add(key).number;
  }

  /** {@return the holder, or null if there is none of this number} */
  @Nullable
  Holder find(int number) {
    @Nullable Holder[] byPlace = this.byPlace;
    int place = number & (PLACES - 1);
    Holder found = number >= 0 && place < byPlace.length ? byPlace[place] : null;
    return found != null && found.number == number ? found : null;
  }

  int holders() {
    return holders.size();
  }

  /** {@return all holders now} */
  Collection<Holder> all() {
    return holders.values();
  }

  /**
   * Forgets an endpoint and makes it invisible at once.
   *
   * @return what is gone, whose numbers stay taken until {@link #release}; null if unknown
   */
  synchronized @Nullable Dropped drop(Endpoint endpoint) {
    Integer slot = slots.remove(endpoint);
    if (slot == null) {
      return null;
    }
    steps.drop(slot);
    @Nullable Holder[] left = byPlace.clone();
    List<Holder> gone = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      Holder holder = left[i];
      if (holder != null && holder.slot == slot) {
        holders.remove(holder.key);
        left[i] = null;
        gone.add(holder);
      }
    }
    byPlace = left;
    return new Dropped(slot, List.copyOf(gone));
  }

  /** Lets the numbers of a dropped endpoint be used again: nothing refers to it any more. */
  void release(Dropped dropped) {
    steps.renew(dropped.slot());
    freeSlots.add(dropped.slot());
    for (Holder holder : dropped.holders()) {
      freeNumbers.add((holder.number + PLACES) & Integer.MAX_VALUE);
    }
  }

  private synchronized int add(Endpoint endpoint) {
    Integer slot = slots.get(endpoint);
    if (slot == null) {
      Integer free = freeSlots.poll();
      slot = free == null ? nextSlot++ : free;
      steps.ensure(slot);
      slots.put(endpoint, slot);
    }
    return slot;
  }

  private synchronized Holder add(HolderKey key) {
    Holder holder = holders.get(key);
    if (holder == null) {
      Endpoint endpoint = key.endpoint();
      Integer free = freeNumbers.poll();
      int number = free == null ? byPlace.length : free;
      int place = number & (PLACES - 1);
      holder = new Holder(number, key, endpoint == null ? SHARED_SLOT : add(endpoint));
      @Nullable Holder[] all = Arrays.copyOf(byPlace, Math.max(byPlace.length, place + 1));
      all[place] = holder;
      byPlace = all;
      holders.put(key, holder);
    }
    return holder;
  }

  /**
   * An endpoint that is gone.
   *
   * @param slot its slot
   * @param holders what it had
   */
  record Dropped(int slot, List<Holder> holders) {
    @Override
    public String toString() {
      return "Dropped slot " + slot + ", " + holders.size() + " holders";
    }
  }
}
