package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Our hashes are vLLM's, on vectors that vLLM made. */
class BlockHashesTest {

  @Test
  void agreeWithTheFunctionsOfVllm() throws IOException {
    Object vectors = Golden.read("vllm_hashes_sha256_cbor.json");

    int checked = 0;
    for (Object c : Golden.list(vectors, "cases")) {
      String id = Golden.text(c, "id");
      int blockSize = Golden.number(c, "block_size");
      BlockHashes hashes = new BlockHashes(Golden.text(c, "effective_seed_string"), blockSize);
      String salt = Golden.has(Golden.at(c, "request"), "cache_salt")
          ? Golden.text(c, "request", "cache_salt")
          : "";
      HashChain chain = hashes.chain(salt);
      int[] tokens = Golden.ints(c, "request", "token_ids");

      assertEquals(Golden.text(c, "none_hash_hex"), hex(hashes.noneHash()), id);
      for (Object block : Golden.list(c, "blocks")) {
        int i = Golden.number(block, "index");
        chain.extendTo(tokens, (i + 1) * blockSize);
        assertEquals(Golden.text(block, "hash_hex"), hex(chain.lastDigest()), id);
        assertEquals(Golden.text(block, "event_int"), Long.toUnsignedString(chain.hash(i)), id);
      }
      chain.extendTo(tokens, tokens.length);
      assertEquals(Golden.list(c, "blocks").size(), chain.length(), id);
      checked++;
    }
    assertEquals(Golden.number(vectors, "count"), checked);
  }

  @Test
  void agreeWithTheChainsOfARecordedEngine() throws IOException {
    for (Object c : (List<?>) Golden.read("vllm_0.32_recorded_chains.json")) {
      HashChain chain = new BlockHashes(
              Golden.text(c, "pythonhashseed"), Golden.number(c, "block_size"))
          .chain(Golden.text(c, "cache_salt"));
      int[] tokens = Golden.ints(c, "token_ids");

      chain.extendTo(tokens, tokens.length);

      long[] expected = Golden.list(c, "prompt_chain_low64_unsigned").stream()
          .mapToLong(h -> Long.parseUnsignedLong((String) h))
          .toArray();
      assertArrayEquals(expected, chain.hashes(0, chain.length()), Golden.text(c, "tag"));
    }
  }

  @Test
  void aChainThatGrowsIsTheChainMadeAtOnce() {
    BlockHashes hashes = new BlockHashes("0", 4);
    int[] tokens = {1, 2, 3, 4, 5, 300, 70_000, 8, 9};
    HashChain grown = hashes.chain("");
    HashChain whole = hashes.chain("");

    for (int n = 0; n <= tokens.length; n++) {
      grown.extendTo(tokens, n);
    }
    whole.extendTo(tokens, tokens.length);

    assertEquals(2, whole.length());
    assertArrayEquals(whole.hashes(0, 2), grown.hashes(0, grown.length()));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
