package io.warmpath.tokenizers.jinja;

import java.time.LocalDateTime;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Python's {@code datetime.strftime} with glibc in the C locale, of a time without a zone. */
final class Strftime {

  private Strftime() {}

  static String format(LocalDateTime time, String format) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i == format.length()) {
        out.append(c);
        continue;
      }
      char flag = format.charAt(i);
      boolean isFlag =
          (flag == '-' || flag == '_' || flag == '^' || flag == '0') && i + 1 < format.length();
      if (isFlag) {
        i++;
      }
      out.append(flagged(field(time, format.charAt(i++)), isFlag ? flag : ' '));
    }
    return out.toString();
  }

  private static String flagged(String text, char flag) {
    return switch (flag) {
      case '-' -> text.length() > 1 ? text.replaceFirst("^[0 ]+(?=.)", "") : text;
      case '_' -> {
        String rest = text.replaceFirst("^0+(?=.)", "");
        yield " ".repeat(text.length() - rest.length()) + rest;
      }
      case '0' -> text.replace(' ', '0');
      case '^' -> text.toUpperCase(Locale.ROOT);
      default -> text;
    };
  }

  private static String field(LocalDateTime time, char field) {
    return switch (field) {
      case 'Y' -> Integer.toString(time.getYear());
      case 'C' -> two(time.getYear() / 100);
      case 'y' -> two(time.getYear() % 100);
      case 'm' -> two(time.getMonthValue());
      case 'd' -> two(time.getDayOfMonth());
      case 'e' -> "%2d".formatted(time.getDayOfMonth());
      case 'H' -> two(time.getHour());
      case 'k' -> "%2d".formatted(time.getHour());
      case 'I' -> two((time.getHour() + 11) % 12 + 1);
      case 'l' -> "%2d".formatted((time.getHour() + 11) % 12 + 1);
      case 'M' -> two(time.getMinute());
      case 'S' -> two(time.getSecond());
      case 'f' -> "%06d".formatted(time.getNano() / 1000);
      case 'j' -> "%03d".formatted(time.getDayOfYear());
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'P' -> time.getHour() < 12 ? "am" : "pm";
      case 'B' -> english(time.getMonth().name());
      case 'b', 'h' -> english(time.getMonth().name()).substring(0, 3);
      case 'A' -> english(time.getDayOfWeek().name());
      case 'a' -> english(time.getDayOfWeek().name()).substring(0, 3);
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'U' -> two((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> two((time.getDayOfYear() + 6 - (time.getDayOfWeek().getValue() + 6) % 7) / 7);
      case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
      case 's' -> Long.toString(time.toEpochSecond(java.time.ZoneOffset.UTC));
      case 'D', 'x' -> format(time, "%m/%d/%y");
      case 'T', 'X' -> format(time, "%H:%M:%S");
      case 'F' -> format(time, "%Y-%m-%d");
      case 'R' -> format(time, "%H:%M");
      case 'r' -> format(time, "%I:%M:%S %p");
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'Z', 'z' -> "";
      case '%' -> "%";
      default -> "%" + field;
    };
  }

  private static String two(int number) {
    return "%02d".formatted(number);
  }

  private static String english(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
