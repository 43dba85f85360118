package io.warmpath.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the pages of a snapshot, one after the other. */
@FunctionalInterface
interface PageSink {

  /**
   * Takes a page.
   *
   * @param page from its position to its limit; reused for the next one
   */
  void page(ByteBuffer page) throws IOException;
}
