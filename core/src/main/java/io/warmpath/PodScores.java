package io.warmpath;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.warmpath.request.InferenceRequest;
import io.warmpath.schedule.RoutingDecision;

/**
 * The log line that tells which pods hold how much of a prompt, the same for all hosts:
 *
 * <pre>{@code
 * Got pod scores {"x-request-id": "7a1…", "model": "qwen3", "resolvedTargetModel": "qwen3",
 *     "criticality": "Standard", "scores": {"10.0.1.12:8000": 21}}
 * }</pre>
 *
 * <p>(on one line). {@code scores} is {@code null} if no pod holds a block.
 */
public final class PodScores {

  private PodScores() {}

  /**
   * Prints the line.
   *
   * @param request the request
   * @param decision what was decided for it
   * @return the line, without a line break
   */
  public static String line(InferenceRequest request, RoutingDecision decision) {
    StringBuilder out = new StringBuilder(160).append("Got pod scores {");
    text(out, "x-request-id", request.id()).append(", ");
    text(out, "model", request.model()).append(", ");
    text(out, "resolvedTargetModel", request.model()).append(", ");
    text(out, "criticality", request.criticality()).append(", \"scores\": ");
    if (decision.matches().isEmpty()) {
      return out.append("null}").toString();
    }
    String separator = "{";
    for (RoutingDecision.Match match : decision.matches()) {
      out.append(separator);
      quoted(out, match.endpoint().address()).append(": ").append(match.blocks());
      separator = ", ";
    }
    return out.append("}}").toString();
  }

  private static StringBuilder text(StringBuilder out, String name, String value) {
    return quoted(quoted(out, name).append(": "), value);
  }

  private static StringBuilder quoted(StringBuilder out, String text) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    return out.append('"');
  }
}
