/**
 * The door: {@link io.warmpath.Router} takes a request and says which engine should answer it.
 */
@NullMarked
package io.warmpath;

import org.jspecify.annotations.NullMarked;
