/** Pickers: from scores to a ranking. Start at {@link io.warmpath.scorers.picker.MaxScorePicker}. */
@NullMarked
package io.warmpath.scorers.picker;

import org.jspecify.annotations.NullMarked;
