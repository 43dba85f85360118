package io.warmpath.response;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that no engine should send: they pass unchanged, and the cuts do not matter. */
class HostileResponseTest {

  private static final List<String> NAMES = List.of(
      "sse_chat_usage",
      "sse_completion_n2",
      "sse_anthropic_messages",
      "json_chat",
      "json_anthropic_messages");
  private static final byte[] MARKS = {
    '"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r', ' ', '0', 'e', 0, (byte) 0xFF, (byte) 0xC0
  };

  @Test
  void damagedBodiesPassUnchangedAndGiveOneResultHoweverCut() {
    Random random = new Random(20261121);
    for (int step = 0; step < 3_000; step++) {
      GoldenResponse answer = GoldenResponse.read(NAMES.get(step % NAMES.size()));
      byte[] body = answer.body();
      for (int i = random.nextInt(8); i >= 0; i--) {
        body[random.nextInt(body.length)] = MARKS[random.nextInt(MARKS.length)];
      }
      Feed whole =
          new Feed(200, answer.contentType(), null).body(body, 0, body.length).end();
      Feed renamed =
          new Feed(200, answer.contentType(), "mine").body(body, 0, body.length).end();

      Feed cut = inRandomSlices(random, new Feed(200, answer.contentType(), null), body);
      Feed renamedCut = inRandomSlices(random, new Feed(200, answer.contentType(), "mine"), body);

      assertEquals(whole.result(), cut.result(), "step " + step);
      assertArrayEquals(body, cut.out.toByteArray(), "step " + step);
      assertEquals(whole.result(), renamedCut.result(), "step " + step);
      assertArrayEquals(renamed.out.toByteArray(), renamedCut.out.toByteArray(), "step " + step);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/event-stream", "application/json"})
  void noisePassesUnchanged(String contentType) {
    Random random = new Random(7);
    for (int step = 0; step < 500; step++) {
      byte[] noise = new byte[random.nextInt(300)];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = random.nextInt(4) == 0
            ? (byte) random.nextInt(256)
            : MARKS[random.nextInt(MARKS.length)];
      }

      Feed feed = inRandomSlices(random, new Feed(200, contentType, null), noise);

      assertArrayEquals(noise, feed.out.toByteArray(), "step " + step);
      assertEquals(1, feed.ends);
    }
  }

  @Test
  void deepNestingIsOnlyCounted() {
    String deep = "[".repeat(100_000) + "{\"usage\":{\"prompt_tokens\":1}}" + "]".repeat(100_000);

    Feed feed =
        Feed.json().body("{\"x\":" + deep + ",\"usage\":{\"prompt_tokens\":2}}").end();

    assertEquals(new Usage(2, -1, -1), feed.usage);
  }

  @Test
  void namesAndTypesOfAnyLengthPass() {
    String name = "n".repeat(100_000);

    Feed feed = Feed.stream()
        .body("data: {\"" + name + "\":1,\"type\":\"" + name + "\",\"usage\":{\"" + name
            + "\":2,\"prompt_tokens\":3}}\n\n");

    assertEquals(new Usage(3, -1, -1), feed.observer.usage());
  }

  private static Feed inRandomSlices(Random random, Feed feed, byte[] body) {
    for (int from = 0; from < body.length; ) {
      int end = Math.min(body.length, from + random.nextInt(40));
      feed.body(body, from, end);
      from = end;
    }
    return feed.end();
  }
}
