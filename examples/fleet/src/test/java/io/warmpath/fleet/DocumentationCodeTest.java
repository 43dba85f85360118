package io.warmpath.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java in the documentation compiles. A fence is the body of a method; what it takes for given stands as parameters
 * in a comment before it, which readers do not see: {@code <!-- given: Router router, byte[] body -->}. Imports are
 * those that the fence itself has, all of Warmpath, and {@link #IMPORTS}. Kept here because this module has all the
 * others on its class path.
 */
class DocumentationCodeTest {

  private static final Path ROOT = Path.of("../..");
  private static final List<String> IMPORTS = List.of(
      "io.vertx.core",
      "java.nio.file",
      "java.time",
      "java.util",
      "java.util.concurrent",
      "java.util.function");
  private static final List<String> OPTIONS =
      List.of("--release", "17", "-proc:none", "-Werror", "-Xlint:all,-classfile,-options,-path");

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

  @ParameterizedTest
  @MethodSource("fences")
  void javaInTheDocumentationCompiles(Fence fence, @TempDir Path classes) throws IOException {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    boolean compiled;
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, null, StandardCharsets.UTF_8)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      Set<String> packages = new TreeSet<>(IMPORTS);
      packages.addAll(packagesOfWarmpath(files));
      compiled = compiler
          .getTask(null, files, found, OPTIONS, null, List.of(fence.source(packages)))
          .call();
    }

    assertTrue(
        compiled,
        () -> found.getDiagnostics().stream()
            .map(fence::say)
            .collect(Collectors.joining("\n", "\n", "")));
  }

  static List<Fence> fences() throws IOException {
    List<Fence> fences = new ArrayList<>();
    for (Path file : documents(ROOT)) {
      Fence.readAll(file, fences);
    }
    return fences;
  }

  /** All Markdown files that are neither built nor hidden. */
  private static List<Path> documents(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && !name.startsWith(".") && !name.equals("target")) {
          found.addAll(documents(entry));
        } else if (name.endsWith(".md")) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  private static Set<String> packagesOfWarmpath(StandardJavaFileManager files) throws IOException {
    Set<String> packages = new TreeSet<>();
    for (JavaFileObject type : files.list(
        StandardLocation.CLASS_PATH, "io.warmpath", Set.of(JavaFileObject.Kind.CLASS), true)) {
      String name = files.inferBinaryName(StandardLocation.CLASS_PATH, type);
      packages.add(name.substring(0, name.lastIndexOf('.')));
    }
    return packages;
  }

  /**
   * One fence of Java.
   *
   * @param line number of the line that opens it
   */
  record Fence(Path file, int line, String given, List<String> code) {

    private static final String GIVEN = "<!-- given:";

    static void readAll(Path file, List<Fence> fences) throws IOException {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).strip().equals("```java")) {
          int end = i + 1;
          while (!lines.get(end).strip().equals("```")) {
            end++;
          }
          String before = i == 0 ? "" : lines.get(i - 1).strip();
          String given = before.startsWith(GIVEN)
              ? before.substring(GIVEN.length(), before.indexOf("-->"))
              : "";
          fences.add(new Fence(file, i + 1, given, List.copyOf(lines.subList(i + 1, end))));
          i = end;
        }
      }
    }

    /** All that is ours goes into the first line, so that line n of the code is line n + 1. */
    JavaFileObject source(Set<String> packages) {
      StringBuilder head = new StringBuilder();
      packages.forEach(name -> head.append("import ").append(name).append(".*; "));
      StringBuilder body = new StringBuilder();
      for (String line : code) {
        boolean isImport = line.startsWith("import ");
        if (isImport) {
          head.append(line).append(' ');
        }
        body.append(isImport ? "" : line).append('\n');
      }
      String text =
          head + "class Fence { void code(" + given + ") throws Exception {\n" + body + "}}\n";
      return new SimpleJavaFileObject(
          URI.create("string:///Fence.java"), JavaFileObject.Kind.SOURCE) {
        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
          return text;
        }
      };
    }

    String say(Diagnostic<? extends JavaFileObject> diagnostic) {
      long at = diagnostic.getSource() == null ? line : line + diagnostic.getLineNumber() - 1;
      return where(at) + ": " + diagnostic.getMessage(null);
    }

    private String where(long at) {
      return ROOT.relativize(file) + ":" + at;
    }

    @Override
    public String toString() {
      return where(line);
    }
  }
}
