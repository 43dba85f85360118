package io.warmpath.fleet.demo;

import java.io.PrintStream;

/** Where the demo writes: plain lines, and a progress bar where there is a terminal. */
final class Screen {

  private static final int BAR_WIDTH = 30;
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintStream out;
  private final boolean terminal;
  private boolean barShown;
  private int lastPercent = -1;

  /**
   * Creates a screen.
   *
   * @param terminal whether lines can be overwritten
   */
  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  synchronized void line(String text) {
    eraseBar();
    out.println(text);
    out.flush();
  }

  /** Shows how far something is; does nothing where lines cannot be overwritten. */
  synchronized void progress(String what, int done, int of) {
    int percent = of == 0 ? 100 : (int) (100L * done / of);
    if (!terminal || percent == lastPercent) {
      return;
    }
    lastPercent = percent;
    int filled = BAR_WIDTH * percent / 100;
    out.print(ERASE_LINE + what + " [" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] "
        + percent + " %");
    out.flush();
    barShown = true;
  }

  private void eraseBar() {
    if (barShown) {
      out.print(ERASE_LINE);
      barShown = false;
      lastPercent = -1;
    }
  }
}
