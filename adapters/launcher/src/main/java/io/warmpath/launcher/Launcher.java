package io.warmpath.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Starts a host as a program: wrong options exit with 2, a failed start with 1, each with one line
 * that says why.
 */
public final class Launcher {

  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  /**
   * Large prompts that may wait for a thread. A router matches further ones by their bytes; the endpoint
   * picker, whose large bodies wait for the same threads to be read, answers 503.
   */
  private static final int MAX_WAITING_PROMPTS = 1024;

  /** How long a start may take once the options are read. */
  private static final long START_SECONDS = 10;

  private Launcher() {}

  /**
   * Runs a command and ends the JVM with its exit status.
   *
   * @param command a picocli command
   * @param levels loggers with what they may say; what they may not is told by counters as well. The
   *     map holds the loggers, because the log manager forgets levels of loggers that nobody holds
   * @param args the program's arguments
   */
  public static void run(Callable<Integer> command, Map<Logger, Level> levels, String... args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%1$tFT%1$tT %4$s %3$s: %5$s%6$s%n");
    }
    levels.forEach(Logger::setLevel);
    CommandLine line = new CommandLine(command);
    String name = line.getCommandName();
    System.exit(line.setParameterExceptionHandler((failure, arguments) -> {
          CommandLine failed = failure.getCommandLine();
          PrintWriter errors = failed.getErr();
          errors.println(failure.getMessage());
          CommandLine.UnmatchedArgumentException.printSuggestions(failure, errors);
          errors.println("'" + name + " --help' lists the options");
          return failed.getCommandSpec().exitCodeOnInvalidInput();
        })
        .setExecutionExceptionHandler((failure, failed, parsed) -> {
          failed.getErr().println(name + ": " + failure.getMessage());
          return failed.getCommandSpec().exitCodeOnExecutionException();
        })
        .execute(args));
  }

  /**
   * Applies an option.
   *
   * @param command whose option it is
   * @param option such as {@code --port}
   * @param setting throws {@link IllegalArgumentException} if the value is wrong
   * @throws ParameterException in that case; the message names the option
   */
  public static void invalidIf(CommandSpec command, String option, Runnable setting) {
    try {
      setting.run();
    } catch (IllegalArgumentException e) {
      throw invalid(command, option, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Makes the exception for an option whose value is wrong.
   *
   * @param command whose option it is
   * @param option such as {@code --port}
   * @param reason what is wrong, and what is allowed
   * @param cause what told so; null if nothing did
   * @return the exception; its message names the option
   */
  public static ParameterException invalid(
      CommandSpec command, String option, String reason, @Nullable Exception cause) {
    return new ParameterException(
        command.commandLine(), "Invalid value for option '" + option + "': " + reason, cause);
  }

  /** {@return daemon threads for large prompts, one a processor; what waits for them is bounded} */
  public static ExecutorService promptThreads() {
    return daemons(
        "warmpath-prompts", Runtime.getRuntime().availableProcessors(), MAX_WAITING_PROMPTS);
  }

  static ExecutorService daemons(String name, int threads, int maxWaiting) {
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxWaiting), task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Waits for a part of the start, for 10 s at most.
   *
   * @param part completes when that part is done
   * @param <T> its result
   * @return the result
   * @throws IOException if it failed
   * @throws InterruptedException if the thread was interrupted
   * @throws TimeoutException if it took longer
   */
  public static <T> T await(CompletableFuture<T> part)
      throws IOException, InterruptedException, TimeoutException {
    try {
      return part.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(cause.getMessage(), cause);
    }
  }

  /**
   * Runs something when the JVM is told to stop, and makes its exit status 0 instead of 143.
   *
   * @param stop closes the host, in bounded time
   */
  public static void onStop(Runnable stop) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(
            () -> {
              stop.run();
              Runtime.getRuntime().halt(0);
            },
            "warmpath-stop"));
  }
}
