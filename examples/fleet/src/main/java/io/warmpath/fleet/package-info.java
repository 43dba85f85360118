/** {@code warmpath-fleet.jar}: simulated engines and what can be done with them. */
@NullMarked
package io.warmpath.fleet;

import org.jspecify.annotations.NullMarked;
