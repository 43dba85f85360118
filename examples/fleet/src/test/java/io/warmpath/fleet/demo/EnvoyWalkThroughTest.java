package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import io.warmpath.engine.PoolWiring;
import io.warmpath.envoy.PickerAddress;
import io.warmpath.envoy.PickerOptions;
import io.warmpath.envoy.PickerServer;
import io.warmpath.envoy.RealEnvoy;
import io.warmpath.scorers.profile.Profiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo's walk-through, through a real Envoy with the endpoint picker in place of the proxy. */
@Timeout(120)
class EnvoyWalkThroughTest {

  @Test
  void theSecondRequestGoesToThePodThatComputedTheFirst() throws Exception {
    WalkThrough walk = new WalkThrough();
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Screen screen = new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    try (Stage stage = Stage.set(2);
        Fleet fleet = stage.fleet(1)) {
      Router router = Router.builder()
          .tokenizer(stage.tokenizer())
          .template(stage.template())
          .profile(Profiles.standard())
          .build();
      try (PoolWiring wiring = new PoolWiring(router)) {
        fleet.endpoints().forEach(wiring::add);
        assertTrue(
            wiring.learnBlockSize(Duration.ofSeconds(20)).toCompletableFuture().join());
        PickerServer picker = PickerServer.start(
            router,
            new PickerAddress("127.0.0.1", 0, 0, 0),
            PickerOptions.builder().scores(walk::scores).build(),
            wiring::stats);
        try (RealEnvoy envoy =
            RealEnvoy.start("original-dst", picker.address().port(), List.of(), yaml -> yaml)) {
          assertTrue(walk.run(screen, envoy.port()), () -> shown.toString(StandardCharsets.UTF_8));
        } finally {
          picker.close(Duration.ofSeconds(5));
        }
        assertEquals(2, picker.stats().requests());
        assertEquals(0, router.stats().inFlight());
      }
    }
  }
}
