package io.warmpath.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.event.BlockExtras;
import io.warmpath.event.KvEvent;
import io.warmpath.index.Tier;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the golden files, and says in the plainest way what their events mean. */
final class Golden {

  private Golden() {}

  static byte[] bytes(String path) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + path)) {
      return Objects.requireNonNull(in, path).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Object json(String path) {
    return json(bytes(path));
  }

  static Object json(byte[] text) {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      return Objects.requireNonNull(value(parser));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        return map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        return list;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getBigIntegerValue();
      }
      case VALUE_NUMBER_FLOAT -> {
        return parser.getDoubleValue();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      default -> {
        return null;
      }
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> map(@Nullable Object value) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  static List<@Nullable Object> list(@Nullable Object value) {
    return (List<@Nullable Object>) Objects.requireNonNull(value);
  }

  /** Messages of a frames.bin. */
  static List<List<byte[]>> frames(String path) {
    return framesOf(bytes(path));
  }

  static List<List<byte[]>> framesOf(byte[] file) {
    List<List<byte[]>> messages = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
      for (int count = in.readInt(); count > 0; count--) {
        in.readDouble();
        List<byte[]> message = new ArrayList<>();
        for (int frames = in.readInt(); frames > 0; frames--) {
          message.add(in.readNBytes(in.readInt()));
        }
        messages.add(message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages;
  }

  static byte[] hex(@Nullable Object text) {
    return HexFormat.of().parseHex((String) Objects.requireNonNull(text));
  }

  /** What the sink should see of one decoded event. */
  static String expected(Map<String, @Nullable Object> event) {
    Tier tier = tier((String) event.get("medium"));
    BigInteger index = (BigInteger) event.get("group_idx");
    int group = index == null ? 0 : index.intValueExact();
    switch ((String) Objects.requireNonNull(event.get("type"))) {
      case "BlockStored" -> {
        Object parent = event.get("parent_block_hash");
        return text(new KvEvent.Stored(
            list(event.get("block_hashes")).stream().mapToLong(Golden::hash).toArray(),
            parent == null ? null : hash(parent),
            list(event.get("token_ids")).stream()
                .mapToInt(token -> ((BigInteger) Objects.requireNonNull(token)).intValueExact())
                .toArray(),
            ((BigInteger) Objects.requireNonNull(event.get("block_size"))).intValueExact(),
            tier,
            group,
            extras(event)));
      }
      case "BlockRemoved" -> {
        return text(new KvEvent.Removed(
            list(event.get("block_hashes")).stream().mapToLong(Golden::hash).toArray(),
            tier,
            group));
      }
      default -> {
        return text(new KvEvent.Cleared());
      }
    }
  }

  /** An event as text, with its tokens. */
  static String text(KvEvent event) {
    return event instanceof KvEvent.Stored stored
        ? stored + " " + Arrays.toString(stored.tokens())
        : event.toString();
  }

  private static Tier tier(@Nullable String medium) {
    return medium == null || medium.equals("GPU")
        ? Tier.GPU
        : medium.startsWith("CPU") ? Tier.CPU : Tier.DISK;
  }

  private static BlockExtras extras(Map<String, @Nullable Object> event) {
    String adapter = (String) event.get("lora_name");
    String salt = (String) event.get("cache_salt");
    boolean opaque = event.get("lora_id") != null && adapter == null;
    if (event.get("extra_keys") != null) {
      for (Object entry : list(event.get("extra_keys"))) {
        for (Object key : entry == null ? List.of() : list(entry)) {
          if (!(key instanceof String string)) {
            opaque = true;
          } else if (!key.equals(adapter)) {
            salt = string;
          }
        }
      }
    }
    String kind = (String) event.get("kv_cache_spec_kind");
    return new BlockExtras(adapter, salt, opaque, false, reach(kind, event));
  }

  private static int reach(@Nullable String kind, Map<String, @Nullable Object> event) {
    if (kind == null) {
      return BlockExtras.UNTOLD;
    }
    if (Set.of("full_attention", "mla_attention", "sink_full_attention").contains(kind)) {
      return BlockExtras.WHOLE_PREFIX;
    }
    if (kind.equals("mamba")) {
      return 1;
    }
    Object window = event.get("kv_cache_spec_sliding_window");
    return kind.startsWith("sliding_window") && window != null
        ? ((BigInteger) window).intValueExact() - 1
        : BlockExtras.NOT_REUSABLE;
  }

  private static long hash(@Nullable Object value) {
    if (value instanceof BigInteger number) {
      return number.longValue();
    }
    Map<String, @Nullable Object> map = map(value);
    if (map.containsKey("int")) {
      return new BigInteger((String) Objects.requireNonNull(map.get("int"))).longValue();
    }
    byte[] bytes = hex(map.containsKey("hex") ? map.get("hex") : map.get("bytes_hex"));
    return new BigInteger(bytes).longValue();
  }
}
