package io.warmpath.tokenizers;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.map;
import static io.warmpath.golden.GoldenJson.number;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;
import static io.warmpath.golden.GoldenJson.tokens;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.block.BlockChain;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.EngineHasher;
import io.warmpath.block.PromptExtras;
import io.warmpath.block.VllmHash;
import io.warmpath.golden.GoldenFiles;
import io.warmpath.golden.GoldenReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole files of texts and what they become, whatever cases they hold. */
@Tag("golden")
final class GoldenTokenizersTest {

  /** Those that the pure Java reader takes; all others are checked in warmpath-tokenizers-djl. */
  private static final List<String> COVERED =
      List.of("own_gpt2_style", "own_llama3_style", "qwen3");

  private static final String END_TO_END = "e2e_qwen3.json";
  private static final String TEMPLATES = "chat_templates.json";

  /** What the vectors' hashes were computed with. */
  private static final String VLLM = "0.33.0";

  @Test
  void textsBecomeTheIdsOfTheOriginal() {
    for (String name : COVERED) {
      String file = "tokenizers/" + name + "/vectors.json";
      GoldenReport.file(
          file,
          bytes -> tokenizer(name).ifPresent(directory -> {
            BytePairTokenizer tokenizer = load(directory);
            Object vectors = parse(bytes);
            GoldenReport.cases(
                file,
                longNumber(vectors, "count"),
                list(vectors, "vectors"),
                vector -> TokenizerVectors.check(tokenizer, map(vector)));
          }));
    }
  }

  @Test
  void conversationsBecomeThePromptsTheIdsAndTheHashesOfTheEngine() {
    GoldenReport.file(
        END_TO_END,
        bytes -> tokenizer("qwen3").ifPresent(directory -> {
          BytePairTokenizer tokenizer = load(directory);
          Map<?, ?> templates = GoldenFiles.read(TEMPLATES)
              .<Map<?, ?>>map(file -> map(parse(file)))
              .orElse(Map.of());
          Object file = parse(bytes);
          GoldenReport.cases(
              END_TO_END,
              longNumber(file, "count"),
              list(file, "cases"),
              one -> checkEndToEnd(one, templates, tokenizer));
        }));
  }

  private static void checkEndToEnd(Object one, Map<?, ?> templates, BytePairTokenizer tokenizer) {
    String rendered = text(one, "rendered");
    Object qwen3 = templates.isEmpty() ? null : find(at(templates, "templates"), "qwen3");
    Object conversation =
        qwen3 == null ? null : find(at(templates, "conversations"), text(one, "conversation"));
    if (conversation != null) {
      JinjaChatTemplate template = ChatTemplates.of(text(qwen3, "template"), Map.of());
      assertEquals(rendered, Chats.render(template, conversation, map(at(one, "options"))));
    }

    int[] ids = Golden.encode(tokenizer, rendered, false);
    assertArrayEquals(tokens(at(one, "token_ids")), ids);
    assertEquals(number(one, "num_tokens"), ids.length);

    for (Map.Entry<?, ?> hashes : map(at(one, "hashes")).entrySet()) {
      String[] setting = ((String) hashes.getKey()).split("/", -1); // sha256/seed=42/bs=16
      String seed = setting[1].substring("seed=".length());
      EngineHasher hasher = EngineHashScheme.vllm(
              VllmHash.Algorithm.valueOf(setting[0].toUpperCase(Locale.ROOT)),
              VLLM,
              seed.equals("None") ? null : seed)
          .hasher();
      int blockSize = Integer.parseInt(setting[2].substring("bs=".length()));
      checkHashes(list(hashes.getValue()), hasher, ids, blockSize);
    }
  }

  private static void checkHashes(List<?> expected, EngineHasher hasher, int[] ids, int blockSize) {
    BlockChain chain = new BlockChain();
    hasher.append(chain, ids, 0, ids.length, blockSize, PromptExtras.NONE);
    byte[] digests = hasher.digests(ids, 0, ids.length, blockSize, PromptExtras.NONE);

    assertEquals(
        expected.stream().map(hash -> text(hash, "event_int")).toList(),
        Arrays.stream(chain.toArray()).mapToObj(Long::toUnsignedString).toList());
    assertEquals(
        String.join("", expected.stream().map(hash -> text(hash, "hash_hex")).toList()),
        HexFormat.of().formatHex(digests));
  }

  /** {@return the folder with a tokenizer.json: of the vectors, of the tokenizers given, or ours} */
  private static Optional<Path> tokenizer(String name) {
    for (Optional<Path> given : List.of(
        GoldenFiles.directory().map(vectors -> vectors.resolve("tokenizers")),
        GoldenFiles.directory("warmpath.tokenizers"))) {
      Optional<Path> found = given
          .map(directory -> directory.resolve(name))
          .filter(directory -> Files.exists(directory.resolve("tokenizer.json")));
      if (found.isPresent()) {
        return found;
      }
    }
    URL own =
        GoldenTokenizersTest.class.getResource("/golden/tokenizers/" + name + "/tokenizer.json");
    if (own == null) {
      GoldenReport.absent("tokenizers/" + name + "/tokenizer.json");
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(own.toURI()).resolveSibling("."));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BytePairTokenizer load(Path directory) {
    try {
      return Tokenizers.pureJava(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
