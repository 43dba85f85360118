package io.warmpath.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.function.Executable;

/**
 * What of one golden file holds. In the profile {@code golden} it prints a line for the file: {@code
 * FILE passed=N failed=M of=COUNT}, {@code FILE absent} or {@code FILE not covered}.
 */
public final class GoldenReport {

  private static final int SHOWN_FAILURES = 5;

  private final String file;
  private final long count;
  private final List<String> failures = new ArrayList<>();
  private int passed;

  private GoldenReport(String file, long count) {
    this.file = file;
    this.count = count;
  }

  /** Checks a file, if it is there. */
  public static void file(String name, Consumer<byte[]> check) {
    GoldenFiles.read(name).ifPresentOrElse(check, () -> absent(name));
  }

  /** Checks each of the cases under its name, and that there are as many as the file says. */
  public static <C> void cases(String file, long count, List<C> cases, Case<? super C> check) {
    GoldenReport report = new GoldenReport(file, count);
    int number = 0;
    for (C one : cases) {
      int i = number++;
      report.check("case " + i, () -> check.run(one));
    }
    report.end();
  }

  /** Checks the list {@code part} of a file, if it is there, and that none of its cases is left out. */
  public static void part(String name, String part, Case<Object> check) {
    file(name, bytes -> {
      Object cases = GoldenJson.find(GoldenJson.parse(bytes), part);
      if (cases == null) {
        absent(name + "#" + part);
      } else {
        List<?> list = GoldenJson.list(cases);
        cases(name + "#" + part, list.size(), list, check);
      }
    });
  }

  /** Says that a file is not there. */
  public static void absent(String name) {
    print(name + " absent");
  }

  /** Says that nothing checks this file, or this part of a file, if it is there. */
  public static void notCovered(String name) {
    print(name
        + (GoldenFiles.read(name.replaceAll("#.*", "")).isPresent() ? " not covered" : " absent"));
  }

  private void check(String name, Executable check) {
    try {
      check.execute();
      passed++;
    } catch (Throwable e) { // an assertion's error too
      failures.add(name + ": " + e);
    }
  }

  private void end() {
    print(file + " passed=" + passed + " failed=" + failures.size() + " of=" + count);
    assertEquals(
        List.of(),
        failures.subList(0, Math.min(failures.size(), SHOWN_FAILURES)),
        () -> file + ": " + failures.size() + " of " + count + " failed");
    assertEquals(count, passed, () -> file + ": its own count is not the number of its cases");
  }

  /** Prints a line in the profile {@code golden}. */
  static void print(String line) {
    if (Boolean.getBoolean("warmpath.golden")) {
      System.out.println(line);
    }
  }

  /** One case's check. */
  @FunctionalInterface
  public interface Case<C> {
    void run(C one) throws Exception;
  }
}
