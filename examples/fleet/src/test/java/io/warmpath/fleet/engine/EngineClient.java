package io.warmpath.fleet.engine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The JDK's HTTP client, pointed at one engine. */
final class EngineClient {

  static final Duration BOUND = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  EngineClient(SimulatedEngine engine) {
    base = engine.url();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<java.io.InputStream> open(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  /** {@return the answer to a completion, as a tree} */
  Object complete(String prompt, String more) throws IOException, InterruptedException {
    HttpResponse<String> response =
        post("/v1/completions", "{\"prompt\":" + JsonTree.quoted(prompt) + more + "}");
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return Golden.json(response.body());
  }

  /** {@return the value of a series of /metrics, given up to its labels} */
  double metric(String series) throws IOException, InterruptedException {
    for (String line : get("/metrics").body().split("\n", -1)) {
      if (line.startsWith(series)) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    throw new IOException("no " + series);
  }

  /** {@return the data of a stream's events; the last is [DONE]} */
  static List<String> data(String stream) {
    List<String> data = new ArrayList<>();
    for (String event : stream.split("\n\n", 0)) {
      if (!event.startsWith("data: ") || event.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("not one data line: " + event);
      }
      data.add(event.substring("data: ".length()));
    }
    return data;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(BOUND)
        .header("content-type", "application/json");
  }
}
