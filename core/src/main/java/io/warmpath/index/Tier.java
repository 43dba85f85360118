package io.warmpath.index;

/** Where an engine keeps a block, from the fastest to the slowest. */
public enum Tier {
  /** Device memory. */
  GPU,
  /** Host memory. */
  CPU,
  /** Disk or other storage. */
  DISK
}
