package io.warmpath.index;

/** Where a block is kept, from the fastest to the slowest. */
public enum Tier {
  /** Device memory of the endpoint. */
  GPU,
  /** Host memory of the endpoint. */
  CPU,
  /** Disk or other storage of the endpoint's own. */
  DISK,
  /** Storage that every endpoint can read: no endpoint's own. */
  SHARED
}
