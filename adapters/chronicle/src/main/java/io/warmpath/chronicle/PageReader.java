package io.warmpath.chronicle;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.Tier;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link PageWriter} wrote, and believes none of it unseen. */
final class PageReader implements PageSink {

  /** Takes what stands in the pages. */
  interface Content {

    /** The next holder; they are numbered from 0. */
    void holder(HolderKey key);

    /** A holder has {@code count} blocks from {@code blocks[from]} on. */
    void stretch(int holder, long[] blocks, int from, int count);
  }

  private static final Tier[] TIERS = Tier.values();

  private final Content content;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final long[] blocks = new long[PageWriter.MOST_BLOCKS];
  private int holders;
  private long allBlocks;
  private long allStretches;
  private int pages;

  PageReader(Content content) {
    this.content = content;
  }

  SnapshotTotals totals() {
    return new SnapshotTotals(allBlocks, allStretches, pages);
  }

  @Override
  public void page(ByteBuffer page) throws BadSnapshotException {
    try {
      for (int left = page.getInt(); left > 0; left--) {
        endpoints.add(endpoint(page));
      }
      for (int left = page.getInt(); left > 0; left--) {
        content.holder(holder(page));
        holders++;
      }
      int count = page.getInt();
      check(count >= 0 && count <= PageWriter.MOST_BLOCKS, "number of blocks");
      page.asLongBuffer().get(blocks, 0, count);
      page.position(page.position() + count * Long.BYTES);
      for (int left = page.getInt(); left > 0; left--) {
        stretch(page, count);
      }
      check(!page.hasRemaining(), "length");
      pages++;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new BadSnapshotException("is damaged: page " + pages + " makes no sense (" + e + ")");
    }
  }

  private static Endpoint endpoint(ByteBuffer page) {
    String pod = Names.get(page);
    String host = Names.get(page);
    return new Endpoint(pod, host, Short.toUnsignedInt(page.getShort()), page.getInt());
  }

  private HolderKey holder(ByteBuffer page) throws BadSnapshotException {
    int endpoint = page.getInt();
    int tier = page.get();
    int group = Short.toUnsignedInt(page.getShort());
    check(endpoint >= PageWriter.NO_ENDPOINT && endpoint < endpoints.size(), "endpoint");
    check(tier >= 0 && tier < TIERS.length, "tier");
    return endpoint == PageWriter.NO_ENDPOINT
        ? new HolderKey(null, TIERS[tier], group)
        : new HolderKey(endpoints.get(endpoint), TIERS[tier], group);
  }

  private void stretch(ByteBuffer page, int blockCount) throws BadSnapshotException {
    int holder = page.getInt();
    int from = page.getInt();
    int count = page.getInt();
    check(holder >= 0 && holder < holders, "holder");
    check(from >= 0 && count >= 1 && count <= blockCount - from, "stretch");
    content.stretch(holder, blocks, from, count);
    allBlocks += count;
    allStretches++;
  }

  private void check(boolean right, String what) throws BadSnapshotException {
    if (!right) {
      throw new BadSnapshotException("is damaged: page " + pages + " has a wrong " + what);
    }
  }
}
