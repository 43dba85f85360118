package io.warmpath.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Says once for each outage that a source cannot be reached.
 *
 * <p><b>Threads:</b> one, JeroMQ's.
 */
final class OutageLog {

  /**
   * Attempts in a row that failed before it is said: 2. One alone is a handshake that JeroMQ left
   * hanging, or the pause after a connection broke.
   */
  static final int FAILED_ATTEMPTS = 2;

  private static final Logger LOG = System.getLogger(OutageLog.class.getName());

  private final String name;
  private int failed;

  /**
   * Creates the log of a source that is not connected yet.
   *
   * @param name of the source, for the log
   */
  OutageLog(String name) {
    this.name = name;
  }

  /** An attempt to connect failed; another one will be made. */
  void failed() {
    if (failed < FAILED_ATTEMPTS && ++failed == FAILED_ATTEMPTS) {
      LOG.log(Level.WARNING, "KV events of {0}: cannot be reached; will be tried again", name);
    }
  }

  /** The connection was made. */
  void connected() {
    failed = 0;
    LOG.log(Level.DEBUG, "KV events of {0}: connected", name);
  }
}
