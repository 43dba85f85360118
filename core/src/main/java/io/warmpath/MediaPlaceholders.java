package io.warmpath;

import io.warmpath.request.MediaPart;
import io.warmpath.request.Modality;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import io.warmpath.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tokens that a chat template wrote for images, sounds and films.
 *
 * <p>An engine replaces each by as many tokens as the item has, which is not known here. So blocks from the
 * first item on have names that no event has; but the same items in the same places give the same names,
 * and what was routed is found again.
 *
 * <p><b>Threads:</b> any number.
 */
final class MediaPlaceholders {

  /** Added tokens of published models, by what they stand for; a model has one of each at most. */
  private static final Map<Modality, List<String>> KNOWN = Map.of(
      Modality.IMAGE,
          List.of(
              "<|image_pad|>", // Qwen 2-VL to 3-VL
              "<image_soft_token>", // Gemma 3
              "<|image|>", // Llama 3.2 and 4, GLM-4.5V
              "[IMG]", // Pixtral, Mistral Small
              "<IMG_CONTEXT>", // InternVL
              "<image>", // LLaVA
              "<|media_pad|>"), // Kimi-VL
      Modality.AUDIO,
          List.of(
              "<|audio_pad|>", // Qwen 2.5-Omni
              "<|AUDIO|>", // Qwen 2-Audio
              "<audio_soft_token>", // Gemma 3n
              "[AUDIO]"), // Voxtral
      Modality.VIDEO,
          List.of(
              "<|video_pad|>", // Qwen 2-VL to 3-VL
              "<|video|>", // GLM-4.5V
              "<video>")); // LLaVA

  private static final int NONE = -1;

  /** By modality's ordinal. */
  private final int[] ids = new int[Modality.values().length];

  MediaPlaceholders(@Nullable Tokenizer tokenizer) {
    Arrays.fill(ids, NONE);
    if (tokenizer != null) {
      KNOWN.forEach((modality, texts) -> texts.stream()
          .map(tokenizer::addedToken)
          .filter(id -> id != NONE)
          .findFirst()
          .ifPresent(id -> ids[modality.ordinal()] = id));
    }
  }

  /** {@return whether the model has placeholders for all items of a request} */
  boolean cover(List<MediaPart> media) {
    return media.stream().allMatch(part -> ids[part.modality().ordinal()] != NONE);
  }

  /**
   * {@return the items with their places, by first token; null if there are not as many places as items}
   *
   * @param media in order of appearance
   */
  @Nullable
  List<MediaSpan> find(List<MediaPart> media, TokenBuffer tokens) {
    List<MediaSpan> spans = new ArrayList<>(media.size());
    boolean[] isPlaced = new boolean[media.size()];
    for (int at = 0; at < tokens.size(); at++) {
      int id = tokens.ids()[at];
      if (isPlaceholder(id)) {
        int next = next(media, isPlaced, id);
        if (next == NONE) {
          return null;
        }
        isPlaced[next] = true;
        spans.add(new MediaSpan(media.get(next).identifier(), at, 1));
      }
    }
    return spans.size() == media.size() ? spans : null;
  }

  private boolean isPlaceholder(int id) {
    for (int placeholder : ids) {
      if (placeholder == id) {
        return true;
      }
    }
    return false;
  }

  private int next(List<MediaPart> media, boolean[] isPlaced, int id) {
    for (int i = 0; i < isPlaced.length; i++) {
      if (!isPlaced[i] && ids[media.get(i).modality().ordinal()] == id) {
        return i;
      }
    }
    return NONE;
  }
}
