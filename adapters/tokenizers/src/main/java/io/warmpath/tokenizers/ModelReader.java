package io.warmpath.tokenizers;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code model.vocab} and {@code model.merges}, wherever in the file they are. */
final class ModelReader {

  private static final String VERSION_LINE = "#version";
  private static final int ABSENT = -1;

  /** Longer tokens are read as strings. */
  private static final int MAX_TOKEN_BYTES = 1 << 16;

  private final JsonCursor json;
  private final byte[] token;
  private final Vocabulary vocabulary = new Vocabulary();

  /** Tokens that do not stand for bytes. */
  private final Map<String, Integer> others = new HashMap<>();

  /** Three ids for each merge: left, right, both. */
  private int[] merged = new int[1 << 12];

  private int merges;
  private boolean isIndexed;
  private boolean hasMerges;
  private int mergesAt = ABSENT;

  /**
   * @param json the whole file
   * @param length of the file, in bytes
   */
  ModelReader(JsonCursor json, int length) {
    this.json = json;
    this.token = new byte[Math.min(length, MAX_TOKEN_BYTES)];
  }

  /** Reads {@code model.vocab}, an object; it is next. */
  void readVocabulary() throws IOException {
    json.expect('{');
    for (boolean first = true; json.hasNext(first, '}'); first = false) {
      readToken();
    }
    others.forEach((name, id) -> vocabulary.addOther(id, ByteAlphabet.bytes(name)));
    vocabulary.index();
    isIndexed = true;
  }

  /** Reads {@code model.merges}, an array, or notes where it is until the tokens are known. */
  void readMerges() throws IOException {
    hasMerges = true;
    if (!isIndexed) {
      mergesAt = json.at();
      json.span();
      return;
    }
    json.expect('[');
    for (boolean first = true; json.hasNext(first, ']'); first = false) {
      int at = json.at();
      int end = json.peek() == '[' ? readPair() : json.readByteLevel(token, 0, true);
      if (end == JsonCursor.NOT_BYTE_LEVEL || !add(end)) {
        json.moveTo(at);
        readOther();
      }
    }
  }

  /** {@return whether there are merges, which no other model has} */
  boolean hasMerges() {
    return hasMerges;
  }

  /** {@return the tokens of the model} */
  Vocabulary vocabulary() {
    return vocabulary;
  }

  private void readToken() throws IOException {
    int at = json.at();
    int length = json.readByteLevel(token, 0, false);
    if (length > 0) {
      json.expect(':');
      vocabulary.add(id(at), token, length);
    } else {
      String name = json.name();
      others.put(name, id(at));
    }
  }

  private int id(int nameAt) throws IOException {
    long id = json.integer();
    if (id < 0 || id >= MergeTable.MAX_IDS) {
      json.moveTo(nameAt);
      throw new IllegalArgumentException(
          "tokenizer.json: model.vocab['%s'] must be in [0, %d), was %d"
              .formatted(json.string(), MergeTable.MAX_IDS, id));
    }
    return (int) id;
  }

  /** {@return the ids of the tokens that the 256 bytes have, -1 for those that have none} */
  int[] byteTokens() {
    int[] tokens = new int[256];
    byte[] one = new byte[1];
    for (int b = 0; b < tokens.length; b++) {
      one[0] = (byte) b;
      tokens[b] = vocabulary.find(one, 0, 1);
    }
    return tokens;
  }

  /**
   * Returns the merges, lines "a b" or pairs ["a", "b"] in the file. What tokens are merged that do
   * not stand for bytes is left out, as no text becomes such tokens.
   */
  MergeTable merges() throws IOException {
    if (mergesAt != ABSENT) {
      isIndexed = true;
      json.moveTo(mergesAt);
      mergesAt = ABSENT;
      readMerges();
    }
    if (merges > MergeTable.MAX_MERGES) {
      throw new IllegalArgumentException("tokenizer.json: model.merges must be at most %d, were %d"
          .formatted(MergeTable.MAX_MERGES, merges));
    }
    MergeTable table = new MergeTable(merges);
    for (int i = 0; i < 3 * merges; i += 3) {
      table.add(merged[i], merged[i + 1], merged[i + 2]);
    }
    return table;
  }

  /** Reads a pair into {@link #token}; the second half begins where its call said. */
  private int readPair() throws IOException {
    json.expect('[');
    int middle = json.readByteLevel(token, 0, false);
    if (middle == JsonCursor.NOT_BYTE_LEVEL || json.peek() != ',') {
      return JsonCursor.NOT_BYTE_LEVEL;
    }
    json.expect(',');
    if (json.peek() != '"') {
      return JsonCursor.NOT_BYTE_LEVEL;
    }
    int end = json.readByteLevel(token, middle, false);
    if (end == JsonCursor.NOT_BYTE_LEVEL || json.peek() != ']') {
      return JsonCursor.NOT_BYTE_LEVEL;
    }
    json.expect(']');
    return end;
  }

  /** {@return whether these are two tokens that make a third; then they are kept} */
  private boolean add(int end) {
    int split = json.split();
    int left = vocabulary.find(token, 0, split);
    int right = vocabulary.find(token, split, end);
    // Mostly the tokens are in the order of the merges that make them.
    int both = merges > 0 ? merged[3 * merges - 1] + 1 : 0;
    if (!vocabulary.is(both, token, 0, end)) {
      both = vocabulary.find(token, 0, end);
    }
    if (left < 0 || right < 0 || both < 0) {
      return false;
    }
    if (3 * merges + 3 > merged.length) {
      merged = Arrays.copyOf(merged, 2 * merged.length);
    }
    merged[3 * merges] = left;
    merged[3 * merges + 1] = right;
    merged[3 * merges + 2] = both;
    merges++;
    return true;
  }

  /** Checks a merge that is out of the ordinary; throws if there is no such thing. */
  private void readOther() throws IOException {
    String left;
    String right;
    if (json.peek() == '"') {
      String line = json.string();
      String[] pair = line.split(" ", -1);
      if (line.startsWith(VERSION_LINE)) {
        return;
      }
      if (pair.length != 2) {
        throw badMerge(line);
      }
      left = pair[0];
      right = pair[1];
    } else {
      int length = json.span();
      Object value = json.read(json.at() - length, length);
      if (!(value instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof String first
          && pair.get(1) instanceof String second)) {
        throw badMerge(String.valueOf(value));
      }
      left = first;
      right = second;
    }
    if (!isToken(left) || !isToken(right) || !isToken(left + right)) {
      throw badMerge("'" + left + "' and '" + right + "'");
    }
  }

  private boolean isToken(String name) {
    byte[] bytes = ByteAlphabet.bytes(name);
    return others.containsKey(name)
        || (ByteAlphabet.isByteLevel(name) && vocabulary.find(bytes, 0, bytes.length) >= 0);
  }

  private IllegalArgumentException badMerge(String found) {
    return new IllegalArgumentException(
        ("tokenizer.json: model.merges[%d] must be two tokens of model.vocab that make a third,"
                + " was %s")
            .formatted(merges, found));
  }
}
