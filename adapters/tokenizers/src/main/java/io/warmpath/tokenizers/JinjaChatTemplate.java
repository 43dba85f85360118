package io.warmpath.tokenizers;

import io.warmpath.request.InferenceRequest;
import io.warmpath.template.ChatTemplate;
import io.warmpath.tokenizers.jinja.JinjaTemplate;
import io.warmpath.tokenizers.jinja.RenderLimits;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's own chat template, run as vLLM runs it: what transformers 5.23 with jinja2 3.1.6 renders.
 *
 * <p><b>Threads:</b> any number.
 *
 * <p><b>Cost:</b> what the template does; some 10 microseconds for a short chat.
 */
public final class JinjaChatTemplate implements ChatTemplate {

  /** The same under several names (transformers: {@code _alias_reasoning_fields}), the first one wins. */
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private final Compiled withoutTools;
  private final Compiled withTools;
  private final Map<String, String> specialTokens;
  private final Clock clock;
  private final RenderLimits limits;

  /**
   * A template and what conversations are made into for it.
   *
   * @param template compiled
   * @param traits as vLLM finds them
   */
  record Compiled(JinjaTemplate template, TemplateTraits traits) {
    static Compiled of(String source) {
      JinjaTemplate template = JinjaTemplate.compile(source);
      boolean knowsDeveloper = source.contains("'developer'") || source.contains("\"developer\"");
      return new Compiled(
          template, TemplateTraits.of(template.readsContentParts(), knowsDeveloper));
    }
  }

  /** Null where templates of requests are not trusted. */
  private final @Nullable TemplateCache ofRequests;

  private JinjaChatTemplate(
      Compiled withoutTools,
      Compiled withTools,
      Map<String, String> specialTokens,
      Clock clock,
      RenderLimits limits,
      @Nullable TemplateCache ofRequests) {
    this.withoutTools = withoutTools;
    this.withTools = withTools;
    this.specialTokens = specialTokens;
    this.clock = clock;
    this.limits = limits;
    this.ofRequests = ofRequests;
  }

  static JinjaChatTemplate of(TemplateFiles files) {
    Map<String, String> texts = files.templates();
    Compiled usual = Compiled.of(texts.getOrDefault(TemplateFiles.DEFAULT, ""));
    String tools = texts.get(TemplateFiles.WITH_TOOLS);
    return new JinjaChatTemplate(
        usual,
        tools == null ? usual : Compiled.of(tools),
        Map.copyOf(files.specialTokens()),
        Clock.system(ZoneId.systemDefault()),
        RenderLimits.STANDARD,
        null);
  }

  /**
   * {@return the same template with another clock}
   *
   * @param clock the time and zone of the engines, for templates that write the date
   */
  public JinjaChatTemplate withClock(Clock clock) {
    return new JinjaChatTemplate(withoutTools, withTools, specialTokens, clock, limits, ofRequests);
  }

  /**
   * {@return the same template with other limits}
   *
   * @param limits what one rendering may use; {@link RenderLimits#STANDARD} by default
   */
  public JinjaChatTemplate withLimits(RenderLimits limits) {
    return new JinjaChatTemplate(withoutTools, withTools, specialTokens, clock, limits, ofRequests);
  }

  /**
   * Returns the same template, which uses a template that a request brings instead of the model's own, as
   * vLLM does with {@code --trust-request-chat-template}. By default such a template is not used.
   *
   * @return a template that keeps at most 32 templates of requests compiled
   */
  public JinjaChatTemplate trustingRequests() {
    return new JinjaChatTemplate(
        withoutTools, withTools, specialTokens, clock, limits, new TemplateCache());
  }

  @Override
  public void render(InferenceRequest request, StringBuilder out) {
    Compiled template = template(!request.tools().isEmpty(), request.chatTemplate());
    Conversation conversation = Conversation.of(request, template.traits());
    render(
        template.template(),
        conversation.messages(),
        conversation.tools(),
        conversation.documents(),
        conversation.arguments(),
        conversation.addGenerationPrompt(),
        conversation.continueFinalMessage(),
        out);
  }

  /** {@return the template for a request with or without tools, which may bring its own} */
  Compiled template(boolean hasTools, @Nullable String ofRequest) {
    if (ofRequest != null && ofRequests != null) {
      return ofRequests.get(ofRequest);
    }
    return hasTools ? withTools : withoutTools;
  }

  /** Renders what {@code apply_chat_template} of transformers is given. */
  void render(
      JinjaTemplate template,
      List<? extends Map<String, ? extends @Nullable Object>> messages,
      @Nullable List<? extends @Nullable Object> tools,
      @Nullable List<? extends @Nullable Object> documents,
      Map<String, ? extends @Nullable Object> arguments,
      boolean addGenerationPrompt,
      boolean continueFinalMessage,
      StringBuilder out) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
    variables.putAll(arguments);
    variables.put("messages", messages.stream().map(JinjaChatTemplate::aliased).toList());
    variables.put("tools", tools == null || tools.isEmpty() ? null : tools);
    variables.put("documents", documents);
    variables.put("add_generation_prompt", addGenerationPrompt);
    if (continueFinalMessage) {
      template.renderToContinue(variables, limits, clock, out);
    } else {
      template.render(variables, limits, clock, out);
    }
  }

  /** Gives a message's reasoning the two names under which templates read it. */
  private static Map<String, ? extends @Nullable Object> aliased(
      Map<String, ? extends @Nullable Object> message) {
    for (String name : REASONING) {
      Object reasoning = message.get(name);
      if (reasoning != null) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("thinking", reasoning);
        all.putAll(message);
        all.put("reasoning_content", reasoning);
        return all;
      }
    }
    return message;
  }
}
