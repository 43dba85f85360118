package io.warmpath.template;

/** A conversation that its chat template refuses, or a template that cannot be rendered. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what the template says, or what is wrong with it
   */
  public TemplateException(String message) {
    super(message);
  }
}
