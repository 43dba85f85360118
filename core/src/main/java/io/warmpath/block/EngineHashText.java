package io.warmpath.block;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code ENGINE:KIND[,setting=value…]}; for one text. */
final class EngineHashText {

  private static final String FORMS =
      "write vllm:ALGORITHM,version=VERSION[,seed=PYTHONHASHSEED][,lookahead=TOKENS]"
          + "[,hashes-per-block=N], sglang:NAMESPACE[,pairs=true] or tensorrt-llm:v1_block_key";

  private final String text;

  /** What no scheme has asked for yet. */
  private final Map<String, String> settings = new LinkedHashMap<>();

  EngineHashText(String text) {
    this.text = text;
  }

  EngineHashScheme scheme() {
    String[] parts = text.split(",", -1);
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = parts[i].substring(0, Math.max(0, equals)).trim();
      String value = parts[i].substring(equals + 1).trim();
      if (name.isEmpty() || value.isEmpty()) {
        throw refused("'" + parts[i] + "' is no setting=value; " + FORMS);
      }
      if (settings.put(name, value) != null) {
        throw refused("'" + name + "' is there twice");
      }
    }
    String head = parts[0].trim();
    int colon = head.indexOf(':');
    EngineHashScheme scheme =
        scheme(head.substring(0, Math.max(0, colon)), head.substring(colon + 1));
    if (!settings.isEmpty()) {
      throw refused("'" + settings.keySet().iterator().next() + "' is no setting here; " + FORMS);
    }
    return scheme;
  }

  private EngineHashScheme scheme(String engine, String kind) {
    return switch (engine) {
      case "vllm" -> vllm(choice("algorithm", kind, EnumSet.allOf(VllmHash.Algorithm.class)));
      case "sglang" -> sglang(kind);
      case "tensorrt-llm" -> tensorRtLlm(kind);
      default -> throw refused(FORMS);
    };
  }

  /** Not the keys of the storage, which are in no event. */
  private SglangHash sglang(String kind) {
    EnumSet<SglangHash.Namespace> announced =
        EnumSet.complementOf(EnumSet.of(SglangHash.Namespace.STORAGE));
    return new SglangHash(choice("namespace", kind, announced), pairs());
  }

  private EngineHashScheme tensorRtLlm(String kind) {
    if (!kind.equals("v1_block_key")) {
      throw refused("'" + kind + "' must be v1_block_key");
    }
    return EngineHashScheme.tensorRtLlm();
  }

  private VllmHash vllm(VllmHash.Algorithm algorithm) {
    String version = settings.remove("version");
    if (version == null) {
      throw refused(
          "vLLM's version is missing; add ,version=0.33.0, or whichever all engines have");
    }
    String seed = settings.remove("seed");
    int lookahead = number("lookahead", 0);
    int hashesPerBlock = number("hashes-per-block", 1);
    try {
      return new VllmHash(algorithm, version, seed, lookahead, hashesPerBlock, false);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private boolean pairs() {
    String value = settings.remove("pairs");
    if (value == null || value.equals("true") || value.equals("false")) {
      return "true".equals(value);
    }
    throw refused("pairs must be true or false, was '" + value + "'");
  }

  private int number(String name, int otherwise) {
    String value = settings.remove(name);
    try {
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw refused(name + " must be a number, was '" + value + "'");
    }
  }

  private <E extends Enum<E>> E choice(String what, String name, Set<E> choices) {
    return choices.stream()
        .filter(choice -> lowerCase(choice).equals(name))
        .findFirst()
        .orElseThrow(() -> refused(what + " must be one of "
            + choices.stream().map(EngineHashText::lowerCase).collect(Collectors.joining(", "))
            + ", was '" + name + "'"));
  }

  private static String lowerCase(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("engine hashes '" + text + "': " + why);
  }
}
