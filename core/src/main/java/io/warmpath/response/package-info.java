/**
 * What an engine answers, watched as it passes.
 *
 * <p>Start at {@link io.warmpath.response.ResponseObserver}.
 */
@NullMarked
package io.warmpath.response;

import org.jspecify.annotations.NullMarked;
