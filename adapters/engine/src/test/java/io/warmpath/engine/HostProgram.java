package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A host's main class in processes of its own, on this JVM's class path. */
public final class HostProgram {

  private static final long SECONDS = 60;

  private final Class<?> main;
  private final Path folder;

  /** What the program writes to its standard error goes to a file in {@code folder}. */
  public HostProgram(Class<?> main, Path folder) {
    this.main = main;
    this.folder = folder;
  }

  public Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // From JDK 24 on, a JVM without the flag that this one has warns of Unsafe on stderr. The other
    // flag is in the manifest of the hosts' jars: Netty loads its native library.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--sun-misc-unsafe"))
        .forEach(command::add);
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(file().toFile()).start();
  }

  private Path file() {
    return folder.resolve("errors");
  }

  /** What the last process wrote to its standard error. */
  public String errors() throws IOException {
    return Files.readString(file(), StandardCharsets.UTF_8);
  }

  /** Runs it to its end with this exit status, and returns its errors. */
  public String failure(int status, String... options) throws Exception {
    Process process = start(options);
    try {
      awaitEnd(process, status);
      return errors();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Tells it to stop, as SIGTERM does, and expects exit status 0. */
  public void stop(Process process) throws IOException, InterruptedException {
    process.destroy();
    awaitEnd(process, 0);
  }

  /** Waits for its end, and expects this exit status. */
  public void awaitEnd(Process process, int status) throws IOException, InterruptedException {
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it did not end");
    assertEquals(status, process.exitValue(), errors());
  }
}
