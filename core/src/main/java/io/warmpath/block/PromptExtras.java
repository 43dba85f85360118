package io.warmpath.block;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What enters an engine's block hashes beside the tokens.
 *
 * <p>Start at {@link #NONE} and add. Immutable, but for the arrays, which are shared.
 *
 * @param adapter LoRA adapter, or null for the base model
 * @param salt the request's {@code cache_salt}, or null
 * @param media items by their offset; of equal offsets the order given is kept
 * @param promptEmbeds rows of a prompt given as embeddings, one row a token; shared; null if none
 * @param bytesPerRow bytes of a row, 0 without rows
 * @param blockIdentifiers llm-d only: what is hashed with each full block, instead of {@code media}
 *     and {@code salt}; an entry is null for a block of text; null if not given
 * @param parent whole digest of the block before the first one, for who continues a chain; shared;
 *     null at the start of a prompt. Offsets then count from the first token given, and what enters
 *     a prompt's first block only, the salt, enters none
 */
public record PromptExtras(
    @Nullable LoraAdapter adapter,
    @Nullable String salt,
    List<MediaItem> media,
    byte @Nullable [] promptEmbeds,
    int bytesPerRow,
    @Nullable List<@Nullable List<String>> blockIdentifiers,
    byte @Nullable [] parent) {

  /** A text prompt for the base model, without a salt. */
  public static final PromptExtras NONE =
      new PromptExtras(null, null, List.of(), null, 0, null, null);

  /** Sorts the media and copies the lists. */
  public PromptExtras {
    if (promptEmbeds != null && (bytesPerRow < 1 || promptEmbeds.length % bytesPerRow != 0)) {
      throw new IllegalArgumentException("prompt embeddings of " + promptEmbeds.length
          + " bytes must be whole rows of at least 1 byte, were rows of " + bytesPerRow);
    }
    List<MediaItem> sorted = new ArrayList<>(media);
    sorted.sort(Comparator.comparingInt(MediaItem::offset));
    media = List.copyOf(sorted);
    blockIdentifiers = blockIdentifiers == null ? null : copy(blockIdentifiers);
  }

  private static List<@Nullable List<String>> copy(List<@Nullable List<String>> given) {
    List<@Nullable List<String>> copy = new ArrayList<>();
    for (List<String> block : given) {
      copy.add(block == null ? null : List.copyOf(block));
    }
    return Collections.unmodifiableList(copy);
  }

  /**
   * {@return these with an adapter}
   *
   * @param newAdapter the adapter, or null for the base model
   */
  public PromptExtras withAdapter(@Nullable LoraAdapter newAdapter) {
    return new PromptExtras(
        newAdapter, salt, media, promptEmbeds, bytesPerRow, blockIdentifiers, parent);
  }

  /**
   * {@return these with a salt}
   *
   * @param newSalt the salt, or null; vLLM and llm-d ignore an empty one, SGLang does not
   */
  public PromptExtras withSalt(@Nullable String newSalt) {
    return new PromptExtras(
        adapter, newSalt, media, promptEmbeds, bytesPerRow, blockIdentifiers, parent);
  }

  /**
   * {@return these with images, sounds and films}
   *
   * @param items in any order
   */
  public PromptExtras withMedia(List<MediaItem> items) {
    return new PromptExtras(
        adapter, salt, items, promptEmbeds, bytesPerRow, blockIdentifiers, parent);
  }

  /**
   * {@return these with a prompt given as embeddings}
   *
   * @param rows the tensor's bytes, one row a token; shared
   * @param bytes bytes of a row, at least 1
   */
  public PromptExtras withPromptEmbeds(byte[] rows, int bytes) {
    return new PromptExtras(adapter, salt, media, rows, bytes, blockIdentifiers, parent);
  }

  /**
   * {@return these with llm-d's own form of what is hashed beside each block's tokens}
   *
   * @param identifiers entry i belongs to full block i: a list, perhaps an empty one, or null
   */
  public PromptExtras withBlockIdentifiers(List<@Nullable List<String>> identifiers) {
    return new PromptExtras(adapter, salt, media, promptEmbeds, bytesPerRow, identifiers, parent);
  }

  /**
   * {@return these for a chain that goes on}
   *
   * @param digest whole digest of the block before the first one, as long as the hasher's; shared
   */
  public PromptExtras after(byte[] digest) {
    return new PromptExtras(
        adapter, salt, media, promptEmbeds, bytesPerRow, blockIdentifiers, digest);
  }

  /** {@return whether nothing but tokens enters the hashes of a prompt, and perhaps its parent} */
  boolean isTextOnly() {
    return adapter == null
        && salt == null
        && media.isEmpty()
        && promptEmbeds == null
        && blockIdentifiers == null;
  }

  /** The salt and the arrays by whether they are there: they are a tenant's. */
  @Override
  public String toString() {
    return "PromptExtras[adapter=" + adapter + ", salt=" + (salt == null ? "none" : "given")
        + ", media=" + media + ", promptEmbeds="
        + (promptEmbeds == null ? "none" : promptEmbeds.length + " bytes") + ", blockIdentifiers="
        + blockIdentifiers + ", parent=" + (parent == null ? "none" : "given") + "]";
  }
}
