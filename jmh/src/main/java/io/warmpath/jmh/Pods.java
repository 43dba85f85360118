package io.warmpath.jmh;

import io.warmpath.endpoint.Endpoint;
import java.util.List;
import java.util.stream.IntStream;

/** The endpoints of a pool that nobody connects to. */
final class Pods {

  private Pods() {}

  /** {@return that many endpoints, one a pod} */
  static List<Endpoint> of(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Endpoint.of("10.0.0." + i + ":8000"))
        .toList();
  }
}
