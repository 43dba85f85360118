package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Random life-cycle programs give the same answers on the run index, the flat index and {@link
 * ModelIndex}, after each of their actions. A failure prints its seed and the shortest program that
 * still fails. 10,000 programs; {@code -Djqwik.tries.default=100000} for more.
 */
class IndexPropertyTest {

  private static final int MOST_ACTIONS = 40;
  private static final List<PromptForest> SHORT =
      IntStream.range(0, 8).mapToObj(i -> new PromptForest(i, false)).toList();
  private static final List<PromptForest> LONG =
      IntStream.range(0, 4).mapToObj(i -> new PromptForest(100 + i, true)).toList();
  private static final int EMPTY_BYTES =
      (int) new RunBlockIndex(1, Long.MAX_VALUE, () -> 0).stats().bytes();
  private static final int MOST_BYTES = 2 * EMPTY_BYTES;
  private static final long[] STARTS = {0, -20, Long.MAX_VALUE - 50, Long.MIN_VALUE + 3};

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void everyProgramGivesTheAnswersOfTheOracles(
      @ForAll("programs") List<IndexAction> program, @ForAll("forests") int forest) {
    IndexWorld world = new IndexWorld(SHORT.get(forest), STARTS[forest % STARTS.length]);
    run(program, forest < 4 ? world.sweepingSlowly() : world);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void everyProgramOnLongPromptsGivesTheAnswersOfTheOracles(
      @ForAll("longPrograms") List<IndexAction> program, @ForAll("forests") int forest) {
    run(program, new IndexWorld(LONG.get(forest % LONG.size()), STARTS[forest % STARTS.length]));
  }

  private static void run(List<IndexAction> program, IndexWorld world) {
    int step = 0;
    for (IndexAction action : program) {
      action.applyTo(world);
      world.compareMatches(prompt(action));
      world.compareMatch(step++);
      world.compareStats();
      IndexStructure.check(world.runs());
    }
    world.compareAllMatches();
    world.compareHoldings();
    world.sweepAndCompare();
    world.compareAllMatches();
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void anIndexWithALimitNeverSaysTooMuch(
      @ForAll("limitedPrograms") List<IndexAction> program,
      @ForAll("forests") int forest,
      @ForAll("limits") int limit) {
    IndexWorld world = new IndexWorld(SHORT.get(forest), 0, limit, Long.MAX_VALUE).sweepingSlowly();
    RunBlockIndex index = world.runs();
    for (IndexAction action : program) {
      action.applyTo(world);
      world.compareLimited(prompt(action));
      IndexStructure.check(index);
      assertTrue(index.map.size() <= limit, "no more than the limit");
      assertTrue(index.stats().blocks() <= limit, "no more than the limit");
    }
    for (int prompt = 0; prompt < SHORT.get(forest).size(); prompt++) {
      world.compareLimited(prompt);
    }
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void anIndexWithALimitOnBytesNeverSaysTooMuch(
      @ForAll("limitedPrograms") List<IndexAction> program,
      @ForAll("forests") int forest,
      @ForAll("byteLimits") int limit) {
    IndexWorld world = new IndexWorld(SHORT.get(forest), 0, 1 << 20, limit).sweepingSlowly();
    RunBlockIndex index = world.runs();
    for (IndexAction action : program) {
      long splits = index.stats().splits();
      action.applyTo(world);
      world.compareLimited(prompt(action));
      IndexStructure.check(index);
      // A sweep comes after room was made; what it splits takes more until the next store.
      if (action instanceof IndexAction.Store && index.stats().splits() == splits) {
        assertTrue(
            index.stats().bytes() <= limit || IndexStructure.isOfOneChange(index),
            "older runs go before the index grows");
      }
    }
    for (int prompt = 0; prompt < SHORT.get(forest).size(); prompt++) {
      world.compareLimited(prompt);
    }
  }

  private static int prompt(IndexAction action) {
    if (action instanceof IndexAction.Store store) {
      return store.prompt();
    } else if (action instanceof IndexAction.Remove remove) {
      return remove.prompt();
    } else if (action instanceof IndexAction.Expect expect) {
      return expect.prompt();
    } else if (action instanceof IndexAction.Confirm confirm) {
      return confirm.prompt();
    } else if (action instanceof IndexAction.Crowd crowd) {
      return crowd.prompt();
    } else if (action instanceof IndexAction.Late late) {
      return late.prompt();
    }
    return 0;
  }

  @Provide
  Arbitrary<Integer> forests() {
    return number(8);
  }

  @Provide
  Arbitrary<Integer> limits() {
    return Arbitraries.integers().between(1, 60);
  }

  /** From what an empty index takes to what every program fits in. */
  @Provide
  Arbitrary<Integer> byteLimits() {
    return number(MOST_BYTES - EMPTY_BYTES).map(more -> EMPTY_BYTES + more);
  }

  @Provide
  Arbitrary<List<IndexAction>> programs() {
    return program(40, true);
  }

  @Provide
  Arbitrary<List<IndexAction>> limitedPrograms() {
    return program(40, false);
  }

  @Provide
  Arbitrary<List<IndexAction>> longPrograms() {
    return program(700, true);
  }

  /**
   * Programs for a model with one group, or for a hybrid one, where half of the changes are to the
   * holders of the second group and to shared storage.
   *
   * @param approximate whether to use them; what they forget depends on what they have, so not with
   *     limits
   */
  private static Arbitrary<List<IndexAction>> program(int longest, boolean approximate) {
    return Arbitraries.oneOf(
        program(longest, approximate, false), program(longest, approximate, true));
  }

  private static Arbitrary<List<IndexAction>> program(
      int longest, boolean approximate, boolean hybrid) {
    Arbitrary<Integer> holder = hybrid
        ? Arbitraries.oneOf(number(IndexWorld.HOLDERS), lastFew(IndexWorld.HOLDERS))
        : number(IndexWorld.HOLDERS);
    Arbitrary<Integer> prompt = number(12);
    Arbitrary<Integer> length = Arbitraries.frequencyOf(
        Tuple.of(3, number(longest + 1)),
        Tuple.of(2, number(4)),
        Tuple.of(2, Arbitraries.just(longest)));
    Arbitrary<Integer> from = Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just(0)), Tuple.of(1, number(4)), Tuple.of(1, number(longest)));
    Arbitrary<IndexAction> store = Combinators.combine(
            holder,
            prompt,
            from,
            length,
            Arbitraries.frequency(
                Tuple.of(8, IndexAction.Parent.TRUE),
                Tuple.of(1, IndexAction.Parent.NONE),
                Tuple.of(1, IndexAction.Parent.UNKNOWN)))
        .as(IndexAction.Store::new);
    Arbitrary<IndexAction> remove = Combinators.combine(
            holder, prompt, from, length, Arbitraries.of(IndexAction.Order.class))
        .as(IndexAction.Remove::new);
    Arbitrary<IndexAction> expect =
        Combinators.combine(holder, prompt, length, number(100)).as(IndexAction.Expect::new);
    Arbitrary<IndexAction> confirm =
        Combinators.combine(holder, prompt, length).as(IndexAction.Confirm::new);
    Arbitrary<IndexAction> tick = Arbitraries.of(
            1L, 7L, 50L, 101L, 3_000L, KvBlockIndex.CONFIRM_LIFE_NANOS / 2)
        .map(IndexAction.Tick::new);
    Arbitrary<IndexAction> approximates = Combinators.combine(
            holder, Arbitraries.of(1, 5, 30, 100), Arbitraries.of(1L, 60L, 5_000L, 1_000_000L))
        .as(IndexAction.Approximate::new);
    Arbitrary<IndexAction> group = Combinators.combine(
            number(2), Arbitraries.of(1, 2, 5, KvBlockIndex.WHOLE_PREFIX))
        .as(IndexAction.Group::new);
    Arbitrary<IndexAction> late = Combinators.combine(
            number(50), prompt, Arbitraries.of(true, false))
        .as(IndexAction.Late::new);
    return Arbitraries.frequencyOf(
            Tuple.of(400, store),
            Tuple.of(250, remove),
            Tuple.of(70, expect),
            Tuple.of(40, confirm),
            Tuple.of(70, tick),
            Tuple.of(40, holder.map(IndexAction.Clear::new)),
            Tuple.of(30, number(3).map(IndexAction.Drop::new)),
            Tuple.of(approximate ? 40 : 0, approximates),
            Tuple.of(hybrid ? 30 : 0, group),
            Tuple.of(20, late),
            Tuple.of(4, prompt.map(IndexAction.Crowd::new)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_ACTIONS)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private static Arbitrary<Integer> lastFew(int end) {
    return number(5).map(i -> end - 1 - i);
  }

  /** Evenly from [0, end). */
  private static Arbitrary<Integer> number(int end) {
    return Arbitraries.integers()
        .between(0, end - 1)
        .withDistribution(RandomDistribution.uniform());
  }
}
