package io.warmpath.response;

import java.nio.charset.StandardCharsets;

/**
 * Finds the {@code data} lines of an event stream (WHATWG HTML, section 9.2.6) and hands their JSON
 * to a {@link JsonScanner}. Lines end with LF, CR or both; other fields and comments pass.
 */
final class EventStreamScanner {

  private enum State {
    /** In the first bytes of a line, equal to those of {@code data:} so far. */
    FIELD,
    /** Behind {@code data:}, perhaps in spaces. */
    BEFORE_DATA,
    JSON,
    /** In the first bytes of {@code [DONE]}. */
    DONE,
    /** In a line that does not matter. */
    SKIP
  }

  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  /** OpenAI's last event. */
  private static final byte[] LAST = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final JsonScanner json;

  private State state = State.FIELD;
  private int matched;
  private boolean afterReturn;
  private boolean done;

  EventStreamScanner(JsonScanner json) {
    this.json = json;
  }

  /** {@return whether the event {@code [DONE]} has passed} */
  boolean isDone() {
    return done;
  }

  /** Scans bytes. */
  void scan(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      byte c = bytes[i];
      if (c == '\n' || c == '\r') {
        if (c == '\r' || !afterReturn) {
          lineEnded(i);
        }
        afterReturn = c == '\r';
        i++;
        continue;
      }
      afterReturn = false;
      switch (state) {
        case JSON -> i = json.scan(bytes, i, end);
        case BEFORE_DATA -> i = beforeData(c) ? i + 1 : i;
        default -> {
          match(c);
          i++;
        }
      }
    }
  }

  /** The stream has ended, perhaps within a line. */
  void streamEnded(int at) {
    lineEnded(at);
  }

  private void match(byte c) {
    if (state == State.FIELD) {
      if (c != DATA[matched]) {
        state = State.SKIP;
      } else if (++matched == DATA.length) {
        state = State.BEFORE_DATA;
      }
    } else if (state == State.DONE) {
      boolean equal = matched < LAST.length ? c == LAST[matched] : c == ' ';
      matched++;
      state = equal ? State.DONE : State.SKIP;
    }
  }

  /** Decides what the data is; returns whether the byte is used up. */
  private boolean beforeData(byte c) {
    if (c == ' ') {
      return true;
    }
    if (!json.isInside() && c == '[') {
      matched = 0;
      state = State.DONE;
      return false;
    }
    if (!json.isInside()) {
      json.reset();
    }
    state = State.JSON;
    return false;
  }

  private void lineEnded(int at) {
    if (state == State.JSON) {
      json.lineEnded(at);
    } else if (state == State.DONE && matched >= LAST.length) {
      done = true;
    } else if (state == State.FIELD && matched == 0) {
      // An empty line ends the event, and with it a document that is not complete.
      json.reset();
    }
    state = State.FIELD;
    matched = 0;
  }
}
