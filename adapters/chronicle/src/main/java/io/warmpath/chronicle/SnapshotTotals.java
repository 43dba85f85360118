package io.warmpath.chronicle;

import java.nio.ByteBuffer;

/** How much there is in a snapshot: int64 blocks, int64 stretches, int32 pages. */
record SnapshotTotals(long blocks, long stretches, int pages) {

  static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

  static SnapshotTotals get(ByteBuffer from) {
    return new SnapshotTotals(from.getLong(), from.getLong(), from.getInt());
  }

  void put(ByteBuffer to) {
    to.putLong(blocks).putLong(stretches).putInt(pages);
  }
}
