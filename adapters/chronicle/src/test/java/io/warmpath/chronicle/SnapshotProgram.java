package io.warmpath.chronicle;

import io.warmpath.block.BlockHasher;
import io.warmpath.index.KvBlockIndex;
import java.nio.file.Path;

/** Saves and restores in a JVM of its own: {@code file PATH} or {@code chronicle PATH}. */
final class SnapshotProgram {

  private SnapshotProgram() {}

  public static void main(String[] args) throws Exception {
    Path path = Path.of(args[1]);
    IndexSnapshot snapshot =
        args[0].equals("file") ? IndexSnapshot.file(path) : IndexSnapshot.chronicle(path);
    SnapshotIdentity identity = SnapshotIdentity.of("m", 16, BlockHasher.keyed(1));
    KvBlockIndex index = Fleet.emptyIndex();
    snapshot.save(new Fleet(1).filledIndex(), identity);
    System.out.println(
        snapshot.restore(index, identity, endpoint -> true, Fleet.NOW).outcome());
  }
}
