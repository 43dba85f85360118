package io.warmpath.jmh;

import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Locale;

/**
 * Prints how long a fresh JVM takes to load a tokenizer and how much heap that keeps.
 *
 * <p>{@code java -XX:+UseSerialGC -cp jmh/target/benchmarks.jar io.warmpath.jmh.TokenizerMemory DIR};
 * other collectors round large arrays up to whole regions.
 */
public final class TokenizerMemory {

  private static final double MIB = 1 << 20;

  private TokenizerMemory() {}

  /**
   * Measures once.
   *
   * @param args a directory with {@code tokenizer.json}; our own without one
   * @throws IOException if it cannot be read
   */
  public static void main(String[] args) throws IOException {
    long before = used();
    long start = System.nanoTime();
    Tokenizer tokenizer = Model.tokenizer(args.length == 0 ? Model.OWN : args[0]);
    long nanos = System.nanoTime() - start;
    try {
      double kept = (used() - before) / MIB;
      System.out.printf(
          Locale.ROOT, "loaded in %.0f ms, keeps %.1f MiB of heap%n", nanos / 1e6, kept);
    } finally {
      Reference.reachabilityFence(tokenizer);
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
