package io.warmpath.scorers.picker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Picker;
import io.warmpath.scorers.Pool;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PickersTest {

  private static final int DRAWS = 4000;

  @Test
  void theHighestScoreComesFirstAndTheRestFollowInOrder() {
    assertArrayEquals(
        new int[] {2, 0, 3}, pick(new MaxScorePicker(), cycle(4), new double[] {5, 1, 9, 2}, 3));
  }

  @Test
  void equalScoresAreRankedAtRandom() {
    int[] first = countFirst(new MaxScorePicker(), new double[] {7, 7, 1, 7});

    assertEquals(0, first[2]);
    for (int candidate : new int[] {0, 1, 3}) {
      assertTrue(first[candidate] > DRAWS / 4, () -> Arrays.toString(first));
    }
  }

  @Test
  void negativeScoresAreRankedToo() {
    assertArrayEquals(
        new int[] {1, 0}, pick(new MaxScorePicker(), cycle(2), new double[] {-3, -1}, 2));
  }

  @Test
  void theRandomPickerGivesEachCandidateTheSameChance() {
    int[] first = countFirst(new RandomPicker(), new double[] {9, 0, 0, 0});

    for (int count : first) {
      assertTrue(count > DRAWS / 5 && count < DRAWS / 3, () -> Arrays.toString(first));
    }
  }

  @Test
  void theRandomPickerRanksNobodyTwice() {
    Cycle cycle = cycle(4);
    for (int draw = 0; draw < 100; draw++) {
      int[] ranked = pick(new RandomPicker(), cycle, new double[4], 4);
      assertEquals(4, Arrays.stream(ranked).distinct().count());
    }
  }

  @Test
  void roundRobinTakesEachInTurnAndFallsBackToTheNext() {
    Picker picker = new RoundRobinPicker();
    Cycle cycle = cycle(3);

    assertArrayEquals(new int[] {0, 1}, pick(picker, cycle, new double[3], 2));
    assertArrayEquals(new int[] {1, 2}, pick(picker, cycle, new double[3], 2));
    assertArrayEquals(new int[] {2, 0}, pick(picker, cycle, new double[3], 2));
    assertArrayEquals(new int[] {0, 1}, pick(picker, cycle, new double[3], 2));
  }

  private static int[] countFirst(Picker picker, double[] scores) {
    Cycle cycle = cycle(scores.length);
    int[] first = new int[scores.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      first[pick(picker, cycle, scores, 1)[0]]++;
    }
    return first;
  }

  private static int[] pick(Picker picker, Cycle cycle, double[] scores, int wanted) {
    int[] ranked = new int[wanted];
    assertEquals(wanted, picker.pick(cycle, scores, ranked, wanted));
    return ranked;
  }

  private static Cycle cycle(int endpoints) {
    Pool pool = new Pool();
    for (int i = 0; i < endpoints; i++) {
      pool.add(8000 + i);
    }
    return pool.cycle();
  }
}
