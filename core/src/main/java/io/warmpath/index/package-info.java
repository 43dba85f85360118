/**
 * The block index: which holder has which KV block.
 *
 * <p>Start at {@link io.warmpath.index.KvBlockIndex}. A <em>holder</em> is a small integer that
 * stands for one (endpoint with its rank, tier, cache group).
 */
@NullMarked
package io.warmpath.index;

import org.jspecify.annotations.NullMarked;
