package io.warmpath.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Keeps what this package logs at INFO and above, instead of having it printed. */
final class LogLines implements AutoCloseable {

  private static final Logger LOGGER = Logger.getLogger("io.warmpath.engine");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Formatter formatter = new SimpleFormatter();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord logged) {
      lines.add(logged.getLevel() + " " + formatter.formatMessage(logged));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  LogLines() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(handler);
  }

  /** {@return level and message of what was logged so far} */
  List<String> all() {
    return List.copyOf(lines);
  }

  /** {@return the lines with {@code text} in them} */
  List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }
}
