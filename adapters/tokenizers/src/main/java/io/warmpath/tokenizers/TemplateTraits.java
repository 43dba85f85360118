package io.warmpath.tokenizers;

import io.warmpath.request.Modality;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What engines ask about a chat template, or are told about it, before they hand a conversation to it.
 *
 * @param contentAsParts whether the template goes through the parts of a content (vLLM's format {@code
 *     openai}); otherwise a content is one text (format {@code string})
 * @param knowsDeveloper whether the template's text has {@code 'developer'} in it, in quotes of either
 *     kind; if not, such messages become system messages
 * @param systemFirst whether the template refuses system messages that are not the first, so that those
 *     of Anthropic's messages are moved there (chats are left as they are)
 * @param hidesToolsForNone whether the engines run with {@code
 *     --exclude-tools-when-tool-choice-none}
 * @param placeholders the model's text for a medium, such as {@code <|vision_start|>…}, where a content
 *     is one text; null where there is none, and then such a conversation cannot be rendered
 */
record TemplateTraits(
    boolean contentAsParts,
    boolean knowsDeveloper,
    boolean systemFirst,
    boolean hidesToolsForNone,
    Function<Modality, @Nullable String> placeholders) {

  static TemplateTraits of(boolean contentAsParts, boolean knowsDeveloper) {
    return new TemplateTraits(contentAsParts, knowsDeveloper, false, false, modality -> null);
  }
}
