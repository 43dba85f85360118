package io.warmpath.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What can be tested of it without ending this JVM; the programs' own tests do the rest. */
@Timeout(30)
class LauncherTest {

  @Test
  void aPartOfTheStartThatFailsSaysWhyInItsOwnWords() {
    Exception failure = assertThrows(
        IOException.class,
        () -> Launcher.await(CompletableFuture.failedFuture(new IllegalStateException("taken"))));

    assertEquals("taken", failure.getMessage());
  }

  @Test
  void whatThePartGaveIsReturned() throws Exception {
    assertEquals(7, Launcher.await(CompletableFuture.completedFuture(7)));
  }

  @Test
  void aWrongValueNamesItsOption() {
    CommandSpec command = new CommandLine(CommandSpec.create()).getCommandSpec();
    Exception failure = assertThrows(
        ParameterException.class,
        () -> Launcher.invalidIf(command, "--port", () -> {
          throw new IllegalArgumentException("must be a port");
        }));

    assertEquals("Invalid value for option '--port': must be a port", failure.getMessage());
  }

  @Test
  void threadsForPromptsDoNotKeepTheProgramAlive() throws Exception {
    AtomicBoolean daemon = new AtomicBoolean();
    CountDownLatch ran = new CountDownLatch(1);
    ExecutorService threads = Launcher.promptThreads();
    threads.execute(() -> {
      daemon.set(Thread.currentThread().isDaemon());
      ran.countDown();
    });

    assertTrue(ran.await(20, TimeUnit.SECONDS));
    assertTrue(daemon.get());
    threads.shutdownNow();
  }
}
