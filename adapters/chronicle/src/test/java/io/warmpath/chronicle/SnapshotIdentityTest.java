package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.block.BlockHasher;
import org.junit.jupiter.api.Test;

class SnapshotIdentityTest {

  @Test
  void theFingerprintFollowsTheSecretAndHidesIt() {
    long secret = 0x123456789ABCDEFL;
    SnapshotIdentity identity = SnapshotIdentity.of("m", 16, BlockHasher.keyed(secret));

    assertEquals(identity, SnapshotIdentity.of("m", 16, BlockHasher.keyed(secret)));
    assertNotEquals(
        identity.fingerprint(),
        SnapshotIdentity.of("m", 16, BlockHasher.keyed(secret + 1)).fingerprint());
    assertEquals(32, identity.fingerprint().length());
  }

  @Test
  void partsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new SnapshotIdentity(" ", 16, "scheme", "f"));
    assertThrows(IllegalArgumentException.class, () -> new SnapshotIdentity("m", 0, "scheme", "f"));
    assertThrows(IllegalArgumentException.class, () -> new SnapshotIdentity("m", 16, "", "f"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SnapshotIdentity("m".repeat(1025), 16, "scheme", "f"));
    assertThrows(
        IllegalArgumentException.class, () -> SnapshotIdentity.of("m", 0, BlockHasher.keyed(1)));
  }
}
