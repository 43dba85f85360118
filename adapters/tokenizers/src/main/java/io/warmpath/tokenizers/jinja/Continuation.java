package io.warmpath.tokenizers.jinja;

import io.warmpath.template.TemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How transformers 5.23 finds the end of the last message in a prompt ({@code render_jinja_template}): it
 * puts a tag behind its content, renders, and cuts at the tag; with the white space before it where the
 * template has trimmed the content.
 *
 * @param text the content that is to be continued
 * @param variables with the tag
 */
record Continuation(String text, Map<String, @Nullable Object> variables) {

  static final String FIELD = "content";

  private static final String TAG = "CONTINUE_FINAL_MESSAGE_TAG ";

  static Continuation of(Map<String, ? extends @Nullable Object> given) {
    if (!(given.get("messages") instanceof List<?> messages) || messages.isEmpty()) {
      throw TemplateException.refusal(
          "continue_final_message is set but the conversation is empty!");
    }
    Object content =
        messages.get(messages.size() - 1) instanceof Map<?, ?> last ? last.get(FIELD) : null;
    if (content == null) {
      throw TemplateException.refusal("continue_final_message is set but the final message has no"
          + " \"content\" to continue!");
    }
    Object tagged;
    String text;
    if (content instanceof List<?> parts) {
      int part = lastText(parts);
      text = String.valueOf(((Map<?, ?>) parts.get(part)).get("text"));
      tagged = with(parts, part, with((Map<?, ?>) parts.get(part), "text", text + TAG));
    } else {
      text = content.toString();
      tagged = text + TAG;
    }
    Map<?, ?> last = (Map<?, ?>) messages.get(messages.size() - 1);
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(given);
    variables.put("messages", with(messages, messages.size() - 1, with(last, FIELD, tagged)));
    return new Continuation(text, variables);
  }

  private static int lastText(List<?> parts) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (parts.get(i) instanceof Map<?, ?> part && part.get("text") instanceof String) {
        return i;
      }
    }
    throw TemplateException.refusal(
        "continue_final_message is set but we could not find any text to continue"
            + " in the final message!");
  }

  private static List<@Nullable Object> with(List<?> list, int index, Object value) {
    List<@Nullable Object> changed = new ArrayList<>(list);
    changed.set(index, value);
    return changed;
  }

  private static Map<Object, @Nullable Object> with(Map<?, ?> map, String name, Object value) {
    Map<Object, @Nullable Object> changed = new LinkedHashMap<>(map);
    changed.put(name, value);
    return changed;
  }

  /** {@return the prompt up to the tag} */
  String cut(String rendered) {
    int tag = rendered.lastIndexOf(TAG.strip());
    if (tag < 0 || !rendered.contains(Strings.strip(text, null))) {
      throw TemplateException.refusal(
          "continue_final_message is set but the final message does not appear in"
              + " the chat after applying the chat template! This can happen if the chat template deletes"
              + " portions of the final message. Please verify the chat template and final message in your"
              + " chat to ensure they are compatible.");
    }
    String before = rendered.substring(0, tag);
    return rendered.startsWith(TAG, tag) ? before : Strings.stripEnd(before, null);
  }
}
