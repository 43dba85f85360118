package io.warmpath.envoy;

import io.warmpath.envoy.proto.HeaderMap;
import io.warmpath.envoy.proto.HeaderValue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Header fields as Envoy sends them: names in lower case, pseudo-headers among them. */
final class HeaderFields {

  static final HeaderFields NONE = new HeaderFields(HeaderMap.getDefaultInstance());

  private final HeaderMap headers;

  HeaderFields(HeaderMap headers) {
    this.headers = headers;
  }

  /** Returns the first value of a field, or null. */
  @Nullable
  String get(String name) {
    for (HeaderValue header : headers.getHeadersList()) {
      if (header.getKey().equals(name)) {
        // ISO 8859-1, as HTTP has it; only ASCII is looked at.
        return header.getRawValue().isEmpty()
            ? header.getValue()
            : header.getRawValue().toString(StandardCharsets.ISO_8859_1);
      }
    }
    return null;
  }

  /** The path as the client sent it, before a route rewrote it. */
  String path() {
    for (String name : new String[] {":path", "x-original-path", "x-forwarded-path"}) {
      String path = get(name);
      if (path != null && !path.isEmpty()) {
        return path;
      }
    }
    return "";
  }

  /** The status, or 0 if there is none. */
  int status() {
    String status = get(":status");
    try {
      return status == null ? 0 : Integer.parseInt(status);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
