package io.warmpath.engine;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.number;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.BlockChain;
import io.warmpath.block.EngineHasher;
import io.warmpath.block.PromptExtras;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.KvEventDecoder.Result;
import io.warmpath.event.KvEvent;
import io.warmpath.golden.GoldenFiles;
import io.warmpath.golden.GoldenReport;
import io.warmpath.golden.VllmRecording;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole files of recorded events, whatever cases they hold. */
@Tag("golden")
class GoldenEventsTest {

  @Test
  void everyPayloadIsDecodedOrRefusedAsTheIndexSays() {
    String name = "kv_events/index.json";
    GoldenReport.file(name, bytes -> {
      Object file = Golden.json(bytes);
      GoldenReport.cases(
          name,
          ((BigInteger) at(file, "count")).longValue(),
          list(file, "vectors"),
          GoldenEventsTest::checkPayload);
    });
  }

  private static void checkPayload(Object vector) throws Exception {
    byte[] payload = GoldenFiles.read("kv_events/" + text(vector, "file")).orElseThrow();
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    assertEquals(text(vector, "sha256"), HexFormat.of().formatHex(sha256.digest(payload)));
    assertEquals(number(vector, "size"), payload.length);
    KvEventDecoder decoder = new KvEventDecoder();
    List<String> events = new ArrayList<>();

    Result result = decoder.decode(
        payload, 0, payload.length, KvEvent.recorder(event -> events.add(Golden.text(event))));

    if (find(vector, "expect") == null) {
      List<?> meant = find(vector, "decoded") == null
          ? list(list(vector, "raw").get(1))
          : list(at(vector, "decoded"), "events");
      assertEquals(Result.OK, result);
      assertEquals(0, decoder.stats().skippedEvents());
      assertEquals(meant.size(), events.size());
      if (meant.stream().noneMatch(GoldenEventsTest::hasTextsForTokens)) {
        List<String> expected =
            meant.stream().map(event -> Golden.expected(Golden.map(event))).toList();
        assertEquals(String.join("\n", expected), String.join("\n", events));
      }
      return;
    }
    String expect = text(vector, "expect");
    boolean isEither = expect.matches(".*\\b(or|if)\\b.*") || expect.startsWith("must not");
    if (isEither) {
      return; // that it did not throw is enough
    } else if (expect.startsWith("ACCEPT")) {
      assertEquals(Result.OK, result, expect);
      assertEquals(0, decoder.stats().skippedEvents(), expect);
      assertTrue(!events.isEmpty(), expect);
    } else if (expect.startsWith("skip")) {
      assertEquals(Result.OK, result, expect);
      assertTrue(decoder.stats().skippedEvents() > 0, expect);
    } else {
      assertTrue(expect.toLowerCase(Locale.ROOT).startsWith("reject"), expect);
      assertEquals(Result.REJECTED, result, expect);
      assertEquals(List.of(), events, expect);
    }
  }

  /** TensorRT-LLM's way to say that a block depends on an image; see KvEventDecoderTest. */
  private static boolean hasTextsForTokens(Object event) {
    return find(event, "token_ids") instanceof List<?> ids
        && ids.stream().anyMatch(String.class::isInstance);
  }

  @Test
  void framesOfRealPublishersAreUnderstood() {
    String name = "kv_events/zmq_capture.json";
    GoldenReport.file(name, bytes -> {
      List<?> captures = list(parse(bytes), "captures");
      GoldenReport.cases(name, captures.size(), captures, GoldenEventsTest::checkCapture);
    });
  }

  private static void checkCapture(Object capture) throws Exception {
    List<byte[][]> live = messages(list(capture, "live_frames"));
    List<byte[][]> replies = messages(list(list(capture, "replay").get(0), "replies"));
    Endpoint source = new Endpoint("one", "127.0.0.1", 8000, number(capture, "dp_rank"));
    BlockingQueue<KvEvent> seen = new LinkedBlockingQueue<>();
    try (Publisher engine = new Publisher(true);
        KvEventSubscriber subscriber = KvEventSubscriber.builder().build()) {
      subscriber.subscribe(source, engine.address(), null, KvEvent.recorder(seen::add));
      engine.awaitSubscriber();
      live.forEach(engine::send);

      for (int i = 0; i < live.size(); i++) {
        assertTrue(seen.poll(20, TimeUnit.SECONDS) instanceof KvEvent.Stored);
      }
      checkStats(subscriber.stats(source).orElseThrow(), live.size());
    }
    try (Publisher engine = new Publisher(true);
        KvEventSubscriber subscriber = KvEventSubscriber.builder().build()) {
      engine.replyWith(replies);
      subscriber.subscribe(
          source, engine.address(), engine.replayAddress(), KvEvent.recorder(seen::add));
      for (int i = 0; i < replies.size() - 1; ) {
        KvEvent event = Objects.requireNonNull(seen.poll(20, TimeUnit.SECONDS));
        i += event instanceof KvEvent.Stored ? 1 : 0;
      }
      checkStats(subscriber.stats(source).orElseThrow(), replies.size() - 1);
    }
  }

