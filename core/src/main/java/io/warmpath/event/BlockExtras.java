package io.warmpath.event;

import org.jspecify.annotations.Nullable;

/**
 * What tells apart blocks of equal tokens, and what kind of cache they are in.
 *
 * @param adapter name of the LoRA adapter, or null
 * @param salt the request's {@code cache_salt}, or null; engines announce it with a prompt's first
 *     block
 * @param opaque whether the blocks depend on something else too (an image, prompt embeddings), so that
 *     their tokens alone do not name them
 * @param reusable whether blocks of this cache kind give a contiguous prefix: full attention does, a
 *     sliding window does not
 */
public record BlockExtras(
    @Nullable String adapter, @Nullable String salt, boolean opaque, boolean reusable) {

  /** Plain text of the base model, in a cache of full attention. */
  public static final BlockExtras NONE = new BlockExtras(null, null, false, true);
}
