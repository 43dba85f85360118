package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ImmutableValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** KV events over a real socket, read with another msgpack decoder. */
@Tag("slow")
class KvEventsTest {

  private static final String PROMPT =
      "the quick brown fox jumps over the lazy dog ".repeat(20).strip();
  private static final int BOUND_MILLIS = 10_000;
  private static final int HANDSHAKE_MILLIS = 500;
  private final ZContext context = new ZContext();
  private SimulatedEngine engine;
  private EngineClient client;
  private long next;

  @BeforeEach
  void start() {
    engine = new SimulatedEngine(EngineConfig.builder()
            .timeScale(1000)
            .kvTopic("kv@e1@m")
            .modelName("m")
            .kvBlocks(40)
            .replayBatches(8)
            .build())
        .start();
    client = new EngineClient(engine);
  }

  @AfterEach
  void close() {
    engine.close();
    context.close();
  }

  @Test
  void theFirstBatchIsClearedThenTheBlocksOfThePrompt() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":1");

    Message message = receive();

    int[] tokens = engine.tokenizer().encode(PROMPT, true);
    HashChain chain = new BlockHashes("0", 16).chain("");
    chain.extendTo(tokens, tokens.length);
    assertEquals("kv@e1@m", message.topic);
    assertEquals(0, message.sequence);
    assertEquals(List.of("AllBlocksCleared", "BlockStored"), message.types());
    Map<Value, Value> stored = message.event(1);
    assertArrayEquals(chain.hashes(0, chain.length()), longs(stored, "block_hashes"));
    int[] covered = java.util.Arrays.copyOf(tokens, chain.length() * 16);
    assertArrayEquals(
        java.util.Arrays.stream(covered).asLongStream().toArray(), longs(stored, "token_ids"));
    assertTrue(member(stored, "parent_block_hash").isNilValue());
    assertEquals(16, member(stored, "block_size").asIntegerValue().asInt());
    assertEquals(0, message.batch.asArrayValue().get(2).asIntegerValue().asInt());
  }

  @Test
  void aSubscriberGetsThreeFramesAndTheBytesThatAreReplayed() throws Exception {
    ZMQ.Socket subscriber = context.createSocket(SocketType.SUB);
    subscriber.setHandshakeIvl(HANDSHAKE_MILLIS);
    subscriber.setReceiveTimeOut(100);
    subscriber.subscribe("kv@");
    subscriber.connect(engine.kvEventEndpoint());

    byte[] topic = null;
    for (int i = 0;
        topic == null && i < 100;
        i++) { // until the subscription has reached the engine
      client.complete("prompt number " + i + " " + PROMPT, ",\"max_tokens\":1");
      topic = subscriber.recv();
    }
    byte[] sequence = subscriber.recv();
    byte[] payload = subscriber.recv();

    assertEquals("kv@e1@m", new String(topic, StandardCharsets.UTF_8));
    assertFalse(subscriber.hasReceiveMore());
    next = ByteBuffer.wrap(sequence).getLong();
    assertArrayEquals(receive().payload, payload);
  }

  @Test
  void blocksOfTheAnswerFollowWithTheirParentAndAHitIsSilent() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":30");
    Message prompt = receive();
    Message answer = receive();

    long[] promptHashes = longs(prompt.event(1), "block_hashes");
    Map<Value, Value> stored = answer.event(0);
    assertEquals(1, answer.sequence);
    assertEquals(1, longs(stored, "block_hashes").length);
    assertEquals(promptHashes[promptHashes.length - 1], bits(member(stored, "parent_block_hash")));
  }

  @Test
  void aSaltIsShownAtTheFirstBlockOnly() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":1,\"cache_salt\":\"tenant-7\"");

    List<Value> keys = member(receive().event(1), "extra_keys").asArrayValue().list();

    assertEquals("[\"tenant-7\"]", keys.get(0).toJson());
    assertTrue(keys.stream().skip(1).allMatch(Value::isNilValue));
  }

  @Test
  void evictionsComeBeforeWhatIsStoredInTheirPlace() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":1");
    long[] first = longs(receive().event(1), "block_hashes");
    client.post("/v1/completions", "{\"prompt\":[" + "9,".repeat(599) + "9],\"max_tokens\":1}");

    Message message = receive();

    List<String> types = message.types();
    assertTrue(types.size() > 2, types::toString);
    assertEquals("BlockRemoved", types.get(0));
    assertEquals("BlockStored", types.get(types.size() - 1));
    assertArrayEquals(
        new long[] {first[first.length - 1]}, longs(message.event(0), "block_hashes"));
  }

  @Test
  void replayGivesWhatWasSentFromTheAskedNumberToTheEnd() throws Exception {
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      client.complete("prompt number " + i + " " + PROMPT, ",\"max_tokens\":1");
      sent.add(receive().payload);
    }

    List<List<byte[]>> replayed = replay(3);

    assertEquals(3, replayed.size());
    assertEquals("kv@e1@m", new String(replayed.get(0).get(1), StandardCharsets.UTF_8));
    assertEquals(3, ByteBuffer.wrap(replayed.get(0).get(2)).getLong());
    assertArrayEquals(sent.get(3), replayed.get(0).get(3));
    assertArrayEquals(sent.get(4), replayed.get(1).get(3));
    assertEquals(-1, ByteBuffer.wrap(replayed.get(2).get(2)).getLong());
    assertEquals(1, replay(99).size());
    assertEquals(1, replay(-1).size());
  }

  @Test
  void replayHoldsOnlyTheNewestBatches() throws Exception {
    for (int i = 0; i < 11; i++) {
      client.complete("prompt number " + i + " " + PROMPT, ",\"max_tokens\":1");
      receive();
    }

    List<List<byte[]>> replayed = replay(0);

    assertEquals(9, replayed.size());
    assertEquals(3, ByteBuffer.wrap(replayed.get(0).get(2)).getLong());
  }

  @Test
  void aReplayRequestOfAnotherFormGetsNoAnswerAndDoesNoHarm() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":1");
    ZMQ.Socket dealer = dealer();
    dealer.sendMore("");
    dealer.sendMore("");
    dealer.send(new byte[8]); // a frame too many: batch 0 would be the answer
    dealer.sendMore("");
    dealer.send(new byte[3]); // not a number
    dealer.sendMore("");
    dealer.send(ByteBuffer.allocate(8).putLong(99).array());

    assertEquals(-1, ByteBuffer.wrap(frames(dealer).get(2)).getLong());
    assertEquals(2, engine.stats().badReplayRequests());
  }

  @Test
  void aRestartBeginsAtZeroOnTheSamePorts() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":30");
    receive();
    assertEquals(1, receive().sequence);
    String endpoint = engine.kvEventEndpoint();

    engine.restart();
    next = 0;

    assertEquals(endpoint, engine.kvEventEndpoint());
    client.complete(PROMPT, ",\"max_tokens\":1");
    Message message = receive();
    assertEquals(0, message.sequence);
    assertEquals(List.of("AllBlocksCleared", "BlockStored"), message.types());
  }

  @Test
  void aResetIsAnnouncedWithTheNextStep() throws Exception {
    client.complete(PROMPT, ",\"max_tokens\":1");
    receive();
    client.post("/reset_prefix_cache", "");
    client.complete(PROMPT, ",\"max_tokens\":1");

    assertEquals(List.of("AllBlocksCleared", "BlockStored"), receive().types());
  }

  @Test
  void theSourcesSayWhereTheEventsAre() throws Exception {
    Object source = Golden.at(Golden.json(client.get("/kv_event_sources").body()), "0");

    String port = engine.kvEventEndpoint().substring(engine.kvEventEndpoint().lastIndexOf(':'));
    assertEquals("tcp://*" + port, Golden.text(source, "endpoint"));
    assertEquals("kv@e1@m", Golden.text(source, "topic"));
    assertEquals(8, Golden.number(source, "buffer_steps"));
  }

  private record Message(String topic, long sequence, byte[] payload, Value batch) {
    Map<Value, Value> event(int i) {
      return batch.asArrayValue().get(1).asArrayValue().get(i).asMapValue().map();
    }

    List<String> types() {
      List<String> types = new ArrayList<>();
      for (Value event : batch.asArrayValue().get(1).asArrayValue()) {
        types.add(member(event.asMapValue().map(), "type").asStringValue().asString());
      }
      return types;
    }
  }

  private static Value member(Map<Value, Value> event, String name) {
    Value value = event.get(ValueFactory.newString(name));
    assertTrue(value != null, () -> "no " + name + " in " + event);
    return value;
  }

  private static long[] longs(Map<Value, Value> event, String name) {
    return member(event, name).asArrayValue().list().stream()
        .mapToLong(KvEventsTest::bits)
        .toArray();
  }

  private static long bits(Value integer) {
    return integer.asIntegerValue().toBigInteger().longValue();
  }

  /**
   * {@return the next batch, by replay: unlike a subscriber, who may come too late, that misses none} The batch
   * may come a moment after the answer whose step it tells of.
   */
  private Message receive() throws IOException {
    long began = System.nanoTime();
    List<byte[]> frames = replay(next).get(0);
    while (sequence(frames) < 0 && System.nanoTime() - began < BOUND_MILLIS * 1_000_000L) {
      frames = replay(next).get(0);
    }
    assertEquals(next++, sequence(frames), "no such batch");
    return message(frames.subList(1, 4));
  }

  private static long sequence(List<byte[]> frames) {
    return ByteBuffer.wrap(frames.get(2)).getLong();
  }

  private static Message message(List<byte[]> frames) throws IOException {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(frames.get(2))) {
      ImmutableValue batch = unpacker.unpackValue();
      return new Message(
          new String(frames.get(0), StandardCharsets.UTF_8),
          ByteBuffer.wrap(frames.get(1)).getLong(),
          frames.get(2),
          batch);
    }
  }

  private static List<byte[]> frames(ZMQ.Socket socket) {
    List<byte[]> frames = new ArrayList<>();
    do {
      byte[] frame = socket.recv();
      assertTrue(frame != null, "nothing came in time");
      frames.add(frame);
    } while (socket.hasReceiveMore());
    return frames;
  }

  private List<List<byte[]>> replay(long from) {
    ZMQ.Socket dealer = dealer();
    dealer.sendMore("");
    dealer.send(ByteBuffer.allocate(8).putLong(from).array());
    List<List<byte[]>> answers = new ArrayList<>();
    do {
      List<byte[]> answer = frames(dealer);
      assertEquals(4, answer.size());
      answers.add(answer);
    } while (sequence(answers.get(answers.size() - 1)) != -1);
    dealer.close();
    return answers;
  }

  private ZMQ.Socket dealer() {
    ZMQ.Socket dealer = context.createSocket(SocketType.DEALER);
    dealer.setHandshakeIvl(HANDSHAKE_MILLIS);
    dealer.setReceiveTimeOut(BOUND_MILLIS);
    dealer.connect(engine.kvReplayEndpoint());
    return dealer;
  }
}
