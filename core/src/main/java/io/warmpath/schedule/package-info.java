/**
 * The scheduling cycle: filter the endpoints, score those left, pick one.
 *
 * <p>Start at {@link io.warmpath.schedule.Scorer}, the extension point most people want;
 * {@link io.warmpath.schedule.Scheduler} runs them.
 */
@NullMarked
package io.warmpath.schedule;

import org.jspecify.annotations.NullMarked;
