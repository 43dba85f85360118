package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PercentilesTest {

  @Test
  void percentilesAreValuesThatOccurred() {
    Percentiles values = new Percentiles(new double[] {40, 10, 30, 20});

    assertEquals(10, values.at(0));
    assertEquals(20, values.at(0.5));
    assertEquals(30, values.at(0.51));
    assertEquals(40, values.at(0.99));
    assertEquals(40, values.at(1));
    assertEquals(25, values.mean());
  }

  @Test
  void nothingHasNoPercentiles() {
    Percentiles nothing = new Percentiles(new double[0]);

    assertTrue(Double.isNaN(nothing.at(0.5)));
    assertTrue(Double.isNaN(nothing.mean()));
  }
}
