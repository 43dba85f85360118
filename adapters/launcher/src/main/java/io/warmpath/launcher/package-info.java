/**
 * What the runnable hosts share: options that describe a pool, the lines that tell its decisions, and
 * the way a program starts and stops.
 *
 * <p>Start at {@link io.warmpath.launcher.PoolOptions}. For programs of one's own too; embedders use
 * {@link io.warmpath.Router} itself.
 */
@NullMarked
package io.warmpath.launcher;

import org.jspecify.annotations.NullMarked;
