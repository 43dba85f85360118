package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class PatientNanosTest {

  private static final long MILLISECOND = 1_000_000;
  private static final long HALF = MILLISECOND / 2;

  private final AtomicLong real = new AtomicLong(17);
  private final PatientNanos time = new PatientNanos(real::get);
  private final AtomicLong due = new AtomicLong(Long.MAX_VALUE);

  @Test
  void runsWithRealTimeWhileNobodyIsLate() {
    time.watch(due::get);

    pass(20 * MILLISECOND);

    assertEquals(20 * MILLISECOND, time.getAsLong());
    assertEquals(0, time.waitedShare(), 1e-9);
  }

  @Test
  void waitsForALateEngineAndThenGoesOn() {
    time.watch(due::get);
    due.set(5 * MILLISECOND);

    pass(20 * MILLISECOND);
    assertEquals(5 * MILLISECOND + PatientNanos.TOLERANCE_NANOS, time.getAsLong());

    due.set(Long.MAX_VALUE);
    time.tick();
    pass(10 * MILLISECOND);
    assertEquals(15 * MILLISECOND + PatientNanos.TOLERANCE_NANOS, time.getAsLong());
    assertEquals(14.7 / 30, time.waitedShare(), 1e-9);
  }

  @Test
  void waitsForTheLatestOfSeveral() {
    time.watch(due::get);
    time.watch(() -> 2 * MILLISECOND);
    due.set(5 * MILLISECOND);

    pass(20 * MILLISECOND);

    assertEquals(2 * MILLISECOND + PatientNanos.TOLERANCE_NANOS, time.getAsLong());
  }

  @Test
  void doesNotGoBackForAStepThatShouldHaveEndedBefore() {
    time.watch(due::get);
    pass(8 * MILLISECOND);
    due.set(3 * MILLISECOND);

    time.tick();
    long stopped = time.getAsLong();
    pass(8 * MILLISECOND);

    assertEquals(8 * MILLISECOND, stopped);
    assertEquals(stopped, time.getAsLong());
  }

  @Test
  void forgetsAnEngineThatIsGone() {
    LongSupplier gone = () -> 0;
    time.watch(gone);
    time.unwatch(gone);

    pass(4 * MILLISECOND);

    assertEquals(4 * MILLISECOND, time.getAsLong());
  }

  @Test
  void standsStillWhileTheMachineDoes() {
    pass(3 * MILLISECOND);

    real.addAndGet(500 * MILLISECOND); // nobody ticks
    assertEquals(4 * MILLISECOND, time.getAsLong());

    time.tick();
    pass(2 * MILLISECOND);
    assertEquals(6 * MILLISECOND, time.getAsLong());
  }

  @Test
  void neverGoesBackNorRunsFasterThanRealTime() {
    SplittableRandom random = new SplittableRandom(3);
    time.watch(due::get);
    long own = time.getAsLong();
    long before = real.get();
    for (int i = 0; i < 100_000; i++) {
      switch (random.nextInt(4)) {
        case 0 -> time.tick();
        case 1 ->
          due.set(
              random.nextInt(3) == 0 ? Long.MAX_VALUE : own + random.nextLong(-HALF, MILLISECOND));
        default -> real.addAndGet(random.nextLong(MILLISECOND));
      }
      long now = time.getAsLong();
      assertTrue(now >= own, "went back");
      assertTrue(now - own <= real.get() - before, "ran faster");
      own = now;
      before = real.get();
    }
  }

  @Test
  void aReaderThatIsOvertakenByTicksSeesNoStepBack() throws InterruptedException {
    PatientNanos ticking = new PatientNanos(System::nanoTime);
    ticking.watch(due::get);
    AtomicBoolean done = new AtomicBoolean();
    Thread ticks = new Thread(() -> {
      while (!done.get()) {
        due.set(0); // time stops at each tick ...
        ticking.tick();
        due.set(Long.MAX_VALUE); // ... and goes on at the next
        ticking.tick();
      }
    });
    ticks.start();
    int back = 0;
    long before = 0;
    for (int i = 0; i < 2_000_000; i++) {
      long now = ticking.getAsLong();
      back += now < before ? 1 : 0;
      before = now;
    }
    done.set(true);
    ticks.join();

    assertEquals(0, back);
  }

  /** Lets real time pass with a look at the engines twice a millisecond. */
  private void pass(long nanos) {
    for (long passed = 0; passed < nanos; passed += HALF) {
      real.addAndGet(HALF);
      time.tick();
    }
  }
}
