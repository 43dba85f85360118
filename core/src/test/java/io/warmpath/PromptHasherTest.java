package io.warmpath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.token.TokenBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Block hashes that go on behind what is known are those of the whole prompt. */
class PromptHasherTest {

  private static final Map<String, LoraAdapter> ADAPTERS =
      Map.of("a", new LoraAdapter("a", "/models/a", 1L));

  static Stream<Supplier<PromptHasher>> hashers() {
    return Stream.concat(
        Stream.of(PromptHasher.own(BlockHasher.keyed(7))),
        Stream.of(
                "vllm:sha256_cbor,version=0.33.0",
                "vllm:sha256,version=0.33.0,lookahead=3",
                "vllm:xxhash_cbor,version=0.28.0,seed=0",
                "vllm:sha256,version=0.30.0,hashes-per-block=2",
                "sglang:events",
                "sglang:dynamo",
                "sglang:none,pairs=true",
                "tensorrt-llm:v1_block_key")
            .map(text -> PromptHasher.engines(EngineHashScheme.parse(text), ADAPTERS)));
  }

  @ParameterizedTest
  @MethodSource("hashers")
  void whatIsKnownGivesTheHashesOfTheWhole(Supplier<PromptHasher> hashers) {
    Random random = new Random(5);
    PromptHasher hasher = hashers.get();
    int[] ids = random.ints(2_000, 0, 150_000).toArray();
    int[] marks = random.ints(60, 0, 2_000).sorted().toArray();
    BlockChain chain = new BlockChain();
    for (int round = 0; round < 200; round++) {
      int length = random.nextInt(ids.length);
      int blockSize = random.nextBoolean() ? 16 : 4;
      String adapter = random.nextInt(3) == 0 ? "a" : null;
      String salt = random.nextInt(3) == 0 ? "tenant" : null;

      hasher.hash(chain, marked(ids, length, marks), List.of(), blockSize, adapter, salt);

      assertArrayEquals(
          whole(hashers.get(), ids, length, blockSize, adapter, salt),
          chain.toArray(),
          "round " + round);
    }
  }

  @ParameterizedTest
  @MethodSource("hashers")
  void anotherBeginningIsNotTakenForAKnownOne(Supplier<PromptHasher> hashers) {
    PromptHasher hasher = hashers.get();
    int[] ids = new Random(6).ints(200, 0, 1_000).toArray();
    TokenBuffer other = new TokenBuffer();
    int[] changed = ids.clone();
    changed[0]++;
    other.add(changed, 0, 100);
    other.mark(1, 2);
    other.add(changed, 100, 100);
    BlockChain chain = new BlockChain();
    hasher.hash(chain, marked(ids, 200, 100), List.of(), 4, null, null);

    hasher.hash(chain, other, List.of(), 4, null, null);

    assertArrayEquals(whole(hashers.get(), changed, 200, 4, null, null), chain.toArray());
    assertFalse(Arrays.equals(chain.toArray(), whole(hashers.get(), ids, 200, 4, null, null)));
  }

  @ParameterizedTest
  @MethodSource("hashers")
  void equalMarksAreBelieved(Supplier<PromptHasher> hashers) {
    PromptHasher hasher = hashers.get();
    int[] ids = new Random(6).ints(200, 0, 1_000).toArray();
    int[] changed = ids.clone();
    changed[0]++;
    BlockChain chain = new BlockChain();
    hasher.hash(chain, marked(ids, 200, 100), List.of(), 4, null, null);

    hasher.hash(chain, marked(changed, 200, 100), List.of(), 4, null, null);

    assertArrayEquals(
        whole(hashers.get(), ids, 200, 4, null, null),
        chain.toArray(),
        "nothing was taken as known");
  }

  @ParameterizedTest
  @MethodSource("hashers")
  void whatIsBehindALostPieceIsStillKnown(Supplier<PromptHasher> hashers) {
    PromptHasher hasher = hashers.get();
    int[] ids = new Random(6).ints(300, 0, 1_000).toArray();
    int[] changed = ids.clone();
    changed[250]++;
    BlockChain chain = new BlockChain();
    hasher.hash(chain, threePieces(ids, 2), List.of(), 4, null, null);

    hasher.hash(chain, threePieces(changed, 9), List.of(), 4, null, null);

    assertArrayEquals(whole(hashers.get(), ids, 300, 4, null, null), chain.toArray());
  }

  @ParameterizedTest
  @MethodSource("hashers")
  void aKnownPromptAllocatesNothing(Supplier<PromptHasher> hashers) {
    PromptHasher hasher = hashers.get();
    int[] ids = new Random(6).ints(2_000, 0, 1_000).toArray();
    TokenBuffer tokens = marked(ids, 2_000, 500, 1_000, 2_000);
    BlockChain chain = new BlockChain();

    long bytes = AllocatedBytes.leastOf(() -> {
      for (int i = 0; i < 20; i++) {
        hasher.hash(chain, tokens, List.of(), 4, null, null);
      }
    });

    assertTrue(bytes <= (hasher instanceof OwnPromptHasher ? 0 : 20 * 2_000), bytes + " bytes");
    assertEquals(500, chain.length(), 3);
  }

  /** 300 ids; the second of the three marks as if it was lost, if it has another hash. */
  private static TokenBuffer threePieces(int[] ids, long second) {
    TokenBuffer tokens = new TokenBuffer();
    tokens.add(ids, 0, 100);
    mark(tokens, 1);
    tokens.add(ids, 100, 100);
    mark(tokens, second);
    tokens.add(ids, 200, 100);
    mark(tokens, 3);
    return tokens;
  }

  private static void mark(TokenBuffer tokens, long number) {
    tokens.mark(number * 31, number * 0x9E3779B97F4A7C15L);
  }

  private static TokenBuffer marked(int[] ids, int length, int... marks) {
    TokenBuffer tokens = new TokenBuffer();
    for (int mark : marks) {
      if (mark <= length) {
        tokens.add(ids, tokens.size(), mark - tokens.size());
        mark(tokens, mark);
      }
    }
    tokens.add(ids, tokens.size(), length - tokens.size());
    return tokens;
  }

  private static long[] whole(
      PromptHasher hasher,
      int[] ids,
      int length,
      int blockSize,
      @Nullable String adapter,
      @Nullable String salt) {
    BlockChain chain = new BlockChain();
    hasher.hash(chain, marked(ids, length), List.of(), blockSize, adapter, salt);
    return chain.toArray();
  }
}
