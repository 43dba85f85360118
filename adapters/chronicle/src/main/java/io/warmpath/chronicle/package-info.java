/**
 * Snapshots of an index, so that a router that restarts is warm at once: start at {@link
 * io.warmpath.chronicle.IndexSnapshot}.
 *
 * <p>Two stores hold the same pages: one checked file, which needs no library and no JVM flag, and a
 * Chronicle Map file, whose classes are loaded only by who asks for it. {@code docs/snapshots.md} has
 * both formats to the byte.
 */
@NullMarked
package io.warmpath.chronicle;

import org.jspecify.annotations.NullMarked;
