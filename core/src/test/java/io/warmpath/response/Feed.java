package io.warmpath.response;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Feeds an observer, with the number of bytes fed so far as the clock, and keeps what comes out of it. */
final class Feed implements ResponseListener {

  private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ResponseObserver observer;
  int writes;
  int firstTokens;
  long firstTokenAt = -1;
  int ends;

  @Nullable
  ResponseEnd end;

  @Nullable
  Usage usage;

  private long fed;

  Feed(int status, @Nullable String contentType, @Nullable String clientModel) {
    observer = new ResponseObserver(this, clientModel);
    observer.head(status, contentType);
  }

  static Feed stream() {
    return new Feed(200, EVENT_STREAM, null);
  }

  static Feed json() {
    return new Feed(200, "application/json", null);
  }

  static Feed streamRenamed(String clientModel) {
    return new Feed(200, EVENT_STREAM, clientModel);
  }

  static Feed jsonRenamed(String clientModel) {
    return new Feed(200, "application/json", clientModel);
  }

  Feed body(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return body(bytes, 0, bytes.length);
  }

  /** Feeds a part of the bytes, from an array of its own with other bytes around it. */
  Feed body(byte[] bytes, int from, int end) {
    byte[] slice = new byte[end - from + 4];
    slice[0] = '"';
    slice[1] = '{';
    System.arraycopy(bytes, from, slice, 2, end - from);
    slice[end - from + 2] = '"';
    slice[end - from + 3] = '\n';
    fed += end - from;
    observer.body(slice, 2, end - from, fed, (b, offset, length) -> {
      writes++;
      out.write(b, offset, length);
    });
    return this;
  }

  Feed end() {
    ResponseEnd returned = observer.end(fed, (b, offset, length) -> out.write(b, offset, length));
    if (end == null) {
      throw new AssertionError("not ended, but returned " + returned);
    }
    return this;
  }

  String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What must not depend on how the body was cut. */
  String result() {
    return end + " " + usage + " firstTokens=" + firstTokens + " ends=" + ends;
  }

  @Override
  public void firstToken(long nowNanos) {
    firstTokens++;
    firstTokenAt = nowNanos;
    if (ends > 0) {
      throw new AssertionError("first token after the end");
    }
  }

  @Override
  public void ended(ResponseEnd end, Usage usage, long nowNanos) {
    ends++;
    this.end = end;
    this.usage = usage;
  }
}
