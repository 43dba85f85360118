package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.SglangHash.Namespace;
import io.warmpath.block.VllmHash.Algorithm;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EngineHashTextTest {

  @Test
  void vllmIsItsAlgorithmVersionAndSeed() {
    assertEquals(
        EngineHashScheme.vllm(Algorithm.SHA256_CBOR, "0.32.0", "0"),
        EngineHashScheme.parse("vllm:sha256_cbor,version=0.32.0,seed=0"));
    assertEquals(
        new VllmHash(Algorithm.XXHASH, "0.33.0", "a=b", 3, 2, false),
        EngineHashScheme.parse(
            "vllm:xxhash, hashes-per-block=2, lookahead=3, seed=a=b, version=0.33.0"));
  }

  @Test
  void aSeedLeftOutIsUnset() {
    assertEquals(
        EngineHashScheme.vllm(Algorithm.SHA256, "0.33.0", null),
        EngineHashScheme.parse("vllm:sha256,version=0.33.0"));
  }

  @ParameterizedTest
  @EnumSource(value = Namespace.class, names = "STORAGE", mode = EnumSource.Mode.EXCLUDE)
  void sglangIsItsNamespace(Namespace namespace) {
    String text = "sglang:" + namespace.name().toLowerCase(Locale.ROOT);

    assertEquals(EngineHashScheme.sglang(namespace), EngineHashScheme.parse(text));
    assertEquals(
        EngineHashScheme.sglang(namespace).withPairs(),
        EngineHashScheme.parse(text + ",pairs=true"));
    assertEquals(EngineHashScheme.sglang(namespace), EngineHashScheme.parse(text + ",pairs=false"));
  }

  @Test
  void tensorRtLlmHasOneKind() {
    assertEquals(
        EngineHashScheme.tensorRtLlm(), EngineHashScheme.parse("tensorrt-llm:v1_block_key"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                        | write vllm:ALGORITHM",
        "sha256,version=0.33.0                     | write vllm:ALGORITHM",
        "llmd:cbor-fnv                             | write vllm:ALGORITHM",
        "vllm:md5,version=0.33.0                   | algorithm must be one of sha256, sha256_cbor, ",
        "vllm:sha256                               | add ,version=0.33.0",
        "vllm:sha256,version=                      | 'version=' is no setting=value",
        "vllm:sha256,0.33.0                        | '0.33.0' is no setting=value",
        "vllm:sha256,version=new                   | must look like 0.33.0, was 'new'",
        "vllm:xxhash,version=0.33.0                | set it on the engine and give it here",
        "vllm:sha256,version=0.33.0,sead=0         | 'sead' is no setting here",
        "vllm:sha256,version=0.33.0,version=0.32.0 | 'version' is there twice",
        "vllm:sha256,version=0.33.0,lookahead=x    | lookahead must be a number, was 'x'",
        "sglang:storage                            | namespace must be one of none, events, dynamo, was",
        "sglang:events,pairs=yes                   | pairs must be true or false, was 'yes'",
        "sglang:events,version=0.5.23              | 'version' is no setting here",
        "tensorrt-llm:v2                           | 'v2' must be v1_block_key",
      })
  void whatIsWrongIsNamedWithWhatToWrite(String text, String reason) {
    String message = String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> EngineHashScheme.parse(text))
            .getMessage());

    assertTrue(message.startsWith("engine hashes '" + text + "': "), message);
    assertTrue(message.contains(reason), message);
  }
}
