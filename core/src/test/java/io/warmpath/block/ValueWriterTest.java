package io.warmpath.block;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.map;
import static io.warmpath.golden.GoldenJson.number;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.block.ExtraKey.Bytes;
import io.warmpath.block.ExtraKey.Int;
import io.warmpath.block.ExtraKey.Text;
import io.warmpath.block.ExtraKey.Tuple;
import io.warmpath.golden.GoldenReport;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pickle against CPython's own; CBOR against the examples of RFC 8949, appendix A, and our own. */
class ValueWriterTest {

  private final PickleWriter pickle = new PickleWriter();
  private final CborWriter cbor = new CborWriter();

  @Test
  @Tag("golden")
  void picklesAreThoseOfPython() {
    String name = "pickle5_vectors.json";
    GoldenReport.file(name, bytes -> {
      Object file = parse(bytes);
      GoldenReport.cases(name, longNumber(file, "count"), list(file, "cases"), one -> {
        pickle.start();
        write(at(one, "value"), new HashMap<>());
        pickle.finish();

        byte[] written = pickle.written().toArray();
        if (map(one).containsKey("pickle_hex")) {
          assertEquals(text(one, "pickle_hex"), hex(written));
        }
        assertEquals(number(one, "size"), written.length);
        assertEquals(text(one, "sha256"), hex(Digester.sha256().digest(pickle.written())));
      });
    });
  }

  private void write(@Nullable Object value, Map<String, Text> shared) {
    if (value == null) {
      pickle.none();
    } else if (value instanceof Long number) {
      pickle.integer(number);
    } else if (value instanceof String text) {
      pickle.text(new Text(text));
    } else if (value instanceof List<?> members) {
      pickle.openTuple(members.size());
      members.forEach(member -> write(member, shared));
      pickle.closeTuple(members.size());
    } else if (map(value).containsKey("int")) {
      writeInteger(new BigInteger(text(value, "int")));
    } else if (map(value).containsKey("bytes")) {
      byte[] bytes = new byte[number(value, "bytes")];
      Arrays.fill(bytes, (byte) number(value, "byte"));
      pickle.bytes(bytes, 0, bytes.length);
    } else if (map(value).containsKey("letters")) {
      pickle.text(new Text(text(value, "letter").repeat(number(value, "letters"))));
    } else if (map(value).containsKey("range")) {
      long from = (Long) list(value, "range").get(0);
      long to = (Long) list(value, "range").get(1);
      int[] tokens = new int[(int) (to - from)];
      Arrays.setAll(tokens, i -> (int) from + i);
      pickle.tokens(tokens, 0, tokens.length);
    } else if (map(value).containsKey("texts")) {
      int count = number(value, "texts");
      pickle.openTuple(count);
      for (int i = 0; i < count; i++) {
        pickle.text(new Text("%s%04d".formatted(text(value, "prefix"), i)));
      }
      pickle.closeTuple(count);
    } else {
      pickle.text(shared.computeIfAbsent(text(value, "same"), Text::new));
    }
  }

  private void writeInteger(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      pickle.integer(value.longValue());
    } else {
      byte[] bytes = value.toByteArray();
      pickle.unsigned(bytes, 0, bytes.length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "23, 17",
    "24, 1818",
    "255, 18ff",
    "256, 190100",
    "65535, 19ffff",
    "65536, 1a00010000",
    "4294967295, 1affffffff",
    "4294967296, 1b0000000100000000",
    "9223372036854775807, 1b7fffffffffffffff",
    "-1, 20",
    "-24, 37",
    "-25, 3818",
    "-256, 38ff",
    "-257, 390100",
    "-9223372036854775808, 3b7fffffffffffffff",
  })
  void cborIntegersAreAsShortAsCanBe(long value, String expected) {
    assertEquals(expected, cbor(new Int(value)));
    byte[] bytes = BigInteger.valueOf(value).toByteArray();
    if (value >= 0) {
      cbor.start();
      cbor.unsigned(bytes, 0, bytes.length);
      assertEquals(expected, hex(cbor.written().toArray()));
    }
  }

  @Test
  void cborTokensAreIntegersWithoutSign() {
    cbor.start();

    cbor.tokens(
        new int[] {9, 23, 24, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000, -1, 9}, 1, 10);

    assertEquals(
        "89" + "17" + "1818" + "18ff" + "190100" + "19ffff" + "1a00010000" + "1a7fffffff"
            + "1a80000000" + "1affffffff",
        hex(cbor.written().toArray()));
  }

  @Test
  void cborIntegersBeyond64BitsAreBignums() {
    byte[] bytes = BigInteger.ONE.shiftLeft(64).toByteArray();
    cbor.start();

    cbor.unsigned(bytes, 0, bytes.length);

    assertEquals("c249010000000000000000", hex(cbor.written().toArray()));
  }

  @Test
  void cborTextsTuplesBytesAndNoneAreOfDefiniteLength() {
    assertEquals("80", cbor(new Tuple(List.of())));
    assertEquals(
        "8462c3bc" + "63e6b0b4" + "4401020304" + "f6",
        cbor(Tuple.of(
            new Text("\u00fc"),
            new Text("\u6c34"),
            new Bytes(new byte[] {1, 2, 3, 4}),
            ExtraKey.None.NONE)));
    assertEquals("590100" + "00".repeat(256), cbor(new Bytes(new byte[256])));
    assertEquals("7818" + "61".repeat(24), cbor(new Text("a".repeat(24))));
  }

  private String cbor(ExtraKey value) {
    cbor.start();
    cbor.value(value);
    cbor.finish();
    return hex(cbor.written().toArray());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
