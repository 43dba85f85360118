/**
 * The built-in scorers, by the type names and formulas of the Kubernetes endpoint picker.
 *
 * <p>Start at {@link io.warmpath.scorers.profile.Profiles} for a profile that is ready to use.
 */
@NullMarked
package io.warmpath.scorers;

import org.jspecify.annotations.NullMarked;
