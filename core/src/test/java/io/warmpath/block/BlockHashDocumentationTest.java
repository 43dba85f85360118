package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The example of {@code docs/block-hash.md} is what the code does. Its numbers are what its Python
 * program printed, with the {@code xxhash} package 4.1.0.
 */
class BlockHashDocumentationTest {

  private static final Path SOURCE =
      Path.of("src/test/java/io/warmpath/block/BlockHashDocumentationTest.java");

  private final String page = Files.readString(Path.of("../docs/block-hash.md"));

  BlockHashDocumentationTest() throws IOException {}

  @Test
  void theExampleHasTheHashesOfTheCode() {
    int[] tokens = {1, 2, 3, 151643, 0, 2147483647, 7, 8, 9, 10};
    BlockHasher hasher = BlockHasher.keyed(0x0123_4567_89AB_CDEFL, "example/model");
    MultimodalItems items = new MultimodalItems();
    items.add(3, 3, hasher.item("cat"));
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, "tenant-ä"));
    hasher.append(chain, tokens, 0, tokens.length, 4, items);
    BlockChain text = new BlockChain();
    text.start(hasher.root(null, "tenant-ä"));
    hasher.append(text, tokens, 0, tokens.length, 4);

    long[] hashes = printed("hash");
    assertEquals(2, text.length());
    assertEquals(2, chain.length());
    assertArrayEquals(
        new long[] {text.hashes()[0], text.hashes()[1], chain.hashes()[0], chain.hashes()[1]},
        hashes);
    long root = hasher.root(null, "tenant-ä");
    assertArrayEquals(new long[] {root, root}, printed("root"));
    assertArrayEquals(new long[] {hasher.item("cat")}, printed("item"));
  }

  @Test
  void theExamplesSeedsAndLocalsAreThoseOfTheCode() {
    int[] tokens = {1, 2, 3, 151643, 0, 2147483647, 7, 8, 9, 10};
    Xxh3 ofSecret = new Xxh3(0x0123_4567_89AB_CDEFL);
    long first = ofSecret.hash(tokens, 0, 4);
    long second = ofSecret.hash(tokens, 4, 4);
    String[] seeds = {"chainSeed", "rootSeed", "itemSeed", "nameSeed"};

    for (int i = 0; i < seeds.length; i++) {
      assertArrayEquals(
          new long[] {ofSecret.hash(new int[] {i + 1, 0}, 0, 2)}, printed(seeds[i]), seeds[i]);
    }
    assertArrayEquals(new long[] {first, second, first, second}, printed("local"));
    Xxh3 itemLink = new Xxh3(printed("itemSeed")[0]);
    long item = printed("item")[0];
    assertArrayEquals(
        new long[] {itemLink.hash(first, item), itemLink.hash(second, item)}, printed("local'"));
  }

  @Test
  void theExamplesInputIsThatOfTheseTests() {
    List<String> lines = List.of(
        "secret, model, adapter, salt = 0x0123456789ABCDEF, \"example/model\", None, \"tenant-ä\"",
        "tokens, block_size = [1, 2, 3, 151643, 0, 2147483647, 7, 8, 9, 10], 4",
        "images = [(3, 3, \"cat\")]");

    for (String line : lines) {
      assertTrue(page.contains("\n" + line), line);
    }
  }

  @Test
  void aWindowAtATimeFindsWhatThereIsAndStops() {
    int blockSize = 4;
    int[] tokens = new SplittableRandom(2).ints(1_200).toArray();
    int length = tokens.length;
    BlockHasher hasher = BlockHasher.keyed(4);
    long root = hasher.root(null, null);
    BlockChain chain = new BlockChain();
    chain.start(root);
    hasher.append(chain, tokens, 0, 100 * blockSize, blockSize);
    KvBlockIndex index = KvBlockIndex.create(1_000, () -> 0);
    HolderKey pod = HolderKey.gpu(Endpoint.of("10.0.0.1:8000"));
    index.store(index.holder(pod), root, false, chain.hashes(), 0, 100);
    PrefixMatch match = new PrefixMatch();
    MultimodalItems items = new MultimodalItems();

    int window = BlockHasher.WINDOW_BLOCKS;
    chain.start(root);
    int looked = 0;
    int added;
    do {
      added = hasher.appendNext(chain, tokens, 0, length, blockSize, items, window);
      index.match(chain.hashes(), looked, chain.length(), match);
      looked = chain.length();
    } while (added == window && match.open());

    assertEquals(100, match.longest());
    assertEquals(2 * window, chain.length());
  }

  @Test
  void theJavaOfThePageIsRunHere() throws IOException {
    String source = withoutSpace(Files.readString(SOURCE));
    List<String> snippets = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(snippet -> snippet.group(1))
        .toList();

    assertEquals(2, snippets.size());
    for (String snippet : snippets) {
      assertTrue(source.contains(withoutSpace(snippet)), snippet);
    }
  }

  private static String withoutSpace(String java) {
    return java.replaceAll("\\s+", "");
  }

  /** The numbers that the page shows behind a name. */
  private long[] printed(String name) {
    MatchResult output = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .findFirst()
        .orElseThrow();
    return Pattern.compile("(?m)(?:^|  )" + name + " +([0-9a-f]{16})(?=  |$)")
        .matcher(output.group(1))
        .results()
        .mapToLong(number -> Long.parseUnsignedLong(number.group(1), 16))
        .toArray();
  }
}
