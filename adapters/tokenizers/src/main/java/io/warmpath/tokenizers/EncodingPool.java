package io.warmpath.tokenizers;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * The scratch spaces that nobody uses at the moment, at most {@value #PLACES}.
 *
 * <p><b>Threads:</b> any number, lock-free. A place holds a scratch space or null and is emptied by
 * one atomic exchange, so that nobody else gets it; it is filled by a compare-and-set from null.
 * Both are volatile, which hands the contents over with the reference. A thread begins at a place of
 * its own, so that it mostly gets what it gave back.
 */
final class EncodingPool {

  private static final int PLACES = 16;

  /** A scratch space that has grown beyond this is not kept: 2 MB. */
  private static final int MAX_CHARS = 1 << 20;

  private final AtomicReferenceArray<Encoding> places = new AtomicReferenceArray<>(PLACES);
  private final Supplier<Encoding> fresh;

  EncodingPool(Supplier<Encoding> fresh) {
    this.fresh = fresh;
  }

  /** {@return one that no other thread has until it is given back} */
  Encoding take() {
    int start = start();
    for (int i = 0; i < PLACES; i++) {
      int place = (start + i) % PLACES;
      if (places.getPlain(place) != null) {
        Encoding encoding = places.getAndSet(place, null);
        if (encoding != null) {
          return encoding;
        }
      }
    }
    return fresh.get();
  }

  /** Gives one back; dropped if there is no room or if it is large. */
  void give(Encoding encoding) {
    int start = start();
    for (int i = 0; i < PLACES && encoding.capacity() <= MAX_CHARS; i++) {
      int place = (start + i) % PLACES;
      if (places.getPlain(place) == null && places.compareAndSet(place, null, encoding)) {
        return;
      }
    }
  }

  private static int start() {
    return System.identityHashCode(Thread.currentThread()) & (PLACES - 1);
  }
}
