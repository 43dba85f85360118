/** Golden files, what of them holds, and the lines that the profile {@code golden} prints. */
@NullMarked
package io.warmpath.golden;

import org.jspecify.annotations.NullMarked;
