/** The smallest embedding of Warmpath: {@link io.warmpath.examples.CustomScheduler}. */
@NullMarked
package io.warmpath.examples;

import org.jspecify.annotations.NullMarked;
