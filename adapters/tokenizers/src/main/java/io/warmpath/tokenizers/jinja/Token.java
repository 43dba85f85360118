package io.warmpath.tokenizers.jinja;

/**
 * One token of a template.
 *
 * @param line in the template, from 1
 * @param kind what it is
 * @param text of data, names and operators, as they are; of strings, unescaped; else empty
 * @param value of numbers; else {@code NONE}
 */
record Token(int line, Kind kind, String text, Object value) {

  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  Token(int line, Kind kind, String text) {
    this(line, kind, text, None.NONE);
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** {@return how an error names it} */
  String described() {
    return switch (kind) {
      case DATA -> "template data / text";
      case VARIABLE_BEGIN -> "begin of print statement";
      case VARIABLE_END -> "end of print statement";
      case BLOCK_BEGIN -> "begin of statement block";
      case BLOCK_END -> "end of statement block";
      case END -> "end of template";
      case INTEGER, FLOAT -> String.valueOf(value);
      default -> text;
    };
  }
}
