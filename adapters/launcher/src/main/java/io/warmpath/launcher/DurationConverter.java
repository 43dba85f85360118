package io.warmpath.launcher;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times such as {@code 500ms}, {@code 60s} and {@code 2m}, for picocli. */
public final class DurationConverter implements ITypeConverter<Duration> {

  /** Creates the converter. */
  public DurationConverter() {}

  @Override
  public Duration convert(String text) {
    try {
      if (text.endsWith("ms")) {
        return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
      }
      if (text.endsWith("s")) {
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
      }
      if (text.endsWith("m")) {
        return Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1)));
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is no time; write 500ms, 60s or 2m");
    }
    throw new TypeConversionException("'" + text + "' has no unit; write 500ms, 60s or 2m");
  }
}
