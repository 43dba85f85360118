package io.warmpath.fleet.engine;

/**
 * Hears of every prompt that ends, finished or aborted.
 *
 * <p><b>Threads:</b> called on the engine's thread, at a step's end; it must return at once. <b>Errors:</b> what it
 * throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface EngineListener {

  /** The prompt that {@code times} describes has ended. */
  void ended(RequestTimes times);
}
