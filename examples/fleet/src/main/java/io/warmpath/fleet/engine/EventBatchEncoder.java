package io.warmpath.fleet.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a batch of KV events as vLLM 0.32 does: msgpack, an array {@code [unix seconds, [events], rank 0]}, each event
 * a map that begins with its {@code type}; members that are absent there are absent here.
 *
 * <p>Source: recordings of a vLLM 0.32.0 engine, reproduced byte for byte by the tests; msgpack specification for the
 * forms, the shortest of each. <b>Threads:</b> one.
 */
final class EventBatchEncoder {

  private static final byte NIL = (byte) 0xc0;
  private static final byte FLOAT_64 = (byte) 0xcb;

  private byte[] buffer = new byte[4096];
  private int size;

  /** {@return the message's payload} */
  byte[] encode(double unixSeconds, List<CacheEvent> events) {
    size = 0;
    array(3);
    append(FLOAT_64);
    bigEndian(Double.doubleToRawLongBits(unixSeconds), Long.BYTES);
    array(events.size());
    events.forEach(this::event);
    unsigned(0);
    return Arrays.copyOf(buffer, size);
  }

  private void event(CacheEvent event) {
    if (event instanceof CacheEvent.Stored stored) {
      stored(stored);
    } else if (event instanceof CacheEvent.Removed removed) {
      map(4);
      member("type", "BlockRemoved");
      text("block_hashes");
      array(1);
      unsigned(removed.hash());
      member("medium", "GPU");
      text("group_idx");
      unsigned(0);
    } else {
      map(1);
      member("type", "AllBlocksCleared");
    }
  }

  private void stored(CacheEvent.Stored stored) {
    map(11);
    member("type", "BlockStored");
    text("block_hashes");
    array(stored.hashes().length);
    for (long hash : stored.hashes()) {
      unsigned(hash);
    }
    text("parent_block_hash");
    if (stored.hasParent()) {
      unsigned(stored.parent());
    } else {
      append(NIL);
    }
    text("token_ids");
    array(stored.tokenIds().length);
    for (int token : stored.tokenIds()) {
      unsigned(token);
    }
    text("block_size");
    unsigned(stored.blockSize());
    nilMember("lora_id");
    member("medium", "GPU");
    nilMember("lora_name");
    extraKeys(stored);
    text("group_idx");
    unsigned(0);
    member("kv_cache_spec_kind", "full_attention");
  }

  private void extraKeys(CacheEvent.Stored stored) {
    text("extra_keys");
    array(stored.hashes().length);
    for (int i = 0; i < stored.hashes().length; i++) {
      if (i == 0 && !stored.salt().isEmpty()) {
        array(1);
        text(stored.salt());
      } else {
        append(NIL);
      }
    }
  }

  private void member(String name, String value) {
    text(name);
    text(value);
  }

  private void nilMember(String name) {
    text(name);
    append(NIL);
  }

  private void map(int members) {
    append((byte) (0x80 | members));
  }

  private void array(int length) {
    if (length < 16) {
      append((byte) (0x90 | length));
    } else if (length < 0x10000) {
      sized(0xdc, length, Short.BYTES);
    } else {
      sized(0xdd, length, Integer.BYTES);
    }
  }

  private void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (utf8.length < 32) {
      append((byte) (0xa0 | utf8.length));
    } else if (utf8.length < 0x100) {
      sized(0xd9, utf8.length, Byte.BYTES);
    } else if (utf8.length < 0x10000) {
      sized(0xda, utf8.length, Short.BYTES);
    } else {
      sized(0xdb, utf8.length, Integer.BYTES);
    }
    ensure(utf8.length);
    System.arraycopy(utf8, 0, buffer, size, utf8.length);
    size += utf8.length;
  }

  /** All 64 bits count: a block hash may look negative. */
  private void unsigned(long value) {
    if (value >= 0 && value < 0x80) {
      append((byte) value);
    } else if (value >>> 8 == 0) {
      sized(0xcc, value, Byte.BYTES);
    } else if (value >>> 16 == 0) {
      sized(0xcd, value, Short.BYTES);
    } else if (value >>> 32 == 0) {
      sized(0xce, value, Integer.BYTES);
    } else {
      sized(0xcf, value, Long.BYTES);
    }
  }

  private void sized(int head, long value, int bytes) {
    append((byte) head);
    bigEndian(value, bytes);
  }

  private void bigEndian(long value, int bytes) {
    ensure(bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      buffer[size++] = (byte) (value >>> (8 * i));
    }
  }

  private void append(byte value) {
    ensure(1);
    buffer[size++] = value;
  }

  private void ensure(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
  }
}
