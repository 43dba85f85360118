/**
 * The soak: clients of all manners against a proxy whose engines are killed, revived, restarted, dropped and added
 * again, for as long as wanted; then a count of what was lost. Start at {@link io.warmpath.fleet.soak.Soak}.
 */
@NullMarked
package io.warmpath.fleet.soak;

import org.jspecify.annotations.NullMarked;
