package io.warmpath.request;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of request that Warmpath reads, by their path.
 *
 * <p>Not among them, and so never routed by their prompt: embeddings, pooling, scores, {@code
 * /tokenize}, {@code /v1/messages/count_tokens} and what belongs to one response ({@code
 * /v1/responses/ID}).
 */
public enum Api {
  /** OpenAI's {@code POST /v1/chat/completions}. */
  CHAT_COMPLETIONS("/v1/chat/completions"),
  /** OpenAI's {@code POST /v1/completions}. */
  COMPLETIONS("/v1/completions"),
  /** OpenAI's {@code POST /v1/responses}. */
  RESPONSES("/v1/responses"),
  /** Anthropic's {@code POST /v1/messages}. */
  MESSAGES("/v1/messages");

  private final String path;

  Api(String path) {
    this.path = path;
  }

  /** {@return the path, such as {@code /v1/completions}} */
  public String path() {
    return path;
  }

  /**
   * Finds the kind of a request by the end of its path, as gateways put prefixes before it. If several
   * paths fit, the longest counts.
   *
   * @param path request path; a query string and one closing slash are ignored
   * @return the kind, or empty if this is none of ours
   */
  public static Optional<Api> of(String path) {
    int query = path.indexOf('?');
    String plain = query < 0 ? path : path.substring(0, query);
    if (plain.endsWith("/")) {
      plain = plain.substring(0, plain.length() - 1);
    }
    @Nullable Api longest = null;
    for (Api api : values()) {
      if (plain.endsWith(api.path)
          && (longest == null || api.path.length() > longest.path.length())) {
        longest = api;
      }
    }
    return Optional.ofNullable(longest);
  }
}
