package io.warmpath.tokenizers.djl;

import com.knuddels.jtokkit.api.EncodingType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An encoding of OpenAI's; special tokens from tiktoken 0.14, {@code tiktoken_ext/openai_public.py}.
 *
 * @param words ranks and pattern
 * @param specialTokens content to id
 */
record OpenAiEncoding(EncodingType words, Map<String, Integer> specialTokens) {

  static OpenAiEncoding named(String name) {
    Map<String, OpenAiEncoding> all = all();
    OpenAiEncoding found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "encoding '%s' is not known; known: %s".formatted(name, all.keySet()));
    }
    return found;
  }

  private static Map<String, OpenAiEncoding> all() {
    Map<String, Integer> end = Map.of("<|endoftext|>", 50256);
    Map<String, OpenAiEncoding> all = new TreeMap<>();
    all.put("r50k_base", new OpenAiEncoding(EncodingType.R50K_BASE, end));
    all.put("p50k_base", new OpenAiEncoding(EncodingType.P50K_BASE, end));
    all.put(
        "p50k_edit",
        new OpenAiEncoding(
            EncodingType.P50K_EDIT,
            Map.of(
                "<|endoftext|>", 50256,
                "<|fim_prefix|>", 50281,
                "<|fim_middle|>", 50282,
                "<|fim_suffix|>", 50283)));
    all.put(
        "cl100k_base",
        new OpenAiEncoding(
            EncodingType.CL100K_BASE,
            Map.of(
                "<|endoftext|>", 100257,
                "<|fim_prefix|>", 100258,
                "<|fim_middle|>", 100259,
                "<|fim_suffix|>", 100260,
                "<|endofprompt|>", 100276)));
    all.put(
        "o200k_base",
        new OpenAiEncoding(
            EncodingType.O200K_BASE, Map.of("<|endoftext|>", 199999, "<|endofprompt|>", 200018)));
    all.put("o200k_harmony", new OpenAiEncoding(EncodingType.O200K_BASE, harmony()));
    return all;
  }

  /** Ids from 199998 on in order, the reserved ones to 201087; 200018 has two names. */
  private static Map<String, Integer> harmony() {
    Map<String, Integer> tokens = new HashMap<>();
    for (int id = 200_000; id <= 201_087; id++) {
      tokens.put("<|reserved_" + id + "|>", id);
    }
    List<String> named = List.of(
        "startoftext",
        "endoftext",
        "",
        "",
        "return",
        "constrain",
        "",
        "channel",
        "start",
        "end",
        "message",
        "",
        "",
        "",
        "call");
    for (int i = 0; i < named.size(); i++) {
      if (!named.get(i).isEmpty()) {
        int id = 199_998 + i;
        tokens.remove("<|reserved_" + id + "|>");
        tokens.put("<|" + named.get(i) + "|>", id);
      }
    }
    tokens.put("<|endofprompt|>", 200_018);
    return tokens;
  }
}
