package io.warmpath.template;

/** A conversation that its chat template refuses, or a template that cannot be rendered. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean isRefusal;

  /**
   * Creates the exception for a template that cannot be rendered.
   *
   * @param message what is wrong with it
   */
  public TemplateException(String message) {
    this(message, false);
  }

  private TemplateException(String message, boolean isRefusal) {
    super(message);
    this.isRefusal = isRefusal;
  }

  /**
   * {@return the exception for a conversation that a template refuses of its own accord}
   *
   * @param message what the template says
   */
  public static TemplateException refusal(String message) {
    return new TemplateException(message, true);
  }

  /**
   * {@return whether the template itself refuses the conversation, as any engine with this template
   * would, with status 400}
   */
  public boolean isRefusal() {
    return isRefusal;
  }
}
