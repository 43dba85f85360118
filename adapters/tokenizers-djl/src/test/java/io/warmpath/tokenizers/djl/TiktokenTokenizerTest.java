package io.warmpath.tokenizers.djl;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.map;
import static io.warmpath.golden.GoldenJson.text;
import static io.warmpath.golden.GoldenJson.tokens;
import static io.warmpath.tokenizers.djl.Vectors.encode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.golden.GoldenJson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Ids of tiktoken, and tiktoken files that are not as they must be. */
final class TiktokenTokenizerTest {

  private static final String WORDS = "\\p{L}+|\\p{N}|[^\\p{L}\\p{N}]+";

  @TempDir
  private Path directory;

  @TestFactory
  Stream<DynamicTest> textsBecomeTheIdsOfTheOriginal() throws IOException {
    Object vectors = vectors();
    List<?> texts = list(vectors, "texts");
    return map(at(vectors, "ids")).entrySet().stream()
        .map(encoding -> DynamicTest.dynamicTest((String) encoding.getKey(), () -> {
          TiktokenTokenizer tokenizer = encoding.getKey().equals("own")
              ? own(vectors)
              : TiktokenTokenizer.named((String) encoding.getKey());
          List<?> ids = list(encoding.getValue());
          assertEquals(texts.size(), ids.size());
          for (int i = 0; i < texts.size(); i++) {
            String text = (String) texts.get(i);
            assertArrayEquals(tokens(ids.get(i)), encode(tokenizer, text, false), text);
          }
        }));
  }

  @Test
  void ofTwoSpecialTokensAtOnePlaceTheLongerCounts() throws IOException {
    assertArrayEquals(
        new int[] {2003, 2002}, encode(own(vectors()), "<|endoftext|>x<|endoftext|>", true));
  }

  @Test
  void thereIsNoFrameOfSpecialTokens() {
    TiktokenTokenizer tokenizer = TiktokenTokenizer.named("r50k_base");

    assertArrayEquals(encode(tokenizer, "a b", false), encode(tokenizer, "a b", true));
  }

  @Test
  void aLoneSurrogateCountsAsTheReplacementCharacter() {
    TiktokenTokenizer tokenizer = TiktokenTokenizer.named("r50k_base");

    assertArrayEquals(
        encode(tokenizer, "a\uFFFD b\uFFFD", false), encode(tokenizer, "a\uD83D b\uDE80", false));
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatAreKnown() {
    assertRefused(
        "encoding 'gpt-4' is not known; known: [cl100k_base, o200k_base, o200k_harmony, p50k_base,"
            + " p50k_edit, r50k_base]",
        () -> TiktokenTokenizer.named("gpt-4"));
  }

  @Test
  void scriptsAndTheEndOfTheTextAreThoseOfRust() {
    assertEquals(
        "\\p{IsHan}+|\\P{IsHan}\\z|\\$",
        TiktokenTokenizer.compile("\\p{Han}+|\\P{Han}$|\\$").pattern());
    assertEquals(
        "[\\p{L}&&[^\\p{IsHan}]]",
        TiktokenTokenizer.compile("[\\p{L}&&[^\\p{Script=Han}]]").pattern());
    assertEquals("\\P{IsHan}", TiktokenTokenizer.compile("\\p{^Han}").pattern());
  }

  @Test
  void aPatternThatJavaDoesNotUnderstandIsRefused() {
    assertRefused(
        "pattern '(a' is not supported (Unclosed group)", () -> TiktokenTokenizer.compile("(a"));
  }

  @Test
  void aLineThatIsNotATokenAndARankIsNamed() throws IOException {
    assertRefused(
        "x.tiktoken: line 257 must be a token in Base64, a space and a rank, was 'YQ=='",
        () -> read(bytes("YQ==")));
    assertRefused(
        "x.tiktoken: line 257 must end with a rank from 0 to 16777215, was 'YWE= -1'",
        () -> read(bytes("YWE= -1")));
    String message = assertThrows(IllegalArgumentException.class, () -> read(bytes("!!! 256")))
        .getMessage();
    assertTrue(message.startsWith("x.tiktoken: line 257 must begin with Base64 ("), message);
  }

  @Test
  void aTokenOrARankMayNotComeTwice() throws IOException {
    assertRefused(
        "x.tiktoken: line 257 must have a token and a rank that no line before it has, was"
            + " 'YWE= 7'",
        () -> read(bytes("YWE= 7")));
    assertRefused(
        "x.tiktoken: line 257 must have a token and a rank that no line before it has, was"
            + " 'YQ== 256'",
        () -> read(bytes("YQ== 256")));
  }

  @Test
  void everyByteMustHaveAToken() {
    List<String> lines = bytes();
    lines.remove(0x41);

    assertRefused(
        "x.tiktoken: byte 0x41 has no token; every byte must have one", () -> read(lines));
  }

  @Test
  void aSpecialTokenMayNotTakeTheIdOfAnother() throws IOException {
    Path file = write(bytes());

    assertRefused(
        "special token '<s>' must not be empty and have an id of its own, at least 0; was 5",
        () -> TiktokenTokenizer.read(file, WORDS, Map.of("<s>", 5)));
  }

  @Test
  void anEmptyLineIsLeftOut() throws IOException {
    Path file = write(bytes("", "YWI= 256"));

    assertArrayEquals(
        new int[] {256, ' '}, encode(TiktokenTokenizer.read(file, WORDS, Map.of()), "ab ", false));
  }

  /** Lines of a file with a token for each byte, and more. */
  private static List<String> bytes(String... more) {
    List<String> lines = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      lines.add(Base64.getEncoder().encodeToString(new byte[] {(byte) b}) + " " + b);
    }
    lines.addAll(List.of(more));
    return lines;
  }

  private void read(List<String> lines) throws IOException {
    TiktokenTokenizer.read(write(lines), WORDS, Map.of());
  }

  private Path write(List<String> lines) throws IOException {
    return Files.write(directory.resolve("x.tiktoken"), lines, StandardCharsets.US_ASCII);
  }

  private static Object vectors() throws IOException {
    return GoldenJson.parse(Files.readAllBytes(golden("vectors.json")));
  }

  private static TiktokenTokenizer own(Object vectors) throws IOException {
    Map<String, Integer> special = new TreeMap<>();
    map(at(vectors, "special_tokens"))
        .forEach((content, id) -> special.put((String) content, ((Number) id).intValue()));
    return TiktokenTokenizer.read(golden("own.tiktoken"), text(vectors, "pattern"), special);
  }

  private static Path golden(String name) {
    try {
      return Path.of(Objects.requireNonNull(
              TiktokenTokenizerTest.class.getResource("/golden/tiktoken/" + name), name)
          .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
