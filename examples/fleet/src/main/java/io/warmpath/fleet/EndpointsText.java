package io.warmpath.fleet;

import io.warmpath.fleet.engine.SimulatedEngine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Engines as a file for {@code warmpath-epp.jar}, in the format of llm-d's file discovery. */
final class EndpointsText {

  private static final String HEAD = "# Written by 'warmpath-fleet serve'.\n";

  private EndpointsText() {}

  /**
   * Writes the file, in place of one that was written so before.
   *
   * @throws FileAlreadyExistsException if the file is somebody else's, which is kept
   */
  static void write(Path file, List<SimulatedEngine> engines) throws IOException {
    if (Files.exists(file) && !Files.readString(file).startsWith(HEAD)) {
      throw new FileAlreadyExistsException(
          file + " is there already, and was not written by this command; give another file");
    }
    Files.writeString(file, of(engines));
  }

  static String of(List<SimulatedEngine> engines) {
    StringBuilder text = new StringBuilder(HEAD).append("endpoints:\n");
    for (int i = 0; i < engines.size(); i++) {
      SimulatedEngine engine = engines.get(i);
      text.append("  - name: pod-").append(i).append("\n    address: ");
      text.append(engine.url().getHost())
          .append("\n    port: \"")
          .append(engine.url().getPort());
      text.append("\"\n    labels: { warmpath.io/kv-events-port: \"");
      text.append(URI.create(engine.kvEventEndpoint()).getPort());
      text.append("\", warmpath.io/kv-replay-port: \"");
      text.append(URI.create(engine.kvReplayEndpoint()).getPort()).append("\" }\n");
    }
    return text.toString();
  }
}
