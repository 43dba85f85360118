package io.warmpath.response;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds model, usage, generated pieces and errors in JSON documents that come in slices of any size.
 *
 * <p>It follows strings, escapes and depth, so that no text inside a value can fool it, but it is no
 * validator: where a document is not JSON it stops looking until {@link #reset}. Names written with
 * escapes are not recognised; no engine does that.
 */
final class JsonScanner {

  /*
   * A machine of one state a byte, over a stack of the containers that matter (at most
   * Place.MAX_DEPTH). Everything inside a container that does not matter is skipped by counting
   * brackets outside of strings. What must be remembered between two slices is in the fields: the
   * state, the stack, and the first bytes of a name or of the value of "type".
   */
  private enum State {
    /** Before the document. */
    START,
    /** After an opening brace or a comma of an object. */
    NAME_OR_END,
    NAME,
    NAME_ESCAPE,
    COLON,
    /** Before a value, or a closing bracket of an array. */
    VALUE,
    STRING,
    STRING_ESCAPE,
    /** A number, true, false or null. */
    SCALAR,
    AFTER_VALUE,
    SKIP,
    SKIP_STRING,
    SKIP_ESCAPE,
    /** The document is complete. */
    COMPLETE,
    /** This is not JSON. */
    INVALID
  }

  /** What a string value is for. */
  private enum Role {
    NOTHING,
    MODEL,
    TYPE,
    GENERATED,
    FINISH,
    ERROR
  }

  /** Longer than any word or type that matters. */
  private static final int MAX_TEXT = 48;

  private static final int NO_COUNT = -1;

  private static final byte[] BLOCK_DELTA = ascii("content_block_delta");
  private static final byte[] MESSAGE_STOP = ascii("message_stop");
  /** Of Anthropic's messages and of responses, whose members differ. */
  private static final byte[] ERROR_EVENT = ascii("error");

  private static final byte[] RESPONSE = ascii("response.");
  private static final byte[] RESPONSE_DELTA = ascii(".delta");
  private static final byte[] RESPONSE_COMPLETED = ascii("response.completed");
  private static final byte[] RESPONSE_INCOMPLETE = ascii("response.incomplete");
  private static final byte[] RESPONSE_FAILED = ascii("response.failed");

  private final boolean inLines;
  private final Findings findings;
  private final UsageCounts usage;
  private final Place[] stack = new Place[Place.MAX_DEPTH];
  private final byte[] text = new byte[MAX_TEXT];

  private State state = State.START;
  private int depth;
  private int skipDepth;
  private int textLength;
  private Word name = Word.UNKNOWN;
  private Role role = Role.NOTHING;
  private long number;

  /**
   * Creates a scanner that waits for a document.
   *
   * @param inLines whether a line break interrupts the scan; documents in event streams have none
   * @param findings hears of everything but counts
   * @param usage takes the counts
   */
  JsonScanner(boolean inLines, Findings findings, UsageCounts usage) {
    this.inLines = inLines;
    this.findings = findings;
    this.usage = usage;
    Arrays.fill(stack, Place.ELSEWHERE);
  }

  /** Forgets the document so far and waits for another. */
  void reset() {
    state = State.START;
    depth = 0;
  }

  /** {@return whether a document has begun and is neither complete nor found invalid} */
  boolean isInside() {
    return state != State.START && state != State.COMPLETE && state != State.INVALID;
  }

  /** {@return whether a whole document has passed} */
  boolean isComplete() {
    return state == State.COMPLETE;
  }

  /**
   * Scans bytes.
   *
   * @return {@code end}, or the index of a line break that stopped it
   */
  int scan(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      byte c = bytes[i];
      if (inLines && isLineBreak(c)) {
        return i;
      }
      switch (state) {
        case SKIP -> i = skip(bytes, i, end);
        case STRING, SKIP_STRING -> i = string(bytes, i, end);
        case NAME -> i = name(bytes, i, end);
        case NAME_ESCAPE, STRING_ESCAPE, SKIP_ESCAPE -> {
          state = state == State.NAME_ESCAPE
              ? State.NAME
              : state == State.STRING_ESCAPE ? State.STRING : State.SKIP_STRING;
          i++;
        }
        case SCALAR -> i += scalar(c);
        case COMPLETE, INVALID -> i = inLines ? i + 1 : end;
        default -> {
          if (!isSpace(c)) {
            structure(c, i);
          }
          i++;
        }
      }
    }
    return i;
  }

  /**
   * A line has ended. A document may go on in the event's next line, but not in the midst of a string.
   *
   * @param at index of the line break
   */
  void lineEnded(int at) {
    switch (state) {
      case STRING, STRING_ESCAPE -> {
        if (role == Role.MODEL) {
          findings.modelClosed(at);
        }
        state = State.INVALID;
      }
      case NAME, NAME_ESCAPE, SKIP_STRING, SKIP_ESCAPE -> state = State.INVALID;
      case SCALAR -> scalarEnded();
      default -> {}
    }
  }

  private void structure(byte c, int at) {
    switch (state) {
      case START -> {
        if (c == '{') {
          push(Place.ROOT);
        } else {
          state = State.INVALID;
        }
      }
      case NAME_OR_END -> {
        if (c == '"') {
          textLength = 0;
          state = State.NAME;
        } else if (c == '}') {
          pop();
        } else {
          state = State.INVALID;
        }
      }
      case COLON -> state = c == ':' ? State.VALUE : State.INVALID;
      case VALUE -> value(c, at);
      case AFTER_VALUE -> afterValue(c);
      default -> state = State.INVALID;
    }
  }

  private void value(byte c, int at) {
    switch (c) {
      case '"' -> openString(at);
      case '{', '[' -> open(c == '[');
      case ']' -> {
        if (stack[depth - 1].isArray()) {
          pop();
        } else {
          state = State.INVALID;
        }
      }
      case ',', ':', '}' -> state = State.INVALID;
      default -> {
        number = isDigit(c) ? c - '0' : NO_COUNT;
        state = State.SCALAR;
      }
    }
  }

  private void open(boolean array) {
    Place outer = stack[depth - 1];
    if (outer == Place.ROOT && name == Word.ERROR && !array) {
      findings.failed();
    }
    Place inner = outer.inner(name, array);
    if (inner == Place.ELSEWHERE) {
      skipDepth = 1;
      state = State.SKIP;
    } else {
      push(inner);
    }
  }

  private void push(Place place) {
    stack[depth++] = place;
    name = Word.UNKNOWN;
    if (place == Place.USAGE) {
      usage.open();
    }
    state = place.isArray() ? State.VALUE : State.NAME_OR_END;
  }

  private void pop() {
    if (stack[--depth] == Place.USAGE) {
      usage.close();
    }
    state = depth == 0 ? State.COMPLETE : State.AFTER_VALUE;
  }

  private void afterValue(byte c) {
    boolean array = stack[depth - 1].isArray();
    if (c == ',') {
      name = Word.UNKNOWN;
      state = array ? State.VALUE : State.NAME_OR_END;
    } else if (c == (array ? ']' : '}')) {
      pop();
    } else {
      state = State.INVALID;
    }
  }

  /** Goes through a name up to its end, an escape, a line break that cuts it off, or the end of the slice. */
  private int name(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      byte c = bytes[i];
      if (c == '"') {
        name = Word.of(text, textLength);
        state = State.COLON;
        return i + 1;
      }
      if (c == '\\') {
        textLength = MAX_TEXT;
        state = State.NAME_ESCAPE;
        return i + 1;
      }
      if (inLines && isLineBreak(c)) {
        return i;
      }
      append(c);
    }
    return end;
  }

  /** Keeps a byte of a name or type; one too long to matter ends as {@link #MAX_TEXT}. */
  private void append(byte c) {
    if (textLength < MAX_TEXT) {
      text[textLength++] = c;
    }
  }

  private void openString(int at) {
    Place place = stack[depth - 1];
    role = roleOf(place);
    textLength = 0;
    state = State.STRING;
    if (role == Role.MODEL) {
      findings.modelOpened(at);
    } else if (role == Role.FINISH) {
      findings.finished();
    }
  }

  private Role roleOf(Place place) {
    if (place.isModel(name)) {
      return Role.MODEL;
    }
    if (place.isGenerated(name)) {
      return Role.GENERATED;
    }
    if (place == Place.CHOICE && name == Word.FINISH_REASON) {
      return Role.FINISH;
    }
    if (place != Place.ROOT) {
      return Role.NOTHING;
    }
    return name == Word.TYPE ? Role.TYPE : name == Word.ERROR ? Role.ERROR : Role.NOTHING;
  }

  /** Goes through a string up to its end, an escape, a line break that cuts it off, or the end of the slice. */
  private int string(byte[] bytes, int from, int end) {
    int i = from;
    if (role != Role.NOTHING && state == State.STRING && bytes[i] != '"') {
      content();
    }
    boolean keep = state == State.STRING && role == Role.TYPE;
    for (; i < end; i++) {
      byte c = bytes[i];
      if (c == '"') {
        stringEnded(i);
        return i + 1;
      }
      if (c == '\\') {
        textLength = keep ? MAX_TEXT : textLength;
        state = state == State.STRING ? State.STRING_ESCAPE : State.SKIP_ESCAPE;
        return i + 1;
      }
      if (inLines && isLineBreak(c)) {
        return i;
      }
      if (keep) {
        append(c);
      }
    }
    return i;
  }

  /** The string is not empty. Said once a slice at most, and once a string in most. */
  private void content() {
    if (role == Role.GENERATED) {
      findings.generated();
    } else if (role == Role.ERROR) {
      findings.failed();
    }
  }

  private void stringEnded(int at) {
    if (state == State.SKIP_STRING) {
      state = State.SKIP;
      return;
    }
    if (role == Role.MODEL) {
      findings.modelClosed(at);
    } else if (role == Role.TYPE) {
      typeEnded();
    }
    state = State.AFTER_VALUE;
  }

  /** The type of an event, of Anthropic's messages or of {@code /v1/responses}. */
  private void typeEnded() {
    if (textIs(BLOCK_DELTA)) {
      findings.generated();
    } else if (textIs(MESSAGE_STOP)) {
      findings.last();
    } else if (textIs(ERROR_EVENT)) {
      findings.failed();
    } else if (textHas(RESPONSE, 0)) {
      if (textIs(RESPONSE_COMPLETED) || textIs(RESPONSE_INCOMPLETE)) {
        findings.last();
      } else if (textIs(RESPONSE_FAILED)) {
        findings.failed();
      } else if (textHas(RESPONSE_DELTA, textLength - RESPONSE_DELTA.length)) {
        findings.generated();
      }
    }
  }

  private boolean textIs(byte[] other) {
    return textLength == other.length && textHas(other, 0);
  }

  private boolean textHas(byte[] other, int at) {
    return textLength < MAX_TEXT
        && at >= 0
        && at + other.length <= textLength
        && Arrays.equals(text, at, at + other.length, other, 0, other.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Goes through a container that does not matter. */
  private int skip(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      switch (bytes[i]) {
        case '"' -> {
          role = Role.NOTHING;
          state = State.SKIP_STRING;
          return i + 1;
        }
        case '{', '[' -> skipDepth++;
        case '}', ']' -> {
          if (--skipDepth == 0) {
            state = State.AFTER_VALUE;
            return i + 1;
          }
        }
        case '\n', '\r' -> {
          if (inLines) {
            return i;
          }
        }
        default -> {}
      }
    }
    return end;
  }

  /** Takes a byte of a number or literal; returns 0 if the byte is behind it. */
  private int scalar(byte c) {
    if (isSpace(c) || c == ',' || c == '}' || c == ']') {
      scalarEnded();
      return 0;
    }
    if (number != NO_COUNT) {
      number = isDigit(c) ? number * 10 + (c - '0') : NO_COUNT;
      if (number > Integer.MAX_VALUE) {
        number = NO_COUNT;
      }
    }
    return 1;
  }

  private void scalarEnded() {
    Place place = stack[depth - 1];
    if (number != NO_COUNT && (place == Place.USAGE || place == Place.USAGE_DETAILS)) {
      usage.count(place, name, (int) number);
    }
    state = State.AFTER_VALUE;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private static boolean isLineBreak(byte c) {
    return c == '\n' || c == '\r';
  }
}
