package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.event.KvEvent;
import io.warmpath.event.KvEventSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of one source's batches, without sockets. Batch n of engine e removes block 100 e + n. */
class KvEventSequenceTest {

  private final List<String> seen = new ArrayList<>();
  private final KvEventCounters counters = new KvEventCounters();
  private final KvEventSink sink = KvEvent.recorder(event -> seen.add(
      event instanceof KvEvent.Removed removed ? "" + removed.hashes()[0] : event.toString()));
  private KvEventSequence sequence = sequence(true, 100);

  @Test
  void everythingTheEngineHasIsAskedForAtFirst() {
    sequence.connected();
    live(1, 2);
    replay(1, 0, 1, 2);
    live(1, 3);

    assertSeen("ask 0", "100", "101", "102", "stop", "103");
    assertEquals(1, counters.snapshot().duplicates());
    assertEquals(3, counters.snapshot().replayedBatches());
  }

  @Test
  void aGapIsReplayedWhileLiveBatchesWait() {
    join();
    live(1, 3);
    live(1, 4);
    sequence.replayed(1, batch(1, 1));
    sequence.replayed(2, batch(1, 2));
    live(1, 5);
    sequence.replayed(3, batch(1, 3));
    sequence.replayEnded();

    assertSeen("ask 1", "101", "102", "103", "stop", "104", "105");
    assertEquals(1, counters.snapshot().gaps());
    assertEquals(0, counters.snapshot().resets());
  }

  @Test
  void batchesMissedBetweenReplayAndSubscriptionAreAskedForToo() {
    sequence.connected();
    live(1, 4);
    replay(1, 0, 1);
    replay(1, 2, 3, 4);

    assertSeen("ask 0", "100", "101", "stop", "ask 2", "102", "103", "104", "stop");
    assertEquals(0, counters.snapshot().resets());
  }

  @Test
  void aReplayThatBeginsTooLateResets() {
    join();
    live(1, 5);
    replay(1, 3, 4, 5);

    assertSeen("ask 1", "Reset[]", "103", "104", "105", "stop");
    assertEquals(1, counters.snapshot().gaps());
  }

  @Test
  void aReplayWithAHoleResets() {
    join();
    live(1, 5);
    replay(1, 1, 3, 4);

    assertSeen("ask 1", "101", "Reset[]", "103", "104", "stop", "105");
  }

  @Test
  void anEmptyReplayOfAGapResetsAndIsNotRepeated() {
    join();
    live(1, 5);
    sequence.replayEnded();
    live(1, 6);

    assertSeen("ask 1", "stop", "Reset[]", "105", "106");
    assertEquals(1, counters.snapshot().gaps());
  }

  @Test
  void aFailedReplayResetsAndGoesOn() {
    join();
    live(1, 5);
    sequence.replayFailed();
    live(1, 6);

    assertSeen("ask 1", "stop", "Reset[]", "105", "106");
    assertEquals(1, counters.snapshot().failedReplays());
  }

  @Test
  void replaysThatFailInARowAreLoggedOnce() {
    try (LogLines log = new LogLines()) {
      join();
      for (int number = 2; number < 10; number += 2) {
        live(1, number);
        sequence.replayFailed();
      }
      assertEquals(1, log.with("no end of the replay").size());

      live(1, 20);
      sequence.replayEnded();
      live(1, 30);
      sequence.replayFailed();

      assertEquals(2, log.all().size());
    }
  }

  @Test
  void aSinkThatThrowsInAReplayIsResetWithTheNextBatch() {
    sequence = new KvEventSequence(
        "test",
        0,
        new KvEventDecoder(),
        KvEvent.recorder(event -> {
          seen.add(event.toString());
          if (event.toString().contains("[101]")) {
            throw new IllegalStateException("thrown by a test");
          }
        }),
        new RecordedChannel(),
        10,
        1_000,
        counters);
    sequence.connected();
    replay(1, 0, 1, 2);

    assertSeen(
        "ask 0",
        "Removed[100], GPU, group 0",
        "Removed[101], GPU, group 0",
        "Reset[]",
        "Removed[102], GPU, group 0",
        "stop");
  }

  @Test
  void aFailedReplayThatBroughtAllThatMattersDoesNotReset() {
    join();
    live(1, 3);
    sequence.replayed(1, batch(1, 1));
    sequence.replayed(2, batch(1, 2));
    sequence.replayFailed();

    assertSeen("ask 1", "101", "102", "stop", "103");
  }

  @Test
  void aReconnectionToTheSameEngineChangesNothing() {
    join();
    sequence.connected();
    replay(1, 0);
    live(1, 1);

    assertSeen("ask 0", "stop", "101");
    assertEquals(0, counters.snapshot().restarts());
  }

  @Test
  void aReconnectionToTheSameEngineBringsWhatWasMissed() {
    join();
    sequence.connected();
    replay(1, 0, 1, 2);
    live(1, 3);

    assertSeen("ask 0", "101", "102", "stop", "103");
  }

  @Test
  void anEngineThatRestartedIntoTheSameNumberIsFoundOut() {
    join();
    live(1, 1);
    sequence.connected();
    live(2, 3);
    sequence.replayed(1, batch(2, 1));
    replay(2, 0, 1, 2, 3);

    assertSeen("101", "ask 1", "Reset[]", "ask 0", "200", "201", "202", "203", "stop");
    assertEquals(1, counters.snapshot().restarts());
    assertEquals(1, counters.snapshot().resets());
  }

