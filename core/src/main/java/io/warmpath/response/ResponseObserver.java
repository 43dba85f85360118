package io.warmpath.response;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Watches a response as it passes in slices of any size, and passes it on.
 *
 * <p>It finds the first token, the usage with its cached tokens, an {@code error} object inside an
 * event stream of status 200, and the end; for OpenAI chats, completions and responses and for Anthropic
 * messages, streamed and whole. Where the client asked for
 * a model by another name, it writes that name back, in answers of status 200. Hosts never read
 * bodies themselves, but must not let the engine compress them: ask for no {@code content-encoding}.
 *
 * <p>A body that is not what its content type says is passed on unchanged, and nothing is found in it.
 *
 * <p><b>Threads:</b> one thread at a time, in order; {@link #abort}, {@link #started} and
 * {@link #lastActivityNanos} may be used from any thread, and the first of {@link #end} and
 * {@link #abort} counts. If {@code abort} comes while {@link #body} runs, {@code firstToken} may
 * still be on its way when {@code ended} is called.
 *
 * <p><b>Cost:</b> one look at each byte; nothing is buffered but an unfinished key. Without another
 * model name each slice is passed on in one write, and none allocates.
 */
public final class ResponseObserver {

  private static final int OK = 200;

  private final ResponseListener listener;
  private final byte @Nullable [] clientName;
  private final Passage passage = new Passage();
  private final UsageCounts usage = new UsageCounts();
  private final AtomicReference<@Nullable ResponseEnd> over = new AtomicReference<>();

  private int status;
  private @Nullable JsonScanner json;
  private @Nullable EventStreamScanner events;
  private boolean firstTokenReported;
  private volatile boolean started;
  private volatile long lastActivityNanos;

  /**
   * Whether the body itself says that nothing of it is missing. Written behind everything else that a
   * slice changes, and read before it by abort, which so sees whole slices.
   */
  private volatile boolean whole;

  /**
   * Creates an observer for one response.
   *
   * @param listener hears what is found; an exception of its own is the caller's to handle, and comes
   *     after the slice was passed on
   * @param clientModel the name to write in place of the engine's model name, or null to leave it
   */
  public ResponseObserver(ResponseListener listener, @Nullable String clientModel) {
    this.listener = listener;
    // By way of a String, as quoteAsUTF8 throws for half of a surrogate pair.
    clientName = clientModel == null
        ? null
        : new String(JsonStringEncoder.getInstance().quoteAsString(clientModel))
            .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The response's head has come. Call it before the body, once for each endpoint that answers: the
   * head of a fallback takes the place of one whose body never began.
   *
   * @param status HTTP status
   * @param contentType header {@code content-type}, or null
   */
  public void head(int status, @Nullable String contentType) {
    this.status = status;
    if (status != OK) {
      json = null;
      events = null;
      return;
    }
    boolean inLines = isEventStream(contentType);
    json = new JsonScanner(inLines, passage, usage);
    events = inLines ? new EventStreamScanner(json) : null;
  }

  private static boolean isEventStream(@Nullable String contentType) {
    String name = "text/event-stream";
    return contentType != null && contentType.trim().regionMatches(true, 0, name, 0, name.length());
  }

  /**
   * A slice of the body has come.
   *
   * @param bytes read only, not kept
   * @param offset first byte
   * @param length number of bytes, at least 0
   * @param nowNanos when, by the router's clock
   * @param out receives what is to be sent on, in this call; not called with nothing
   */
  public void body(byte[] bytes, int offset, int length, long nowNanos, ByteSink out) {
    if (length == 0) {
      return;
    }
    int end = offset + length;
    try {
      if (clientName == null || json == null) {
        scan(bytes, offset, end);
        pass(bytes, offset, end, out);
      } else {
        passage.open(bytes, offset, out);
        scan(bytes, offset, end);
        passage.close(end);
      }
    } finally {
      lastActivityNanos = nowNanos;
      whole = isLastSeen();
      // A whole document leaves the engine when all of it is generated.
      if (passage.generated || (status == OK && events == null)) {
        reportFirstToken(nowNanos);
      }
    }
  }

  private void scan(byte[] bytes, int offset, int end) {
    if (events != null) {
      events.scan(bytes, offset, end);
    } else if (json != null) {
      json.scan(bytes, offset, end);
    }
  }

  private void pass(byte[] bytes, int from, int end, ByteSink out) {
    if (from < end) {
      started = true;
      out.write(bytes, from, end - from);
    }
  }

  private void reportFirstToken(long nowNanos) {
    if (!firstTokenReported && over.get() == null) {
      firstTokenReported = true;
      listener.firstToken(nowNanos);
    }
  }

  /**
   * The body ended as HTTP says it should.
   *
   * <p>A stream is complete if {@code [DONE]}, a {@code finish_reason} or the last event of its
   * protocol was in it; a whole document if its JSON is closed, or is no JSON at all. A complete stream
   * without any generated piece still reports the first token, just before its end.
   *
   * @param nowNanos when, by the router's clock
   * @param out receives what was held back; nothing is at present
   * @return how the response ended; what {@link #abort} said, if that came first
   */
  public ResponseEnd end(long nowNanos, ByteSink out) {
    ResponseEnd before = over.get();
    if (before != null) {
      return before;
    }
    if (events != null) {
      events.streamEnded(0);
    }
    ResponseEnd end = verdict();
    if (end == ResponseEnd.COMPLETE && events != null) {
      reportFirstToken(nowNanos);
    }
    return close(end, nowNanos);
  }

  private ResponseEnd verdict() {
    if (status != OK) {
      return status >= 500
          ? ResponseEnd.FAILED
          : status >= 400
              ? ResponseEnd.REJECTED
              : status > 0 ? ResponseEnd.COMPLETE : ResponseEnd.TRUNCATED;
    }
    if (events == null) {
      return json != null && json.isInside() ? ResponseEnd.TRUNCATED : ResponseEnd.COMPLETE;
    }
    if (passage.failed) {
      return ResponseEnd.FAILED;
    }
    return passage.finished || isLastSeen() ? ResponseEnd.COMPLETE : ResponseEnd.TRUNCATED;
  }

  private boolean isLastSeen() {
    return events == null ? json != null && json.isComplete() : passage.last || events.isDone();
  }

  private ResponseEnd close(ResponseEnd end, long nowNanos) {
    if (over.compareAndSet(null, end)) {
      listener.ended(end, usage(), nowNanos);
      return end;
    }
    ResponseEnd before = over.get();
    return before == null ? end : before;
  }

  /**
   * The response stops here; nothing happens if it is over already.
   *
   * <p>If the body has said that it is whole ({@code [DONE]}, a closed document) and only the end of
   * the transfer is missing, the response ended as the body says: many clients hang up at
   * {@code [DONE]}.
   *
   * @param end why: {@link ResponseEnd#TRUNCATED}, {@link ResponseEnd#SILENT} or
   *     {@link ResponseEnd#CANCELLED}
   * @param nowNanos when, by the router's clock
   */
  public void abort(ResponseEnd end, long nowNanos) {
    close(whole ? verdict() : end, nowNanos);
  }

  /** {@return whether a byte of the body was passed on, so that no other endpoint can be tried} */
  public boolean started() {
    return started;
  }

  /** {@return the time of the last slice of the body, by the router's clock; 0 before the first} */
  public long lastActivityNanos() {
    return lastActivityNanos;
  }

  /** {@return what the engine reported so far} */
  public Usage usage() {
    return usage.snapshot();
  }

  /** What was found, and the way of one slice past the names that are replaced. */
  private final class Passage implements Findings {

    private boolean generated;
    private boolean finished;
    private boolean last;
    private boolean failed;

    private byte @Nullable [] bytes;
    private @Nullable ByteSink out;
    private int from;
    private boolean inModel;

    private void open(byte[] bytes, int offset, ByteSink out) {
      this.bytes = bytes;
      this.out = out;
      from = offset;
    }

    private void close(int end) {
      if (!inModel) {
        passUpTo(end);
      }
      bytes = null;
      out = null;
    }

    private void passUpTo(int end) {
      if (bytes != null && out != null) {
        pass(bytes, from, end, out);
      }
    }

    @Override
    public void modelOpened(int at) {
      if (clientName != null && out != null) {
        passUpTo(at + 1);
        pass(clientName, 0, clientName.length, out);
        inModel = true;
      }
    }

    @Override
    public void modelClosed(int at) {
      inModel = false;
      from = at;
    }

    @Override
    public void generated() {
      generated = true;
    }

    @Override
    public void finished() {
      finished = true;
    }

    @Override
    public void last() {
      last = true;
    }

    @Override
    public void failed() {
      failed = true;
    }
  }
}
