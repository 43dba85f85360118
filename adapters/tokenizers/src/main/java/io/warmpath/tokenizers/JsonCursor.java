package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.warmpath.request.JsonValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A place in JSON text that goes forward value by value.
 *
 * <p>Jackson reads a {@code tokenizer.json} of 11 MB in a fresh JVM in twice the time that this takes
 * for all of it, since its 450,000 strings become objects there. Here they stay bytes. What is small
 * is left to Jackson, see {@link #span}.
 */
final class JsonCursor {

  /** What {@link #readByteLevel} returns for a string with other characters in it. */
  static final int NOT_BYTE_LEVEL = -1;

  private static final int MAX_DIGITS = 18;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final String file;
  private final byte[] json;
  private int at;
  private int split;

  /**
   * @param file what messages call the text
   * @param json the text in UTF-8; shared, never changed
   */
  JsonCursor(String file, byte[] json) {
    this.file = file;
    this.json = json;
  }

  /** {@return the place, for {@link #moveTo}} */
  int at() {
    return at;
  }

  void moveTo(int place) {
    at = place;
  }

  /** {@return the first byte of the next value, which is not read} */
  byte peek() throws IOException {
    while (at < json.length) {
      byte b = json[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      at++;
    }
    throw wrong("a value");
  }

  /** Reads one character of the structure. */
  void expect(char wanted) throws IOException {
    if (peek() != wanted) {
      throw wrong("'" + wanted + "'");
    }
    at++;
  }

  /**
   * Goes to the next member or element of what was begun.
   *
   * @param isFirst whether there was none before
   * @param end {@code '}'} or {@code ']'}, which is read if it is next
   * @return false at the end
   */
  boolean hasNext(boolean isFirst, char end) throws IOException {
    if (peek() == end) {
      at++;
      return false;
    }
    if (!isFirst) {
      expect(',');
      peek();
    }
    return true;
  }

  /** {@return the name of the next member; its value is next} */
  String name() throws IOException {
    String name = string();
    expect(':');
    return name;
  }

  /** {@return the next value, which is an integer of up to 18 digits} */
  long integer() throws IOException {
    peek();
    int from = at;
    boolean isNegative = json[at] == '-';
    at += isNegative ? 1 : 0;
    long value = 0;
    int first = at;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      value = value * 10 + json[at] - '0';
      at++;
    }
    if (at == first || at - first > MAX_DIGITS) {
      at = from;
      throw wrong("an integer");
    }
    return isNegative ? -value : value;
  }

  /**
   * Reads the next value, a string, as the bytes that it stands for in {@link ByteAlphabet}.
   *
   * @param into receives the bytes; at least as long as the string in the file
   * @param from where to put them
   * @param isPair whether there is one space in the string, which is left out, see {@link #split}
   * @return where they end in {@code into}, or {@link #NOT_BYTE_LEVEL}; then the string is still next
   */
  int readByteLevel(byte[] into, int from, boolean isPair) throws IOException {
    int start = at;
    expect('"');
    byte[] json = this.json;
    int end = Math.min(json.length, at + into.length - from);
    int i = at;
    int to = from;
    split = isPair ? NOT_BYTE_LEVEL : from;
    while (i < end && json[i] != '"') {
      int c = json[i++];
      if (c == ' ' && split < 0) {
        split = to;
        continue;
      }
      if (c == '\\') {
        int escaped = i < end ? json[i++] : 0;
        // The others are of characters that are not in the alphabet.
        c = escaped == '"' || escaped == '\\' || escaped == '/' ? escaped : 0;
        if (escaped == 'u') {
          c = unicode(i, end);
          i += 4;
        }
      } else if (c < 0) {
        c = (c & 0xE0) == 0xC0 && i < end ? ((c & 0x1F) << 6) | (json[i++] & 0x3F) : 0;
      }
      int value = ByteAlphabet.byteOf((char) c);
      if (value < 0) {
        at = start;
        return NOT_BYTE_LEVEL;
      }
      into[to++] = (byte) value;
    }
    if (i >= end || split < 0) {
      at = start;
      return NOT_BYTE_LEVEL;
    }
    at = i + 1;
    return to;
  }

  /** {@return where the second half of the pair begins that was read last} */
  int split() {
    return split;
  }

  /** {@return the next value, which is a string} */
  String string() throws IOException {
    peek();
    int start = at;
    skipString();
    boolean plain = true;
    for (int i = start; i < at; i++) {
      plain &= json[i] != '\\';
    }
    return plain
        ? new String(json, start + 1, at - start - 2, StandardCharsets.UTF_8)
        : unescaped(start + 1, at - 1);
  }

  private String unescaped(int from, int to) throws IOException {
    StringBuilder text = new StringBuilder();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    int i = from;
    while (i < to) {
      if (json[i] != '\\') {
        plain.write(json[i++]);
        continue;
      }
      text.append(plain.toString(StandardCharsets.UTF_8));
      plain.reset();
      i++;
      char escape = (char) json[i];
      if (escape == 'u') {
        text.append(unicode(i + 1, to));
        i += 5;
      } else {
        int known = "\"\\/bfnrt".indexOf(escape);
        if (known < 0) {
          throw wrong("an escape");
        }
        text.append("\"\\/\b\f\n\r\t".charAt(known));
        i++;
      }
    }
    return text.append(plain.toString(StandardCharsets.UTF_8)).toString();
  }

  private char unicode(int from, int to) throws IOException {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < to ? Character.digit(json[i], 16) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  /**
   * Skips the next value.
   *
   * @return its length; it ends at {@link #at}
   */
  int span() throws IOException {
    byte first = peek();
    int start = at;
    if (first == '"') {
      skipString();
    } else if (first == '{' || first == '[') {
      skipNested();
    } else {
      while (at < json.length && ",]} \n\r\t".indexOf(json[at]) < 0) {
        at++;
      }
    }
    return at - start;
  }

  /** {@return the value of a span, as {@link JsonValues} has it} */
  @Nullable
  Object read(int from, int length) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json, from, length)) {
      parser.nextToken();
      return JsonValues.read(parser);
    }
  }

  private void skipNested() throws IOException {
    int depth = 0;
    do {
      byte b = peek();
      if (b == '"') {
        skipString();
        continue;
      }
      depth += b == '{' || b == '[' ? 1 : 0;
      depth -= b == '}' || b == ']' ? 1 : 0;
      at++;
    } while (depth > 0);
  }

  private void skipString() throws IOException {
    expect('"');
    int i = at;
    while (i < json.length && json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    at = Math.min(i, json.length);
    if (at == json.length) {
      throw wrong("the end of a string");
    }
    at++;
  }

  IOException wrong(String wanted) {
    return new IOException(file + ": not JSON: expected " + wanted + " at byte " + at);
  }
}
