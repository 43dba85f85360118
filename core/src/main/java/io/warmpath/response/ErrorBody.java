package io.warmpath.response;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bodies of error answers, in the form that OpenAI clients know. */
public final class ErrorBody {

  private ErrorBody() {}

  /**
   * Makes <code>{"error":{"message":…,"type":…,"param":…,"code":…}}</code>, with the members in the
   * order of vLLM 0.32.
   *
   * @param status HTTP status, 400 to 599; written as {@code code}
   * @param message what is wrong and what to do, in words for the client
   * @param type such as {@code BadRequestError}, or null for vLLM's own word for the status
   * @param param the field at fault, or null
   * @return UTF-8 JSON; a new array
   */
  public static byte[] openAi(
      int status, String message, @Nullable String type, @Nullable String param) {
    StringBuilder json = new StringBuilder(64 + message.length());
    json.append("{\"error\":{\"message\":");
    quote(json, message);
    json.append(",\"type\":");
    quote(json, type == null ? typeOf(status) : type);
    json.append(",\"param\":");
    if (param == null) {
      json.append("null");
    } else {
      quote(json, param);
    }
    return json.append(",\"code\":")
        .append(status)
        .append("}}")
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String typeOf(int status) {
    return switch (status) {
      case 404 -> "NotFoundError";
      case 502 -> "BadGatewayError";
      case 503 -> "ServiceUnavailableError";
      default -> status < 500 ? "BadRequestError" : "InternalServerError";
    };
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
