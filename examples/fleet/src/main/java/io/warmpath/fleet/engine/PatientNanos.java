package io.warmpath.fleet.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Nanoseconds that stand still while an engine is late, so that a small or busy machine shows a fleet in slower time
 * instead of a slower fleet.
 *
 * <p>A timer of a virtual machine fires milliseconds late now and then, and so does everybody's while two processors
 * have more to do than they can; a decode step takes 11 ms. Here no engine's step ends more than {@link #TOLERANCE_NANOS}
 * after its time, because time waits for it. It also waits while nobody ticks, which is while the machine is stopped.
 * The price is that an hour of it takes longer: {@link #waitedShare()} says how much.
 *
 * <p><b>Threads:</b> any number read; one of its own ticks until {@link #close()}. <b>Guarantees:</b> never goes back,
 * never runs faster than {@link System#nanoTime()}; a lock keeps both, as a reader may be overtaken by a tick.
 */
public final class PatientNanos implements LongSupplier, AutoCloseable {

  /** How late an engine may be before time stops for it: by far less than a tenth of a decode step. */
  static final long TOLERANCE_NANOS = 300_000;

  /** Time between two looks at the engines. */
  private static final long TICK_NANOS = 500_000;

  /** Longest time that passes without a look at them. */
  private static final long MAX_TICK_NANOS = 2 * TICK_NANOS;

  private final LongSupplier real;
  private final long realStart;
  private final List<LongSupplier> watched = new CopyOnWriteArrayList<>();
  private Tick last;
  private volatile boolean closed;

  /** Real and own nanoseconds at one instant, and the own nanosecond at which time stops until the next tick. */
  private record Tick(long real, long own, long stop) {}

  /** Starts to tick at 0. */
  public PatientNanos() {
    this(System::nanoTime);
    Thread thread = new Thread(this::run, "fleet-time");
    thread.setDaemon(true);
    thread.start();
  }

  /** Time that only {@link #tick()} moves on. */
  PatientNanos(LongSupplier real) {
    this.real = real;
    this.realStart = real.getAsLong();
    this.last = new Tick(realStart, 0, Long.MAX_VALUE);
  }

  @Override
  public synchronized long getAsLong() {
    return at(last, real.getAsLong());
  }

  /** {@return share of the real time since the start in which this time stood still} */
  public synchronized double waitedShare() {
    long passed = last.real - realStart;
    return passed == 0 ? 0 : 1 - (double) last.own / passed;
  }

  /** Lets time stand still, for good. */
  @Override
  public void close() {
    closed = true;
  }

  /** From now on waits for {@code due}: the nanosecond at which an engine's step should end, MAX_VALUE if none runs. */
  void watch(LongSupplier due) {
    watched.add(due);
  }

  /** No longer waits for {@code due}. */
  void unwatch(LongSupplier due) {
    watched.remove(due);
  }

  /** Looks at the engines. */
  synchronized void tick() {
    long now = real.getAsLong();
    long own = at(last, now);
    long stop = Long.MAX_VALUE;
    for (LongSupplier due : watched) {
      stop = Math.min(stop, due.getAsLong());
    }
    stop = stop == Long.MAX_VALUE ? stop : stop + TOLERANCE_NANOS;
    // An engine that learns of its step too late finds it in the past; time stays where it is until
    // that step ends.
    last = new Tick(now, own, Math.max(own, stop));
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      tick();
    }
  }

  private static long at(Tick tick, long real) {
    long passed = Math.min(Math.max(0, real - tick.real), MAX_TICK_NANOS);
    return Math.min(tick.own + passed, tick.stop);
  }
}
