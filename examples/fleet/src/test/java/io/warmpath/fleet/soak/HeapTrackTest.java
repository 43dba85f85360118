package io.warmpath.fleet.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeapTrackTest {

  private static HeapTrack.Growth of(IntToDoubleFunction mebibytes) {
    List<Long> samples = IntStream.range(0, 24)
        .mapToObj(i -> (long) (mebibytes.applyAsDouble(i) * (1 << 20)))
        .toList();
    return HeapTrack.growth(samples);
  }

  @Test
  void aHeapThatGrowsSteadilyIsNotFlat() {
    assertFalse(of(i -> 20 + 0.4 * i).isFlat());
    assertFalse(of(i -> 200 + 2 * i).isFlat());
  }

  @Test
  void aHeapThatVariesIsFlat() {
    SplittableRandom random = new SplittableRandom(1);
    assertTrue(of(i -> 20 + 3 * random.nextDouble()).isFlat());
  }

  @Test
  void oneSampleDoesNotMatter() {
    assertTrue(of(i -> i == 20 ? 90 : 20).isFlat());
  }

  @Test
  void aHeapThatNobodyLookedAtIsNotFlat() {
    assertFalse(HeapTrack.growth(List.of()).isFlat());
  }

  @Test
  void theFiguresAreTheMedians() {
    assertEquals(
        "3.0 MiB in the first third, 5.0 MiB in the last",
        of(i -> i < 12 ? 3 : 5).toString());
  }
}
