package io.warmpath.endpoint;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this router has sent to one endpoint and not seen the end of.
 *
 * <p>It is exact for this router and known at once, while an engine's own metrics are seconds old.
 * A routed request adds itself once and takes itself off once, however it ends, so all counts are
 * zero when nothing is in flight.
 *
 * <p><b>Threads:</b> safe for any number; the counts are read one by one and may be one request apart.
 */
public final class InFlightLoad {

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong promptTokens = new AtomicLong();
  private final AtomicLong prefillTokens = new AtomicLong();

  InFlightLoad() {}

  /** {@return requests sent and not ended} */
  public int requests() {
    return requests.get();
  }

  /** {@return prompt tokens of the requests sent and not ended} */
  public long promptTokens() {
    return promptTokens.get();
  }

  /** {@return prompt tokens still to be computed: not cached, of requests without a first token} */
  public long prefillTokens() {
    return prefillTokens.get();
  }

  /**
   * A request was sent.
   *
   * @param prompt tokens of its prompt, at least 0
   * @param uncached of these, tokens the endpoint is not believed to have cached
   */
  public void sent(long prompt, long uncached) {
    requests.incrementAndGet();
    promptTokens.addAndGet(prompt);
    prefillTokens.addAndGet(uncached);
  }

  /**
   * The prompt of a request is computed.
   *
   * @param uncached the number given to {@link #sent}
   */
  public void prefilled(long uncached) {
    prefillTokens.addAndGet(-uncached);
  }

  /**
   * A request ended, after {@link #prefilled} was called for it.
   *
   * @param prompt the number given to {@link #sent}
   */
  public void ended(long prompt) {
    requests.decrementAndGet();
    promptTokens.addAndGet(-prompt);
  }
}
