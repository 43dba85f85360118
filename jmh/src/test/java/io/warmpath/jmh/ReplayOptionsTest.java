package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.jmh.ReplayOptions.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayOptionsTest {

  @Test
  void withoutOptionsATraceLikeMooncakesIsGeneratedForSixteenPods() {
    ReplayOptions options = ReplayOptions.parse();

    assertNull(options.trace());
    assertNull(options.json());
    assertEquals(512, options.traceBlock());
    assertEquals(16, options.block());
    assertEquals(16, options.pods());
    assertEquals(65_536, options.podBlocks());
    assertEquals(12_031, options.requests());
    assertEquals(5, options.seconds());
    assertEquals(EnumSet.allOf(Part.class), options.parts());
    assertTrue(!options.flat());
  }

  @Test
  void everyOptionIsRead(@TempDir Path directory) throws IOException {
    Path trace = Files.writeString(directory.resolve("some.jsonl"), "");
    Path json = directory.resolve("r.json");

    ReplayOptions options = ReplayOptions.parse(
        "--trace",
        trace.toString(),
        "--trace-block",
        "256",
        "--block",
        "32",
        "--pods",
        "3",
        "--pod-blocks",
        "100",
        "--json",
        json.toString(),
        "--index",
        "flat",
        "--duration",
        "0.5",
        "--requests",
        "7",
        "--seed",
        "-9",
        "--parts",
        "check,service");

    assertEquals(
        new ReplayOptions(
            trace, 256, 32, 3, 100, json, true, 0.5, 7, -9, EnumSet.of(Part.SERVICE, Part.CHECK)),
        options);
    assertEquals("some.jsonl", options.traceName());
  }

  @Test
  void whatIsWrongIsNamedWithWhatToDo() {
    refused("--blok: no such option; --help lists the options", "--blok");
    refused("-: no such option", "-", "1");
    refused("--pods: needs a value behind it", "--pods");
    refused(
        "--pods: must be a whole number up to 2147483647, was '3000000000'",
        "--pods",
        "3000000000");
    refused("--pods: must be at least 1, was 0; give a larger number", "--pods", "0");
    refused("--pod-blocks: must be a whole number up to 2147483647, was 'x'", "--pod-blocks", "x");
    refused("--pod-blocks: all pods together can have at most", "--pod-blocks", "100000000");
    refused(
        "--trace-block: must be a multiple of --block, which is 17; was 512; try --trace-block 544",
        "--block",
        "17");
    refused(
        "--duration: must be a number of seconds, was 'long'; try --duration 5",
        "--duration",
        "long");
    refused(
        "--duration: seconds must be in (0, 3600], were 0.0; try --duration 5", "--duration", "0");
    refused(
        "--index: must be run (the default index) or flat (its oracle), was 'tree'",
        "--index",
        "tree");
    refused(
        "--parts: must be of service, writer, deadline, check, with commas between; was 'all'",
        "--parts",
        "all");
    refused(
        "--trace: cannot read the file /no/such; check the path, or leave --trace out",
        "--trace",
        "/no/such");
    refused(
        "--json: cannot write /no/such/r.json; name a file in a directory that exists",
        "--json",
        "/no/such/r.json");
  }

  private static void refused(String message, String... args) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> ReplayOptions.parse(args));
    assertTrue(refusal.getMessage().startsWith(message), refusal.getMessage());
  }
}
