package io.warmpath.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.engine.EndpointSpec;
import io.warmpath.envoy.EndpointsFile;
import io.warmpath.fleet.engine.EngineConfig;
import io.warmpath.fleet.engine.SimulatedEngine;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTextTest {

  @Test
  void theEndpointPickerReadsWhatIsWritten(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("endpoints.yaml");
    try (SimulatedEngine engine =
        new SimulatedEngine(EngineConfig.builder().name("a").build()).start()) {
      EndpointsText.write(file, List.of(engine));
      EndpointsText.write(file, List.of(engine));

      EndpointSpec read = EndpointsFile.read(file).get(0);
      assertEquals("pod-0", read.endpoint().pod());
      assertEquals(engine.url().getAuthority(), read.endpoint().address());
      assertEquals(URI.create(engine.kvEventEndpoint()), read.kvEvents());
      assertEquals(URI.create(engine.kvReplayEndpoint()), read.replay());
    }
  }

  @Test
  void aFileOfSomebodyElseIsKept(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("endpoints.yaml"), "endpoints: []");

    assertThrows(FileAlreadyExistsException.class, () -> EndpointsText.write(file, List.of()));
    assertEquals("endpoints: []", Files.readString(file));
  }
}
