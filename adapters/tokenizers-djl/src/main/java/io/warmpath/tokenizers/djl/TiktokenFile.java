package io.warmpath.tokenizers.djl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lines of a token's bytes in Base64 and its rank. */
final class TiktokenFile {

  private static final int MAX_RANK = 1 << 24;

  private TiktokenFile() {}

  /** {@return ranks by the bytes of their tokens; each key is another array, in order of the file} */
  @SuppressWarnings("ArrayAsKeyOfSetOrMap") // jtokkit wants it so, and looks nothing up in it
  static Map<byte[], Integer> read(Path file) throws IOException {
    Map<byte[], Integer> ranks = new LinkedHashMap<>();
    BitSet taken = new BitSet();
    Set<String> tokens = new HashSet<>();
    BitSet bytes = new BitSet();
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isEmpty()) {
        continue;
      }
      byte[] token = token(file, i, line);
      int rank = rank(file, i, line);
      if (taken.get(rank) || !tokens.add(new String(token, StandardCharsets.ISO_8859_1))) {
        throw bad(file, i, "must have a token and a rank that no line before it has", line);
      }
      taken.set(rank);
      if (token.length == 1) {
        bytes.set(token[0] & 0xFF);
      }
      ranks.put(token, rank);
    }
    if (bytes.cardinality() < 256) {
      throw new IllegalArgumentException("%s: byte 0x%02X has no token; every byte must have one"
          .formatted(file.getFileName(), bytes.nextClearBit(0)));
    }
    return ranks;
  }

  static void checkSpecialTokens(Map<String, Integer> specialTokens, Map<byte[], Integer> ranks) {
    Set<Integer> taken = new HashSet<>(ranks.values());
    specialTokens.forEach((content, id) -> {
      if (content.isEmpty() || id < 0 || !taken.add(id)) {
        throw new IllegalArgumentException(
            "special token '%s' must not be empty and have an id of its own, at least 0; was %d"
                .formatted(content, id));
      }
    });
  }

  private static byte[] token(Path file, int at, String line) {
    int space = line.indexOf(' ');
    byte[] token = {};
    if (space > 0) {
      try {
        token = Base64.getDecoder().decode(line.substring(0, space));
      } catch (IllegalArgumentException e) {
        throw bad(file, at, "must begin with Base64 (" + e.getMessage() + ")", line);
      }
    }
    if (token.length == 0) {
      throw bad(file, at, "must be a token in Base64, a space and a rank", line);
    }
    return token;
  }

  private static int rank(Path file, int at, String line) {
    String digits = line.substring(line.indexOf(' ') + 1).strip();
    int rank = -1;
    if (digits.matches("[0-9]{1,9}")) {
      rank = Integer.parseInt(digits);
    }
    if (rank < 0 || rank >= MAX_RANK) {
      throw bad(file, at, "must end with a rank from 0 to " + (MAX_RANK - 1), line);
    }
    return rank;
  }

  private static IllegalArgumentException bad(Path file, int at, String rule, String line) {
    return new IllegalArgumentException(
        "%s: line %d %s, was '%s'".formatted(file.getFileName(), at + 1, rule, line));
  }
}
