package io.warmpath.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Makes event batches with msgpack-core. */
final class Batches {

  private Batches() {}

  /** A batch of one event that removes one block; the time makes it unlike any other. */
  static byte[] removal(double time, long hash) {
    return pack(List.of(
        time,
        List.of(Map.of("type", "BlockRemoved", "block_hashes", List.of(hash), "medium", "GPU")),
        0));
  }

  static byte[] pack(@Nullable Object value) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      pack(packer, value);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pack(MessageBufferPacker packer, @Nullable Object value) throws IOException {
    if (value == null) {
      packer.packNil();
    } else if (value instanceof Long || value instanceof Integer) {
      packer.packLong(((Number) value).longValue());
    } else if (value instanceof Double number) {
      packer.packDouble(number);
    } else if (value instanceof Float number) {
      packer.packFloat(number);
    } else if (value instanceof Boolean truth) {
      packer.packBoolean(truth);
    } else if (value instanceof String text) {
      packer.packString(text);
    } else if (value instanceof byte[] bytes) {
      packer.packBinaryHeader(bytes.length);
      packer.writePayload(bytes);
    } else if (value instanceof java.math.BigInteger number) {
      packer.packBigInteger(number);
    } else if (value instanceof List<?> list) {
      packer.packArrayHeader(list.size());
      for (Object member : list) {
        pack(packer, member);
      }
    } else if (value instanceof Map<?, ?> map) {
      packer.packMapHeader(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        pack(packer, entry.getKey());
        pack(packer, entry.getValue());
      }
    } else {
      throw new IllegalArgumentException(value.getClass().getName());
    }
  }
}
