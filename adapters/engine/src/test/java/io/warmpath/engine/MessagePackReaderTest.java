package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** The reader against msgpack-core on random values. */
class MessagePackReaderTest {

  private final MessagePackReader reader = new MessagePackReader();

  @Test
  void randomValuesReadAsMsgpackCoreReadsThem() throws IOException {
    for (int seed = 0; seed < 1_000; seed++) {
      byte[] bytes = Batches.pack(value(new Random(seed), 0));

      reader.wrap(bytes, 0, bytes.length);
      assertTrue(reader.isWellFormed(), "seed " + seed);
      assertEquals(bytes.length, reader.position(), "seed " + seed);
      reader.position(0);
      try (MessageUnpacker other = MessagePack.newDefaultUnpacker(bytes)) {
        compare(other, bytes, "seed " + seed);
      }
      assertEquals(bytes.length, reader.position(), "seed " + seed);
      reader.position(0);
      reader.skip();
      assertEquals(bytes.length, reader.position(), "seed " + seed);
    }
  }

  @Test
  void extensionsAreSkipped() {
    byte[] bytes = {(byte) 0x92, (byte) 0xd6, 1, 2, 3, 4, 5, (byte) 0xc7, 2, 9, 1, 1};
    reader.wrap(bytes, 0, bytes.length);

    assertTrue(reader.isWellFormed());
    assertEquals(bytes.length, reader.position());
  }

  @Test
  void thirtyTwoContainersAreTheLimit() {
    byte[] bytes = new byte[40];
    java.util.Arrays.fill(bytes, (byte) 0x91);
    bytes[32] = 1;
    reader.wrap(bytes, 0, 33);
    assertTrue(reader.isWellFormed());

    bytes[32] = (byte) 0x91;
    bytes[33] = 1;
    reader.wrap(bytes, 0, 34);
    assertFalse(reader.isWellFormed());
  }

  private void compare(MessageUnpacker other, byte[] bytes, String seed) throws IOException {
    ValueType type = other.getNextFormat().getValueType();
    int kind = reader.next();
    switch (type) {
      case NIL -> {
        other.unpackNil();
        assertEquals(MessagePackReader.NIL, kind, seed);
      }
      case BOOLEAN -> {
        other.unpackBoolean();
        assertEquals(MessagePackReader.BOOLEAN, kind, seed);
      }
      case INTEGER -> {
        assertEquals(MessagePackReader.INTEGER, kind, seed);
        assertEquals(other.unpackBigInteger().longValue(), reader.number(), seed);
      }
      case FLOAT -> {
        other.unpackDouble();
        assertEquals(MessagePackReader.FLOAT, kind, seed);
      }
      case STRING -> {
        int text = other.unpackRawStringHeader();
        assertEquals(MessagePackReader.STRING, kind, seed);
        compareBytes(other, text, bytes, seed);
      }
      case BINARY -> {
        int length = other.unpackBinaryHeader();
        assertEquals(MessagePackReader.BINARY, kind, seed);
        compareBytes(other, length, bytes, seed);
      }
      case ARRAY -> {
        int members = other.unpackArrayHeader();
        assertEquals(MessagePackReader.ARRAY, kind, seed);
        assertEquals(members, reader.count(), seed);
        for (int i = 0; i < members; i++) {
          compare(other, bytes, seed);
        }
      }
      default -> {
        int pairs = other.unpackMapHeader();
        assertEquals(MessagePackReader.MAP, kind, seed);
        assertEquals(pairs, reader.count(), seed);
        for (int i = 0; i < 2 * pairs; i++) {
          compare(other, bytes, seed);
        }
      }
    }
  }

  private void compareBytes(MessageUnpacker other, int length, byte[] bytes, String seed)
      throws IOException {
    assertEquals(length, reader.count(), seed);
    byte[] payload = other.readPayload(length);
    for (int i = 0; i < length; i++) {
      assertEquals(payload[i], bytes[reader.from() + i], seed);
    }
  }

  /** A random value whose sizes and numbers reach each of the format's sizes. */
  private static @Nullable Object value(Random random, int depth) {
    int[] sizes = {0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536};
    switch (random.nextInt(depth < 3 ? 10 : 7)) {
      case 0 -> {
        return null;
      }
      case 1 -> {
        return random.nextBoolean();
      }
      case 2 -> {
        return random.nextLong() >> random.nextInt(64);
      }
      case 3 -> {
        return new BigInteger(64, random);
      }
      case 4 -> {
        return random.nextBoolean() ? (Object) random.nextDouble() : (Object) random.nextFloat();
      }
      case 5 -> {
        return "x".repeat(sizes[random.nextInt(depth < 2 ? 10 : 6)]);
      }
      case 6 -> {
        return new byte[sizes[random.nextInt(depth < 2 ? 10 : 6)]];
      }
      case 7 -> {
        Map<Object, @Nullable Object> map = new HashMap<>();
        for (int i = random.nextInt(20); i > 0; i--) {
          map.put("key" + i, value(random, depth + 1));
        }
        return map;
      }
      default -> {
        List<@Nullable Object> list = new ArrayList<>();
        int size = depth == 0 && random.nextInt(20) == 0 ? 70_000 : random.nextInt(20);
        for (int i = 0; i < size; i++) {
          list.add(size > 20 ? (Object) i : value(random, depth + 1));
        }
        return list;
      }
    }
  }
}
