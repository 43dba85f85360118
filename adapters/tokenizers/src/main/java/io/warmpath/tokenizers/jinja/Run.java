package io.warmpath.tokenizers.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering: where it is, what it has written, and how much of its limits is used. */
final class Run {

  /**
   * Nested macros, recursive loops and what stands in them, in levels of the syntax tree; a level takes
   * some 200 bytes of the thread's stack.
   */
  private static final int MAX_LEVELS = 1_500;

  /** Levels of nested lists and dicts that are printed, compared or hashed. */
  static final int MAX_NESTED = 500;

  private static final int CHARS_PER_STEP_BITS = 8;
  private static final int TEXTS_PER_PROMPT = 16;

  final StringBuilder out;
  final Clock clock;

  /** The line of the statement that runs. */
  int line;

  /** Where the variables of the function that runs are. */
  Frame frame;

  /** Seeded alike in each rendering, so that a prompt can be repeated. */
  final java.util.SplittableRandom random = new java.util.SplittableRandom(0);

  private final @Nullable Object[] context;
  private final int maxChars;
  private final int maxLength;
  private long stepsLeft;
  private long charsLeft;
  private int levels;

  Run(
      StringBuilder out,
      Clock clock,
      RenderLimits limits,
      List<String> names,
      Map<String, ? extends @Nullable Object> variables,
      int slots) {
    this.out = out;
    this.clock = clock;
    maxChars = limits.maxChars();
    maxLength = (int) Math.min(Integer.MAX_VALUE, (long) out.length() + maxChars);
    stepsLeft = limits.maxSteps();
    charsLeft = (long) TEXTS_PER_PROMPT * maxChars;
    frame = new Frame(slots, null);
    context = new @Nullable Object[names.size()];
    for (int i = 0; i < context.length; i++) {
      String name = names.get(i);
      Object value = variables.get(name);
      context[i] = value == null && !variables.containsKey(name)
          ? Globals.ALL.get(name)
          : None.orNone(value);
    }
  }

  /** {@return variable {@code index} of the names given, or null if there is none} */
  @Nullable
  Object context(int index) {
    return context[index];
  }

  void step() {
    if (--stepsLeft < 0) {
      throw tooManySteps();
    }
  }

  /** Counts the work on {@code size} characters or values. */
  void work(long size) {
    stepsLeft -= size >> CHARS_PER_STEP_BITS;
    if (stepsLeft < 0) {
      throw tooManySteps();
    }
  }

  private static JinjaError tooManySteps() {
    return new JinjaError("the template takes too many steps");
  }

  /** Counts a text or list of this size that is about to be made. */
  void make(long size) {
    if (size > maxChars) {
      throw new JinjaError("a text or list of the template is too long, more than " + maxChars);
    }
    charsLeft -= size;
    if (charsLeft < 0) {
      throw new JinjaError("the texts of the template are too long, more than "
          + (long) TEXTS_PER_PROMPT * maxChars + " together");
    }
    work(size);
  }

  /** {@return {@code text}, which has been made and is counted now} */
  String made(String text) {
    make(text.length());
    return text;
  }

  void print(String text) {
    if (text.length() > maxLength - out.length()) {
      throw tooLong();
    }
    out.append(text);
  }

  /** Checks a text while it is written; it is {@link #out} or a shorter one. */
  void check(StringBuilder text) {
    if (text.length() > maxLength) {
      throw tooLong();
    }
  }

  private JinjaError tooLong() {
    return new JinjaError("the prompt is too long, more than " + maxChars + " characters");
  }

  /** {@return what was written since {@code start}, which is taken back} */
  String takeFrom(int start) {
    make(out.length() - start);
    String text = out.substring(start);
    out.setLength(start);
    return text;
  }

  void enter(int weight) {
    step();
    levels += weight;
    if (levels > MAX_LEVELS) {
      throw new JinjaError("maximum recursion depth exceeded");
    }
  }

  void leave(int weight) {
    levels -= weight;
  }
}
