package io.warmpath.fleet.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Threads and sockets that this process has and did not have before. */
final class Leftovers {

  /**
   * The JDK starts these when they are first needed and keeps them. Its HTTP client ends its thread only
   * when it is collected and all requests are over by its own count, which cut connections can put
   * wrong; what it leaves is MetricsScraperTest's.
   */
  private static final List<String> THE_JDKS = List.of(
      "CompletableFutureDelayScheduler",
      "ForkJoinPool.commonPool",
      "Cleaner-",
      "process reaper",
      "HttpClient-");

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** A JDK HTTP client closes its connections some seconds after it was collected. */
  private static final long WAIT_SECONDS = 20;

  private final Set<Thread> threadsBefore =
      new HashSet<>(Thread.getAllStackTraces().keySet());
  private final long socketsBefore;

  Leftovers() {
    openTheJdksOwnSocket();
    socketsBefore = sockets();
  }

  /** With the first channel that is closed the JDK opens a socket, which it keeps. */
  private static void openTheJdksOwnSocket() {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return what is left; waits for what is about to end} */
  String find() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    String found = look();
    while (!found.isEmpty() && System.nanoTime() < end) {
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      found = look();
    }
    return found;
  }

  private String look() {
    List<String> threads = Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !threadsBefore.contains(thread))
        .map(Thread::getName)
        .filter(name -> THE_JDKS.stream().noneMatch(name::startsWith))
        .sorted()
        .toList();
    long sockets = sockets() - socketsBefore;
    return (threads.isEmpty() ? "" : "threads " + threads)
        + (threads.isEmpty() || sockets <= 0 ? "" : ", ")
        + (sockets <= 0 ? "" : sockets + " sockets");
  }

  /** {@return open sockets; 0 where there is no /proc} */
  private static long sockets() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.filter(Leftovers::isSocket).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
