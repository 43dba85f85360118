package io.warmpath.fleet;

import io.warmpath.fleet.engine.EngineConfig;
import io.warmpath.fleet.engine.FleetTokenizer;
import io.warmpath.fleet.engine.SimulatedEngine;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Simulated engines for as long as the process lives, to put a proxy in front of. */
@Command(
    name = "serve",
    description = "Start simulated engines and print the options that a proxy needs to reach them.",
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

  @Option(
      names = "--pods",
      defaultValue = "2",
      description = "Engines (default: ${DEFAULT-VALUE}).")
  private int pods = 2;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "HTTP port of the first engine, the others follow; 0 takes free ones.")
  private int port;

  @Option(
      names = "--model",
      defaultValue = "Qwen/Qwen3-32B",
      description = "Served model name (default: ${DEFAULT-VALUE}).")
  private String model = "Qwen/Qwen3-32B";

  @Option(names = "--block-size", defaultValue = "16", description = "Tokens per KV block.")
  private int blockSize = 16;

  @Option(
      names = "--tokenizer",
      description =
          "Also write the engines' tokenizer.json and tokenizer_config.json to this directory.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--endpoints-file",
      description = "Also write the engines to this file, for warmpath-epp.jar.")
  private @Nullable Path endpointsFile;

  @Override
  public Integer call() throws Exception {
    List<SimulatedEngine> engines = new ArrayList<>();
    try {
      if (tokenizer != null) {
        System.out.println("--tokenizer " + FleetTokenizer.extractTo(tokenizer));
      }
      for (int pod = 0; pod < pods; pod++) {
        EngineConfig config = EngineConfig.builder()
            .name("pod-" + pod)
            .modelName(model)
            .httpPort(port == 0 ? 0 : port + pod)
            .blockSize(blockSize)
            .build();
        SimulatedEngine engine = new SimulatedEngine(config).start();
        engines.add(engine);
        System.out.println("--endpoint " + engine.url() + ",kv-events=" + engine.kvEventEndpoint()
            + ",replay=" + engine.kvReplayEndpoint());
      }
      if (endpointsFile != null) {
        EndpointsText.write(endpointsFile, engines);
        System.out.println("--endpoints-file " + endpointsFile);
      }
      new CountDownLatch(1).await();
      return 0;
    } catch (FileAlreadyExistsException e) {
      System.err.println("warmpath-fleet serve: " + e.getMessage());
      return 2;
    } finally {
      engines.forEach(SimulatedEngine::close);
    }
  }
}