  private static void checkStats(KvEventStats stats, int stored) {
    assertEquals(stored, stats.stored());
    assertEquals(0, stats.skippedEvents());
    assertEquals(0, stats.rankMismatches());
    assertEquals(0, stats.malformedMessages());
  }

  private static List<byte[][]> messages(List<?> messages) {
    return messages.stream()
        .map(frames -> list(frames).stream().map(Golden::hex).toArray(byte[][]::new))
        .toList();
  }

  @Test
  void everyBlockThatARealEngineAnnouncedIsReproducedFromItsTokens() {
    for (VllmRecording recording : VllmRecording.all()) {
      String name = recording.file("frames.bin");
      if (!recording.hasPrompts()) {
        GoldenReport.notCovered(name); // nothing says how the engine hashed
        continue;
      }
      GoldenReport.file(name, bytes -> {
        List<List<byte[]>> messages = Golden.framesOf(bytes);
        EngineHasher hasher = recording.scheme().hasher();
        Map<Long, byte[]> known = new HashMap<>();
        GoldenReport.cases(
            name, messages.size(), messages, message -> checkAnnounced(message, hasher, known));
      });
    }
  }

  /** Hashes go on from the whole digest of the parent, of which events show 8 bytes. */
  private static void checkAnnounced(
      List<byte[]> message, EngineHasher hasher, Map<Long, byte[]> known) {
    List<KvEvent> events = decode(message);
    for (KvEvent event : events) {
      if (event instanceof KvEvent.Stored stored) {
        PromptExtras extras = stored.parent() == null
            ? PromptExtras.NONE.withSalt(stored.extras().salt())
            : PromptExtras.NONE.after(Objects.requireNonNull(known.get(stored.parent())));
        int[] tokens = stored.tokens();
        BlockChain chain = new BlockChain();
        hasher.append(chain, tokens, 0, tokens.length, stored.blockSize(), extras);
        byte[] digests = hasher.digests(tokens, 0, tokens.length, stored.blockSize(), extras);
        int bytes = hasher.digestBytes();

        assertArrayEquals(stored.hashes(), chain.toArray());
        for (int i = 0; i < chain.length(); i++) {
          known.put(chain.hashes()[i], Arrays.copyOfRange(digests, i * bytes, (i + 1) * bytes));
        }
      }
    }
  }

  @Test
  void framesOfARealEngineAreDecodedAsItsOwnDecoderDoes() {
    for (VllmRecording recording : VllmRecording.all()) {
      String name = recording.file("frames.jsonl");
      Optional<byte[]> frames = GoldenFiles.read(recording.file("frames.bin"));
      if (frames.isEmpty()) {
        GoldenReport.notCovered(name);
        continue;
      }
      GoldenReport.file(name, bytes -> {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        List<List<byte[]>> messages = Golden.framesOf(frames.get());
        assertEquals(lines.size(), messages.size());
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
          places.add(i);
        }
        GoldenReport.cases(name, lines.size(), places, i -> {
          Object line = Golden.json(lines.get(i).getBytes(StandardCharsets.UTF_8));
          List<String> expected = list(list(at(line, "batch")).get(1)).stream()
              .map(event -> Golden.expected(Golden.map(event)))
              .toList();
          assertEquals(
              expected, decode(messages.get(i)).stream().map(Golden::text).toList());
          assertEquals(
              longNumber(line, "seq"), ByteBuffer.wrap(messages.get(i).get(1)).getLong());
        });
      });
    }
  }

  private static List<KvEvent> decode(List<byte[]> message) {
    KvEventDecoder decoder = new KvEventDecoder();
    List<KvEvent> events = new ArrayList<>();
    byte[] batch = message.get(2);
    assertEquals(Result.OK, decoder.decode(batch, 0, batch.length, KvEvent.recorder(events::add)));
    assertEquals(0, decoder.stats().skippedEvents());
    return events;
  }
}
