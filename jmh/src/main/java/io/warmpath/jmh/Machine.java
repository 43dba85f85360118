package io.warmpath.jmh;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a measurement ran on. */
final class Machine {

  private Machine() {}

  /** {@return processor, cores, system, JDK, load and commit, by name} */
  static Map<String, Object> facts() throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", cpu());
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    facts.put("loadAverage", Math.round(load * 10) / 10.0);
    facts.put("commit", commit());
    return facts;
  }

  private static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.exists(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }

  /** {@return the commit, with {@code -dirty} if the working tree differs from it} */
  private static String commit() {
    try {
      Process git = new ProcessBuilder(
              "git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return said.isEmpty() ? "unknown" : said;
    } catch (IOException e) {
      return "unknown";
    }
  }
}
