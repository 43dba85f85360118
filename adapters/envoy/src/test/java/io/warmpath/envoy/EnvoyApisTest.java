package io.warmpath.envoy;

import io.warmpath.RouterBuilder;
import io.warmpath.engine.ApisContract;
import io.warmpath.engine.RunningHost;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;

/** Through a real Envoy. */
@Timeout(120)
class EnvoyApisTest extends ApisContract {

  @Override
  protected RunningHost host(UnaryOperator<RouterBuilder> routing, String... addresses)
      throws Exception {
    return RunningPicker.routing(routing, addresses);
  }
}
