package io.warmpath.tokenizers.jinja;

import io.warmpath.template.TemplateException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chat template, compiled: what jinja2 3.1.6 makes of it in transformers 5.23 ({@code
 * ImmutableSandboxedEnvironment}, {@code trim_blocks}, {@code lstrip_blocks}, loop controls, tag {@code
 * generation}, their {@code tojson}, {@code raise_exception} and {@code strftime_now}).
 *
 * <p>Values are plain: {@code Map} with texts as names, {@code List}, {@code String}, {@code Long}, {@code
 * BigInteger}, {@code Double}, {@code Boolean}, null. They are only read.
 *
 * <p>Not supported: templates of several files ({@code extends}, {@code include}, {@code import}, {@code
 * block}), {@code autoescape}, {@code lipsum}, filter {@code urlize}, complex numbers and bytes.
 *
 * <p><b>Threads:</b> any number.
 */
public final class JinjaTemplate {

  private final Statement body;
  private final Scope.Function function;
  private final List<String> given;
  private final Set<String> mentioned;
  private final boolean readsContentParts;
  private final boolean namesContent;

  private JinjaTemplate(
      Statement body,
      Scope.Function function,
      Program program,
      boolean readsContentParts,
      boolean namesContent) {
    this.body = body;
    this.function = function;
    given = List.copyOf(program.given);
    mentioned = Set.copyOf(program.mentioned);
    this.readsContentParts = readsContentParts;
    this.namesContent = namesContent;
  }

  /**
   * Reads a template.
   *
   * @param source the template; line breaks of any kind
   * @return the template, compiled
   * @throws TemplateException if it is not a template; the message names the line and what is wrong
   */
  public static JinjaTemplate compile(String source) {
    try {
      List<Syntax.Stmt> nodes = Parser.parse(source);
      Program.checkHeight(nodes);
      Scope.Function function = new Scope.Function(null);
      Program program = new Program();
      Statement body = StatementCompiler.compile(nodes, program, new Scope(function, null));
      return new JinjaTemplate(
          body,
          function,
          program,
          ContentFormat.readsParts(nodes),
          source.contains(Continuation.FIELD));
    } catch (JinjaError e) {
      throw e.outside(0);
    }
  }

  /**
   * Appends what the template makes of some values.
   *
   * <p><b>Cost:</b> what the template does; allocates for what it computes, not for what it prints.
   *
   * @param variables by name
   * @param limits how much it may do and write
   * @param clock tells {@code strftime_now} the time and its zone
   * @param out receives the text; as it was before if the template fails
   * @throws TemplateException if the template refuses the values ({@code raise_exception}: {@linkplain
   *     TemplateException#isRefusal a refusal} with its message as it is), does what jinja2 does not allow, or needs more than {@code limits}: the message names the
   *     line and the reason
   */
  public void render(
      Map<String, ? extends @Nullable Object> variables,
      RenderLimits limits,
      Clock clock,
      StringBuilder out) {
    int start = out.length();
    Run run = new Run(out, clock, limits, given, variables, function.size());
    try {
      body.execute(run);
    } catch (JinjaError e) {
      out.setLength(start);
      throw e.outside(run.line);
    }
  }

  /**
   * Appends what the template makes of some values, cut behind the content of the last message, for the
   * model to continue it: {@code continue_final_message} as transformers 5.23 does it.
   *
   * @param variables by name, {@code messages} among them
   * @param limits how much it may do and write
   * @param clock tells {@code strftime_now} the time and its zone
   * @param out receives the text; as it was before if it fails
   * @throws TemplateException as {@link #render}, and if the last message has no content or the template
   *     does not write it as it is
   */
  public void renderToContinue(
      Map<String, ? extends @Nullable Object> variables,
      RenderLimits limits,
      Clock clock,
      StringBuilder out) {
    if (!namesContent) {
      throw new TemplateException("continue_final_message is set to \"content\" but this is not an"
          + " accepted field in the chat_template");
    }
    int start = out.length();
    Continuation continuation = Continuation.of(variables);
    render(continuation.variables(), limits, clock, out);
    String rendered = out.substring(start);
    out.setLength(start);
    out.append(continuation.cut(rendered));
  }

  /**
   * Tells whether the template goes through the parts of a message's content. If it does, vLLM hands it
   * lists of parts even where the request has a text (content format {@code openai}), else texts.
   *
   * @return what vLLM's {@code --chat-template-content-format auto} finds
   */
  public boolean readsContentParts() {
    return readsContentParts;
  }

  /**
   * Tells whether the template reads a variable that is given to it. What vLLM finds in {@code
   * chat_template_kwargs} and the template does not mention is dropped.
   *
   * @param variable a name
   * @return false also for functions that every template has
   */
  public boolean mentions(String variable) {
    return mentioned.contains(variable) && !Globals.ALL.containsKey(variable);
  }
}
