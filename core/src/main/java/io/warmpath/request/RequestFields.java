package io.warmpath.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request says, whatever its API calls it; filled by the reader of one API, with the engines'
 * defaults for what it leaves out.
 */
final class RequestFields {

  static final Set<String> CHAT = Set.of(
      "messages",
      "stream",
      "max_tokens",
      "max_completion_tokens",
      "cache_salt",
      "add_special_tokens",
      "add_generation_prompt",
      "continue_final_message",
      "tools",
      "tool_choice",
      "documents",
      "chat_template",
      "chat_template_kwargs",
      "reasoning_effort",
      "kv_transfer_params",
      "truncate_prompt_tokens",
      "truncation_side");

  static final Set<String> COMPLETION = Set.of(
      "stream",
      "max_tokens",
      "max_completion_tokens",
      "cache_salt",
      "add_special_tokens",
      "truncate_prompt_tokens",
      "truncation_side");

  final boolean stream;
  final @Nullable String cacheSalt;

  List<ChatMessage> messages = List.of();
  /** Whether there is something that is neither text nor known media, or cannot be said in messages. */
  boolean opaque;

  boolean media;
  int maxTokens = -1;
  boolean addSpecialTokens;
  boolean addGenerationPrompt = true;
  boolean continueFinalMessage;
  List<@Nullable Object> tools = List.of();

  @Nullable
  Object toolChoice;

  @Nullable
  List<@Nullable Object> documents;

  @Nullable
  String chatTemplate;

  Map<String, @Nullable Object> templateArguments = Map.of();

  @Nullable
  String reasoningEffort;

  @Nullable
  Integer truncatePromptTokens;

  @Nullable
  String truncationSide;

  @Nullable
  String previousResponseId;

  /** Reads what all APIs call the same. */
  RequestFields(Members members) {
    stream = members.flag("stream", false);
    cacheSalt = members.textThatIsNotEmpty("cache_salt");
    // Ids that another engine made take the place of the messages (vLLM 0.32,
    // _reused_prompt_token_ids).
    opaque = members.value("kv_transfer_params") instanceof Map<?, ?> transfer
        && transfer.get("prompt_token_ids") != null;
  }

  static RequestFields of(Api api, Members members) {
    RequestFields fields = switch (api) {
      case CHAT_COMPLETIONS -> chat(members);
      case COMPLETIONS -> completion(members);
      case RESPONSES -> ResponsesBody.read(members);
      case MESSAGES -> MessagesBody.read(members);
    };
    for (ChatMessage message : fields.messages) {
      fields.opaque |= message.hasOpaqueContent();
      fields.media |= message.hasMedia();
    }
    return fields;
  }

  private static RequestFields completion(Members members) {
    RequestFields fields = new RequestFields(members);
    fields.readTokens(members, true);
    return fields;
  }

  private static RequestFields chat(Members members) {
    RequestFields fields = new RequestFields(members);
    fields.messages = messages(members);
    fields.readTokens(members, false);
    fields.readTemplate(members);
    fields.addGenerationPrompt = members.flag("add_generation_prompt", true);
    fields.continueFinalMessage = members.flag("continue_final_message", false);
    List<@Nullable Object> tools = members.list("tools");
    fields.tools = tools == null ? List.of() : tools;
    fields.toolChoice = toolChoice(members);
    fields.documents = documents(members);
    fields.chatTemplate = members.text("chat_template");
    fields.reasoningEffort = members.text("reasoning_effort");
    return fields;
  }

  private void readTokens(Members members, boolean addSpecialTokensByDefault) {
    int completion = members.count("max_completion_tokens");
    int plain = members.count("max_tokens");
    maxTokens = completion >= 0 ? completion : plain;
    addSpecialTokens = members.flag("add_special_tokens", addSpecialTokensByDefault);
    truncatePromptTokens = members.integer("truncate_prompt_tokens", -1);
    truncationSide = members.text("truncation_side");
    if (truncationSide != null
        && !truncationSide.equals("left")
        && !truncationSide.equals("right")) {
      throw Members.wrong("truncation_side", "must be left or right");
    }
  }

  void readTemplate(Members members) {
    Map<String, @Nullable Object> arguments = members.object("chat_template_kwargs");
    templateArguments = arguments == null ? Map.of() : arguments;
  }

  static @Nullable Object toolChoice(Members members) {
    Object choice = members.value("tool_choice");
    if (choice == null || choice instanceof String || choice instanceof Map) {
      return choice;
    }
    throw Members.wrong("tool_choice", "must be a string such as auto, or an object");
  }

  private static @Nullable List<@Nullable Object> documents(Members members) {
    List<@Nullable Object> documents = members.list("documents");
    for (int i = 0; documents != null && i < documents.size(); i++) {
      Members.object(documents.get(i), "documents[" + i + "]");
    }
    return documents;
  }

  static List<ChatMessage> messages(Members members) {
    List<ChatMessage> read = new ArrayList<>();
    List<@Nullable Object> entries = messageList(members);
    for (int i = 0; i < entries.size(); i++) {
      read.add(message(entries.get(i), "messages[" + i + "]"));
    }
    return List.copyOf(read);
  }

  static List<@Nullable Object> messageList(Members members) {
    Object messages = members.value("messages");
    if (messages == null) {
      throw Members.wrong("messages", "is missing, it must be a list of messages");
    }
    if (!(messages instanceof List<?> entries) || entries.isEmpty()) {
      throw Members.wrong("messages", "must be a list of at least one message");
    }
    return Members.list(messages, "messages");
  }

  /** Reads a message in OpenAI's form. */
  static ChatMessage message(@Nullable Object entry, String path) {
    Map<String, @Nullable Object> fields = Members.object(entry, path);
    if (!(fields.get("role") instanceof String role)) {
      throw Members.wrong(path + ".role", "must be a string such as user or assistant");
    }
    Object content = fields.get("content");
    if (content instanceof List<?> parts) {
      for (int i = 0; i < parts.size(); i++) {
        if (!(parts.get(i) instanceof String) && !(parts.get(i) instanceof Map)) {
          throw Members.wrong(
              path + ".content[" + i + "]", "must be a string or an object with a type");
        }
      }
    } else if (content != null && !(content instanceof String)) {
      throw Members.wrong(path + ".content", "must be a string, a list of parts or null");
    }
    return new ChatMessage(role, fields);
  }
}
