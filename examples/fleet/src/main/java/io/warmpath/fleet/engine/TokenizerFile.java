package io.warmpath.fleet.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link FleetTokenizer} needs of a {@code tokenizer.json}.
 *
 * @param vocabulary id by token, in the byte-level alphabet
 * @param merges pairs, most frequent first
 * @param added id by text of the added tokens
 */
record TokenizerFile(
    Map<String, Integer> vocabulary, List<Merge> merges, Map<String, Integer> added) {

  record Merge(String left, String right) {}

  static TokenizerFile read(InputStream in) throws IOException {
    Map<String, Integer> vocabulary = new HashMap<>();
    List<Merge> merges = new ArrayList<>();
    Map<String, Integer> added = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(in)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("added_tokens")) {
          readAdded(json, added);
        } else if (field.equals("model")) {
          readModel(json, vocabulary, merges);
        } else {
          json.skipChildren();
        }
      }
    }
    return new TokenizerFile(vocabulary, merges, added);
  }

  private static void readAdded(JsonParser json, Map<String, Integer> added) throws IOException {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      int id = -1;
      String content = "";
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("id")) {
          id = json.getIntValue();
        } else if (field.equals("content")) {
          content = json.getText();
        }
      }
      added.put(content, id);
    }
  }

  private static void readModel(
      JsonParser json, Map<String, Integer> vocabulary, List<Merge> merges) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("vocab")) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          vocabulary.put(json.currentName(), json.nextIntValue(-1));
        }
      } else if (field.equals("merges")) {
        while (json.nextToken() == JsonToken.START_ARRAY) {
          merges.add(new Merge(json.nextTextValue(), json.nextTextValue()));
          json.nextToken();
        }
      } else {
        json.skipChildren();
      }
    }
  }
}
