package io.warmpath.engine;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects a response's body and fails once it is larger than allowed. */
final class BoundedBody implements BodySubscriber<byte[]> {

  private static final int FIRST_BYTES = 16 << 10;

  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final int maxBytes;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;
  private Flow.@Nullable Subscription subscription;

  /**
   * Creates a collector.
   *
   * @param maxBytes most that is accepted
   */
  BoundedBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      int more = buffer.remaining();
      if (more > maxBytes - length) {
        if (subscription != null) {
          subscription.cancel();
        }
        body.completeExceptionally(new IOException("body is larger than " + maxBytes + " bytes"));
        return;
      }
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(length + more, 2 * bytes.length)));
      }
      buffer.get(bytes, length, more);
      length += more;
    }
  }

  @Override
  public void onError(Throwable error) {
    body.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    body.complete(Arrays.copyOf(bytes, length));
  }
}
