package io.warmpath.block;

import io.warmpath.block.ExtraKey.Bytes;
import io.warmpath.block.ExtraKey.Int;
import io.warmpath.block.ExtraKey.None;
import io.warmpath.block.ExtraKey.Text;
import io.warmpath.block.ExtraKey.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The extra keys of one prompt's blocks, in vLLM's order: adapter, media, salt, prompt embeddings;
 * with lookahead a tuple of these and the tokens behind the block.
 */
final class VllmExtraKeys {

  /** One object each in the engine, so that pickle refers back to the first. */
  private static final Text LORA = new Text("lora");

  private static final Text MEDIA = new Text("mm");
  private static final Text SALT = new Text("cache_salt");
  private static final Text PROMPT_EMBEDS = new Text("prompt_embeds");

  private final VllmHash scheme;
  private final VllmGeneration generation;
  private final boolean isTagged;
  private final PromptExtras extras;
  private final Digester sha256 = Digester.sha256();
  private final List<Text> identifiers = new ArrayList<>();

  VllmExtraKeys(VllmHash scheme, PromptExtras extras) {
    this.scheme = scheme;
    this.generation = scheme.generation();
    this.isTagged = generation.isAtLeast(VllmGeneration.V0_31);
    this.extras = extras;
    for (MediaItem item : extras.media()) {
      identifiers.add(identifier(item.identifier()));
    }
  }

  private Text identifier(String value) {
    if (scheme.sharesIdentifiers()) {
      for (Text known : identifiers) {
        if (known.value().equals(value)) {
          return known;
        }
      }
    }
    return new Text(value);
  }

  /**
   * {@return what is hashed with a block, or null for None}
   *
   * @param start the block's first token, counted from the prompt's first
   * @param end behind its last token
   * @param tokens where the tokens behind the block are
   * @param next the first of those
   */
  @Nullable
  Tuple of(int start, int end, int[] tokens, int next) {
    List<ExtraKey> keys = new ArrayList<>();
    addAdapter(keys);
    addMedia(keys, start, end);
    if (start == 0 && extras.parent() == null) {
      addSalt(keys);
    }
    addPromptEmbeds(keys, start, end);
    Tuple own = keys.isEmpty() ? null : new Tuple(keys);
    if (scheme.lookaheadTokens() == 0) {
      return own;
    }
    List<ExtraKey> members = new ArrayList<>();
    members.add(own == null ? None.NONE : own);
    for (int i = 0; i < scheme.lookaheadTokens(); i++) {
      members.add(new Int(Integer.toUnsignedLong(tokens[next + i])));
    }
    return new Tuple(members);
  }

  private void addAdapter(List<ExtraKey> keys) {
    LoraAdapter adapter = extras.adapter();
    if (adapter == null) {
      return;
    }
    if (isTagged) {
      Text path = new Text(Objects.requireNonNull(adapter.path()));
      keys.add(Tuple.of(LORA, new Text(adapter.name()), path));
    } else if (generation.isAtLeast(VllmGeneration.V0_11_1)) {
      keys.add(new Text(adapter.name()));
    } else {
      keys.add(new Int(Objects.requireNonNull(adapter.id())));
    }
  }

  /** Items are in order; the first one that goes on behind the block ends the search, as in vLLM. */
  private void addMedia(List<ExtraKey> keys, int start, int end) {
    List<MediaItem> media = extras.media();
    if (media.isEmpty() || media.get(media.size() - 1).end() <= start) {
      return;
    }
    for (int i = 0; i < media.size() && media.get(i).offset() < end; i++) {
      MediaItem item = media.get(i);
      if (item.end() <= start) {
        continue;
      }
      keys.add(mediaKey(identifiers.get(i), item.offset() - start));
      if (item.end() > end) {
        return;
      }
    }
  }

  private ExtraKey mediaKey(Text identifier, int offset) {
    if (isTagged) {
      return Tuple.of(MEDIA, identifier, new Int(offset));
    }
    return generation.isAtLeast(VllmGeneration.V0_19)
        ? Tuple.of(identifier, new Int(offset))
        : identifier;
  }

  private void addSalt(List<ExtraKey> keys) {
    String salt = extras.salt();
    if (salt != null && !salt.isEmpty()) {
      keys.add(isTagged ? Tuple.of(SALT, new Text(salt)) : new Text(salt));
    }
  }

  private void addPromptEmbeds(List<ExtraKey> keys, int start, int end) {
    byte[] rows = extras.promptEmbeds();
    if (rows == null) {
      return;
    }
    byte[] slice = Arrays.copyOfRange(rows, clamp(rows, start), clamp(rows, end));
    Bytes key = new Bytes(slice);
    if (generation.isAtLeast(VllmGeneration.V0_17)) {
      byte[] digest = new byte[sha256.length];
      sha256.digest(slice, slice.length, digest);
      key = new Bytes(digest);
    }
    keys.add(isTagged ? Tuple.of(PROMPT_EMBEDS, key) : key);
  }

  /** Behind the prompt, where the engine's own tokens are, there are no rows. */
  private int clamp(byte[] rows, int token) {
    return (int) Math.min(rows.length, (long) token * extras.bytesPerRow());
  }
}
