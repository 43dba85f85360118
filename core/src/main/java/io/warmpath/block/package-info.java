/**
 * Block hashing: the names of a prompt's blocks.
 *
 * <p>Start at {@link io.warmpath.block.BlockHasher}. A <em>block</em> is a fixed number of
 * consecutive tokens, named by a 64-bit hash that covers every block before it too. A
 * <em>chain</em> is the list of block hashes of one prompt, first block first.
 *
 * <p>{@link io.warmpath.block.EngineHashScheme} gives the names that an engine itself uses.
 */
@NullMarked
package io.warmpath.block;

import org.jspecify.annotations.NullMarked;
