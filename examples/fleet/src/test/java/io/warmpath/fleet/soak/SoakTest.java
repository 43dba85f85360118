package io.warmpath.fleet.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SoakTest {

  @Test
  @Tag("slow")
  void nothingIsLostWhilePodsAndClientsComeAndGo() throws Exception {
    String length = System.getProperty("warmpath.soak", "20s");

    SoakReport report = new SoakRun(SoakPlan.of(SoakPlan.duration(length))).run();

    report.lines().forEach(System.out::println);
    assertEquals(List.of(), report.faults());
  }

  @Test
  void badOptionsAreNamed() {
    assertTrue(refused("--for=5").contains("--for must be a time such as 20s or 5m, was '5'"));
    assertTrue(refused("--for=9s").contains("--for must be at least 10s, was 9000 ms"));
    assertTrue(refused("--pods=2").contains("--pods must be at least 3, was 2"));
    assertTrue(refused("--clients=0").contains("--clients must be at least 1, was 0"));
  }

  private static String refused(String option) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);

    assertEquals(2, new CommandLine(new Soak(printed)).execute(option));
    return out.toString(StandardCharsets.UTF_8);
  }
}
