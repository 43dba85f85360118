package io.warmpath.vertx;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.warmpath.response.ErrorBody;
import org.jspecify.annotations.Nullable;

/** Answers of the proxy itself. */
final class Replies {

  private Replies() {}

  static void json(HttpServerResponse response, int status, String body) {
    send(response, status, Buffer.buffer(body));
  }

  /** Answers with an error object as OpenAI's clients know it. */
  static void error(
      HttpServerResponse response, int status, String message, @Nullable String param) {
    send(response, status, Buffer.buffer(ErrorBody.openAi(status, message, null, param)));
  }

  private static void send(HttpServerResponse response, int status, Buffer body) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body);
  }
}
