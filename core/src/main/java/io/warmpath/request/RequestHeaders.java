package io.warmpath.request;

import org.jspecify.annotations.Nullable;

/** The headers of a request, as a host has them; a method reference to the host's own look-up will do. */
@FunctionalInterface
public interface RequestHeaders {

  /** No headers at all. */
  RequestHeaders NONE = name -> null;

  /**
   * Finds a header.
   *
   * @param name lower case
   * @return its first value, or null if there is none
   */
  @Nullable
  String get(String name);
}
