package io.warmpath.launcher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of a pool's snapshot, see {@link Snapshots}.
 *
 * @param refused snapshots found at the start and not restored, because they were damaged, too old,
 *     or of another model, block size, secret or hash scheme; the log says which
 * @param incomplete snapshots of which only a part could be restored
 * @param restoredBlocks blocks believed again since the start, counted once for each holder
 * @param skippedBlocks blocks left out, because their endpoint is not in the pool any more
 * @param saves snapshots written
 * @param failedSaves snapshots that could not be written; the file is the last one that could
 * @param savedBlocks blocks in the last one written, counted once for each holder
 */
public record SnapshotStats(
    long refused,
    long incomplete,
    long restoredBlocks,
    long skippedBlocks,
    long saves,
    long failedSaves,
    long savedBlocks) {

  Map<String, Object> asMap() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("refused", refused);
    members.put("incomplete", incomplete);
    members.put("restoredBlocks", restoredBlocks);
    members.put("skippedBlocks", skippedBlocks);
    members.put("saves", saves);
    members.put("failedSaves", failedSaves);
    members.put("savedBlocks", savedBlocks);
    return members;
  }
}
