package io.warmpath.chronicle;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.BlockVisitor;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an index shows into pages. Endpoints and holders are named once in a snapshot, and
 * numbered from 0 in the order in which they are; blocks that several holders share are written once
 * where the index shows these stretches one after the other.
 *
 * <pre>
 *   page      int32 count, endpoints; int32 count, holders;
 *             int32 count, blocks (int64); int32 count, stretches
 *   endpoint  name pod, name host, uint16 port, int32 rank
 *   holder    int32 number of its endpoint or -1, uint8 tier (0 to 3), uint16 group
 *   stretch   int32 number of its holder, int32 from, int32 count: of this page's blocks
 * </pre>
 *
 * <p>All numbers are big-endian.
 */
final class PageWriter implements BlockVisitor {

  static final int MOST_BLOCKS = 4096;
  static final int MOST_STRETCHES = 4096;
  static final int NO_ENDPOINT = -1;
  static final int STRETCH_INTS = 3;

  /** Beyond this many bytes of new endpoints or new holders a page ends. */
  private static final int ENOUGH_NAMES = 16 << 10;

  private static final int ENDPOINT_BYTES = Short.BYTES + Integer.BYTES;
  private static final int HOLDER_BYTES = Integer.BYTES + Byte.BYTES + Short.BYTES;
  private static final int COUNTS_BYTES = 4 * Integer.BYTES;

  /** No page is longer: one more endpoint with the longest names may come after enough of them. */
  static final int MOST_BYTES = COUNTS_BYTES
      + ENOUGH_NAMES
      + 2 * (Short.BYTES + Names.MOST_BYTES)
      + ENDPOINT_BYTES
      + ENOUGH_NAMES
      + HOLDER_BYTES
      + MOST_BLOCKS * Long.BYTES
      + MOST_STRETCHES * STRETCH_INTS * Integer.BYTES;

  private final PageSink sink;
  private final Map<Endpoint, Integer> endpoints = new HashMap<>();
  private final Map<HolderKey, Integer> holders = new HashMap<>();
  private final ByteBuffer newEndpoints = ByteBuffer.allocate(MOST_BYTES);
  private final ByteBuffer newHolders = ByteBuffer.allocate(ENOUGH_NAMES + HOLDER_BYTES);
  private final ByteBuffer page = ByteBuffer.allocate(MOST_BYTES);
  private final long[] blocks = new long[MOST_BLOCKS];
  private final int[] stretches = new int[MOST_STRETCHES * STRETCH_INTS];
  private int newEndpointCount;
  private int newHolderCount;
  private int blockCount;
  private int stretchCount;

  /** Entries [low, high) of the array that was shown last are blocks[at..], the last ones here. */
  private int low;

  private int high;
  private int at;

  private @Nullable HolderKey lastKey;
  private int lastHolder;
  private long allBlocks;
  private long allStretches;
  private int pages;

  private PageWriter(PageSink sink) {
    this.sink = sink;
  }

  /** Writes all that an index holds now. */
  static SnapshotTotals write(KvBlockIndex index, PageSink sink) throws IOException {
    PageWriter writer = new PageWriter(sink);
    try {
      index.visit(writer);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.flush();
    return new SnapshotTotals(writer.allBlocks, writer.allStretches, writer.pages);
  }

  @Override
  public void stretch(HolderKey key, long[] shown, int from, int count) {
    try {
      int end = from + count;
      for (int first = from; first < end; first += MOST_BLOCKS) {
        add(holder(key), shown, first, Math.min(MOST_BLOCKS, end - first));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(int holder, long[] shown, int from, int count) throws IOException {
    if (stretchCount == MOST_STRETCHES) {
      flush();
    }
    int common = common(shown, from, count);
    if (blockCount + count - common > MOST_BLOCKS) {
      flush();
      common = 0;
    }
    if (common == 0) {
      low = from;
      high = from;
      at = blockCount;
    }
    System.arraycopy(shown, from + common, blocks, blockCount, count - common);
    blockCount += count - common;
    high = Math.max(high, from + count);
    int place = stretchCount++ * STRETCH_INTS;
    stretches[place] = holder;
    stretches[place + 1] = at + from - low;
    stretches[place + 2] = count;
    allBlocks += count;
    allStretches++;
  }

  /**
   * {@return how many of these are here already, as the end of what was shown last}; by their content,
   * as an index may show everything in one array that it fills anew.
   */
  private int common(long[] shown, int from, int count) {
    if (from < low || from >= high) {
      return 0;
    }
    int common = Math.min(count, high - from);
    int here = at + from - low;
    boolean equal = Arrays.equals(blocks, here, here + common, shown, from, from + common);
    return equal ? common : 0;
  }

  private int holder(HolderKey key) throws IOException {
    if (key.equals(lastKey)) {
      return lastHolder;
    }
    Integer known = holders.get(key);
    if (known == null) {
      if (newEndpoints.position() >= ENOUGH_NAMES || newHolders.position() >= ENOUGH_NAMES) {
        flush();
      }
      Endpoint endpoint = key.endpoint();
      newHolders
          .putInt(endpoint == null ? NO_ENDPOINT : endpoint(endpoint))
          .put((byte) key.tier().ordinal())
          .putShort((short) key.group());
      newHolderCount++;
      known = holders.size();
      holders.put(key, known);
    }
    lastKey = key;
    lastHolder = known;
    return known;
  }

  private int endpoint(Endpoint endpoint) throws IOException {
    Integer known = endpoints.get(endpoint);
    if (known != null) {
      return known;
    }
    int longest = Short.BYTES + Names.MOST_BYTES;
    if (Names.size(endpoint.pod()) > longest || Names.size(endpoint.host()) > longest) {
      throw new IOException("the name of an endpoint is longer than " + Names.MOST_BYTES
          + " bytes, so that it cannot be saved");
    }
    Names.put(newEndpoints, endpoint.pod());
    Names.put(newEndpoints, endpoint.host());
    newEndpoints.putShort((short) endpoint.port()).putInt(endpoint.rank());
    newEndpointCount++;
    endpoints.put(endpoint, endpoints.size());
    return endpoints.size() - 1;
  }

  private void flush() throws IOException {
    if (stretchCount == 0 && newHolderCount == 0) {
      return;
    }
    page.clear();
    page.putInt(newEndpointCount).put(newEndpoints.flip());
    page.putInt(newHolderCount).put(newHolders.flip());
    page.putInt(blockCount);
    page.asLongBuffer().put(blocks, 0, blockCount);
    page.position(page.position() + blockCount * Long.BYTES);
    page.putInt(stretchCount);
    page.asIntBuffer().put(stretches, 0, stretchCount * STRETCH_INTS);
    page.position(page.position() + stretchCount * STRETCH_INTS * Integer.BYTES);
    sink.page(page.flip());
    pages++;
    newEndpoints.clear();
    newHolders.clear();
    newEndpointCount = 0;
    newHolderCount = 0;
    blockCount = 0;
    stretchCount = 0;
    low = 0;
    high = 0;
    at = 0;
  }
}
