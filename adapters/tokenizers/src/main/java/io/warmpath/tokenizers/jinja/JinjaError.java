package io.warmpath.tokenizers.jinja;

import io.warmpath.template.TemplateException;

/** Why a template cannot be read or go on; turned into a TemplateException at the door. */
final class JinjaError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int line;
  private final boolean isOwnMessage;

  private JinjaError(String message, int line, boolean isOwnMessage) {
    super(message, null, false, false);
    this.line = line;
    this.isOwnMessage = isOwnMessage;
  }

  /** An error where the template is running. */
  JinjaError(String message) {
    this(message, 0, false);
  }

  /** {@return an error in the text of the template} */
  static JinjaError inSource(int line, String message) {
    return new JinjaError(message, line, false);
  }

  /** {@return what {@code raise_exception} says, which is told as it is} */
  static JinjaError raised(String message) {
    return new JinjaError(message, 0, true);
  }

  /** {@return the same with this line, if it has none yet} */
  JinjaError at(int where) {
    return line > 0 ? this : new JinjaError(String.valueOf(getMessage()), where, isOwnMessage);
  }

  /** {@return this for callers outside; {@code runLine} is the line where the template was running} */
  TemplateException outside(int runLine) {
    String text = text(runLine);
    return isOwnMessage ? TemplateException.refusal(text) : new TemplateException(text);
  }

  /** {@return what to tell; {@code runLine} is the line where the template was running} */
  String text(int runLine) {
    String message = String.valueOf(getMessage());
    int where = line > 0 ? line : runLine;
    return isOwnMessage || where == 0 ? message : "line " + where + ": " + message;
  }
}