  @Test
  void anEngineThatRestartedAndIsYoungerIsFoundOut() {
    join();
    live(1, 1);
    sequence.connected();
    sequence.replayEnded();
    replay(2, 0);

    assertSeen("101", "ask 1", "stop", "Reset[]", "ask 0", "200", "stop");
    assertEquals(1, counters.snapshot().restarts());
  }

  @Test
  void aReconnectionThatCannotBeProvenResets() {
    join();
    sequence.connected();
    sequence.replayFailed();

    assertSeen("ask 0", "stop", "Reset[]");
  }

  @Test
  void sequenceZeroOnTheSameConnectionIsARestart() {
    join();
    live(1, 1);
    live(2, 0);

    assertSeen("101", "Reset[]", "200");
    assertEquals(1, counters.snapshot().restarts());
  }

  @Test
  void aFarStepBackIsARestartAndIsReplayed() {
    join();
    replayGap(2_000);
    seen.clear();
    live(2, 5);
    replay(2, 0, 1, 2, 3, 4, 5);

    assertSeen("Reset[]", "ask 0", "200", "201", "202", "203", "204", "205", "stop");
  }

  @Test
  void aShortStepBackIsADuplicate() {
    join();
    live(1, 1);
    live(1, 2);
    live(1, 1);
    live(1, 2);

    assertSeen("101", "102");
    assertEquals(2, counters.snapshot().duplicates());
  }

  @Test
  void theFirstBatchAgainIsADuplicate() {
    join();
    live(1, 0);

    assertSeen();
    assertEquals(1, counters.snapshot().duplicates());
  }

  @Test
  void tooManyWaitingBatchesReset() {
    sequence = sequence(true, 3);
    join();
    for (int i = 5; i < 10; i++) {
      live(1, i);
    }

    assertSeen("ask 1", "stop", "Reset[]", "108", "109");
    assertEquals(1, counters.snapshot().overflows());
  }

  @Test
  void brokenBytesReset() {
    join();
    sequence.live(1, new byte[] {1, 2, 3});
    live(1, 2);

    assertSeen("Reset[]", "102");
    assertEquals(1, counters.snapshot().rejectedBatches());
  }

  @Test
  void aRemovalThatCannotBeReadResets() {
    join();
    sequence.live(
        1,
        Batches.pack(List.of(
            1.0,
            List.of(
                List.of("BlockRemoved", List.of(5)),
                List.of("BlockRemoved", List.of("a text")),
                List.of("BlockRemoved", List.of(6))))));
    live(1, 2);

    assertSeen("5", "6", "Reset[]", "102");
    assertEquals(1, counters.snapshot().skippedEvents());
  }

  @Test
  void aStoreThatCannotBeReadCostsOnlyItself() {
    join();
    sequence.live(
        1, Batches.pack(List.of(1.0, List.of(List.of("BlockStored", List.of("a text"))))));
    live(1, 2);

    assertSeen("102");
    assertEquals(1, counters.snapshot().skippedEvents());
  }

  @Test
  void withoutReplayAGapResets() {
    sequence = sequence(false, 100);
    join();
    live(1, 2);

    assertSeen("Reset[]", "102");
    assertEquals(1, counters.snapshot().gaps());
  }

  @Test
  void withoutReplayALateJoinTakesWhatComes() {
    sequence = sequence(false, 100);
    sequence.connected();
    live(1, 7);
    live(1, 8);

    assertSeen("107", "108");
    assertEquals(1, counters.snapshot().lateJoins());
    assertEquals(0, counters.snapshot().resets());
  }

  @Test
  void withoutReplayANewConnectionResets() {
    sequence = sequence(false, 100);
    join();
    sequence.connected();
    live(2, 1);

    assertSeen("Reset[]", "201");
  }

  @Test
  void aSinkThatThrowsIsResetWithTheNextBatch() {
    sequence = new KvEventSequence(
        "test",
        0,
        new KvEventDecoder(),
        KvEvent.recorder(event -> {
          seen.add(event.toString());
          if (event.toString().contains("[101]")) {
            throw new IllegalStateException("thrown by a test");
          }
        }),
        null,
        10,
        1_000,
        counters);
    live(1, 0);
    live(1, 1);
    live(1, 2);

    assertSeen(
        "Removed[100], GPU, group 0",
        "Removed[101], GPU, group 0",
        "Reset[]",
        "Removed[102], GPU, group 0");
    assertEquals(1, counters.snapshot().sinkFailures());
  }

  private void join() {
    sequence.connected();
    replay(1, 0);
    if (seen.isEmpty()) {
      live(1, 0);
    }
    seen.clear();
  }

  private void replayGap(int to) {
    live(1, to);
    for (int i = 1; i <= to; i++) {
      sequence.replayed(i, batch(1, i));
    }
    sequence.replayEnded();
  }

  private void live(int engine, int number) {
    sequence.live(number, batch(engine, number));
  }

  private void replay(int engine, int... numbers) {
    for (int number : numbers) {
      sequence.replayed(number, batch(engine, number));
    }
    sequence.replayEnded();
  }

  private void assertSeen(String... expected) {
    assertEquals(List.of(expected), seen);
  }

  private static byte[] batch(int engine, int number) {
    return Batches.removal(engine * 1e6 + number, engine * 100L + number);
  }

  private KvEventSequence sequence(boolean replays, int maxWaiting) {
    return new KvEventSequence(
        "test",
        0,
        new KvEventDecoder(),
        sink,
        replays ? new RecordedChannel() : null,
        maxWaiting,
        1 << 20,
        counters);
  }

  private final class RecordedChannel implements KvEventSequence.ReplayChannel {
    @Override
    public void ask(long first) {
      seen.add("ask " + first);
    }

    @Override
    public void stop() {
      seen.add("stop");
    }
  }
}
