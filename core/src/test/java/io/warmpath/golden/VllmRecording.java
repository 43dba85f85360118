package io.warmpath.golden;

import static io.warmpath.golden.GoldenJson.findText;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;

import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.VllmHash;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a real vLLM 0.32 was sent and what it announced, in the files of a folder.
 *
 * @param name the folder in {@code vllm_real}
 */
public record VllmRecording(String name) {

  private static final String VERSION = "0.32.0";

  private static final List<String> COVERED = List.of(
      "e1_sha256_cbor",
      "e2_xxhash_cbor",
      "e3_sha256_pickle_seed_unset",
      "e4_sha256_cbor_seed_unset_bytes");

  /** {@return those that are covered and what else there is in the directory given} */
  public static List<VllmRecording> all() {
    return GoldenFiles.names("vllm_real", true, COVERED).stream()
        .map(VllmRecording::new)
        .toList();
  }

  /** {@return the golden file's name} */
  public String file(String of) {
    return "vllm_real/" + name + "/" + of;
  }

  /** {@return whether there is a file that says what was sent, and how the engine hashed it} */
  public boolean hasPrompts() {
    return GoldenFiles.read(file("vectors.json")).isPresent();
  }

  /** {@return the prompts sent, each with its hashes and the events that came of it} */
  public List<?> prompts() {
    return list(parse(GoldenFiles.read(file("vectors.json")).orElseThrow()));
  }

  /** {@return how the engine hashed} */
  public VllmHash scheme() {
    return scheme(prompts().get(0));
  }

  /** {@return how the engine hashed this prompt} */
  public static VllmHash scheme(Object prompt) {
    String seed = findText(prompt, "pythonhashseed");
    return EngineHashScheme.vllm(
        VllmHash.Algorithm.valueOf(text(prompt, "hash_algo").toUpperCase(Locale.ROOT)),
        VERSION,
        "unset".equals(seed) ? null : seed);
  }

  /** {@return the last 8 bytes of a hash: a number, a number as text, or the bytes of a longer one} */
  public static long low64(@Nullable Object hash) {
    return hash instanceof Map<?, ?>
        ? new BigInteger(text(hash, "hex"), 16).longValue()
        : new BigInteger(String.valueOf(hash)).longValue();
  }
}
