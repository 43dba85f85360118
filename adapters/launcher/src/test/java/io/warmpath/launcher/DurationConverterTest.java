package io.warmpath.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

  private final DurationConverter converter = new DurationConverter();

  @Test
  void unitsAreMillisecondsSecondsAndMinutes() {
    assertEquals(Duration.ofMillis(500), converter.convert("500ms"));
    assertEquals(Duration.ofSeconds(60), converter.convert("60s"));
    assertEquals(Duration.ofMinutes(2), converter.convert("2m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "", "s", "1.5s", "1h", "999999999999999999m"})
  void anythingElseIsAnError(String text) {
    assertThrows(TypeConversionException.class, () -> converter.convert(text));
  }
}
