/** Ready-made profiles. Start at {@link io.warmpath.scorers.profile.Profiles}. */
@NullMarked
package io.warmpath.scorers.profile;

import org.jspecify.annotations.NullMarked;
