package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints and holders of an index, and their numbers.
 *
 * <p><b>Threads:</b> finding what is there takes no lock; making and dropping take one for a moment.
 * Numbers come back without a lock ({@link #release}), from the thread that applies changes.
 */
final class Roster {

  private final Map<Endpoint, Member> members = new ConcurrentHashMap<>();
  private final Map<HolderKey, Holder> holders = new ConcurrentHashMap<>();
  private final Queue<Integer> freeSlots = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> freeNumbers = new ConcurrentLinkedQueue<>();

  /** Entry i is holder number i, or null; replaced, never changed. */
  private volatile @Nullable Holder[] byNumber = new Holder[0];

  private int slots;

  int slot(Endpoint endpoint) {
    Member member = members.get(endpoint);
    return member != null ? member.slot : add(endpoint).slot;
  }

  int number(HolderKey key) {
    Holder holder = holders.get(key);
    return holder != null ? holder.number : add(key).number;
  }

  /** {@return the holder, or null if there is none of this number} */
  @Nullable
  Holder find(int number) {
    @Nullable Holder[] byNumber = this.byNumber;
    return number >= 0 && number < byNumber.length ? byNumber[number] : null;
  }

  int holders() {
    return holders.size();
  }

  /**
   * Forgets an endpoint and makes it invisible at once.
   *
   * @return it and its holders, whose numbers stay taken until {@link #release}; null if unknown
   */
  synchronized @Nullable Dropped drop(Endpoint endpoint) {
    Member member = members.remove(endpoint);
    if (member == null) {
      return null;
    }
    member.orDropped();
    @Nullable Holder[] left = byNumber.clone();
    int[] numbers = new int[left.length];
    int count = 0;
    for (int i = 0; i < left.length; i++) {
      Holder holder = left[i];
      if (holder != null && holder.member == member) {
        holders.remove(holder.key);
        left[i] = null;
        numbers[count++] = i;
      }
    }
    byNumber = left;
    return new Dropped(member, Arrays.copyOf(numbers, count));
  }

  /** Lets the numbers of a dropped endpoint be used again: nothing refers to it any more. */
  void release(Dropped dropped) {
    freeSlots.add(dropped.member().slot);
    for (int number : dropped.numbers()) {
      freeNumbers.add(number);
    }
  }

  private synchronized Member add(Endpoint endpoint) {
    Member member = members.get(endpoint);
    if (member == null) {
      Integer free = freeSlots.poll();
      member = new Member(free == null ? slots++ : free);
      members.put(endpoint, member);
    }
    return member;
  }

  private synchronized Holder add(HolderKey key) {
    Holder holder = holders.get(key);
    if (holder == null) {
      Integer free = freeNumbers.poll();
      int number = free == null ? byNumber.length : free;
      holder = new Holder(number, key, add(key.endpoint()));
      @Nullable Holder[] all = Arrays.copyOf(byNumber, Math.max(byNumber.length, number + 1));
      all[number] = holder;
      byNumber = all;
      holders.put(key, holder);
    }
    return holder;
  }

  /**
   * An endpoint that is gone.
   *
   * @param member the endpoint
   * @param numbers of its holders; shared
   */
  record Dropped(Member member, int[] numbers) {
    @Override
    public String toString() {
      return "Dropped slot " + member.slot + ", holders " + Arrays.toString(numbers);
    }
  }
}
