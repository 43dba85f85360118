package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds in a JVM that has other flags or another class path than the tests. */
class OtherJvmTest {

  @TempDir
  Path folder;

  @Test
  void theCheckedFileNeedsNoFlagAndLoadsNoClassOfChronicle() throws Exception {
    String output = run(List.of("-Xlog:class+load"), classPath(), "file");

    assertTrue(output.contains("RESTORED"), output);
    assertTrue(output.contains("io.warmpath.chronicle.CheckedFileSnapshot "), "classes are listed");
    assertFalse(output.contains("net.openhft.chronicle"));
  }

  @Test
  void theCheckedFileNeedsNoJarOfChronicle() throws Exception {
    String output = run(List.of(), withoutChronicle(), "file");

    assertTrue(output.contains("RESTORED"), output);
  }

  @Test
  void withoutItsFlagsChronicleIsRefusedWithAListOfThem() throws Exception {
    String output = run(List.of(), classPath(), "chronicle");

    for (String flag : flags()) {
      assertEquals(!flag.contains("sun.misc"), output.contains(flag), flag + " in " + output);
    }
    assertTrue(output.contains("or use IndexSnapshot.file, which needs nothing"), output);
    assertFalse(output.contains("InaccessibleObjectException"), output);
  }

  @Test
  void aSingleFlagThatIsMissingIsNamed() throws Exception {
    List<String> flags = new ArrayList<>(flags());
    String missing = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    assertTrue(flags.remove(missing));

    String output = run(flags, classPath(), "chronicle");

    assertTrue(output.contains("start it with " + missing + "; or use"), output);
  }

  @Test
  void withoutItsJarChronicleIsRefusedByName() throws Exception {
    String output = run(flags(), withoutChronicle(), "chronicle");

    assertTrue(output.contains("add net.openhft:chronicle-map"), output);
  }

  @Test
  void withoutACompilerChronicleIsRefused() throws Exception {
    List<String> options = List.of("--limit-modules=java.base,java.logging,jdk.unsupported");

    String output = run(options, classPath(), "chronicle");

    assertTrue(output.contains("start this program with a JDK"), output);
  }

  @Test
  void chronicleLeavesNothingInTheHomeFolderThatAnalyticsWouldKeep() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    List<String> options = new ArrayList<>(flags());
    options.add("-Duser.home=" + home);

    String output = run(options, classPath(), "chronicle");

    assertTrue(output.contains("RESTORED"), output);
    try (Stream<Path> files = Files.list(home)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void analyticsAreNeitherOnTheClassPathNorSwitchedOn() {
    IndexSnapshot.chronicle(folder.resolve("any"));

    assertEquals("true", System.getProperty("chronicle.analytics.disable"));
    assertThrows(
        ClassNotFoundException.class,
        () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
  }

  private String run(List<String> options, String classPath, String store) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, SnapshotProgram.class.getName(), store));
    command.add(folder.resolve("index.snapshot").toString());
    Path output = folder.resolve("output");
    Process program = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      assertTrue(program.waitFor(60, TimeUnit.SECONDS), "the program ends");
    } finally {
      program.destroyForcibly();
    }
    return Files.readString(output);
  }

  /** The flags of the pom, which are those that these tests run with. */
  private static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-"))
        .toList();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String withoutChronicle() throws IOException {
    List<String> entries = Arrays.stream(classPath().split(File.pathSeparator, -1))
        .filter(entry ->
            !Path.of(entry).getFileName().toString().matches("(chronicle|posix|compiler).*jar"))
        .toList();
    assertFalse(entries.isEmpty());
    return String.join(File.pathSeparator, entries);
  }
}
