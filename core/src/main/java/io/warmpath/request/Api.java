package io.warmpath.request;

import java.util.Optional;

/** The kinds of request that Warmpath reads, by their path. */
public enum Api {
  /** {@code POST /v1/chat/completions}. */
  CHAT_COMPLETIONS("/v1/chat/completions"),
  /** {@code POST /v1/completions}. */
  COMPLETIONS("/v1/completions");

  private final String path;

  Api(String path) {
    this.path = path;
  }

  /** {@return the path, such as {@code /v1/completions}} */
  public String path() {
    return path;
  }

  /**
   * Finds the kind of a request by the end of its path, as gateways put prefixes before it.
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
    for (Api api : values()) {
      if (plain.endsWith(api.path)) {
        return Optional.of(api);
      }
    }
    return Optional.empty();
  }
}
