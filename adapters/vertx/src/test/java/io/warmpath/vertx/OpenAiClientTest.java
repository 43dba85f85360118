package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy as OpenAI's own Python client sees it. */
class OpenAiClientTest {

  private static final String WHOLE = "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,"
      + "\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
      + "\"message\":{\"role\":\"assistant\",\"content\":\"whole\"}}],"
      + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";

  private static String piece(String delta, String finish) {
    return "data: {\"id\":\"c2\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
        + "\"choices\":[{\"index\":0,\"delta\":{" + delta + "},\"finish_reason\":" + finish
        + "}]}\n\n";
  }

  private static void answer(FakeEngine.Request request, FakeEngine.Connection to)
      throws IOException {
    if (request.path().equals("/v1/models")) {
      to.json(
          200,
          "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\","
              + "\"created\":1,\"owned_by\":\"w\"}]}");
    } else if (request.text().contains("\"stream\":true")) {
      to.streamHead();
      to.chunk(piece("\"role\":\"assistant\",\"content\":\"\"", "null"));
      to.chunk(piece("\"content\":\"stre\"", "null"));
      to.chunk(piece("\"content\":\"amed\"", "\"stop\""));
      to.chunk("data: [DONE]\n\n");
      to.streamEnd();
    } else {
      to.json(200, WHOLE);
    }
  }

  @Test
  void theOfficialClientReadsWholeAndStreamedAnswers(@TempDir Path folder) throws Exception {
    String python = System.getenv("WARMPATH_PYTHON");
    assumeTrue(
        python != null,
        "skipped: WARMPATH_PYTHON names no Python that has the package 'openai'; .ci/run makes one");
    Path script = folder.resolve("openai_client.py");
    try (InputStream in = OpenAiClientTest.class.getResourceAsStream("/openai_client.py")) {
      Files.write(script, in.readAllBytes());
    }
    try (FakeEngine engine = new FakeEngine(OpenAiClientTest::answer);
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      Path output = folder.resolve("output");
      Process process = new ProcessBuilder(
              python, script.toString(), proxy.uri("/v1").toString())
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();

      String printed = Files.readString(output, StandardCharsets.UTF_8);
      assertTrue(ended, "the script hangs: " + printed);
      assertEquals("""
          models m
          whole whole, prompt tokens 3
          streamed streamed
          missing 404 NotFoundError
          bad 400 messages
          """, printed);
      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
    }
  }
}
