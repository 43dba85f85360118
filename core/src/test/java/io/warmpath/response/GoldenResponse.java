package io.warmpath.response;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A recorded answer; see {@code golden/responses/PROVENANCE.md}.
 *
 * @param name of the file, without {@code resp_} and {@code .txt}
 * @param body shared
 */
record GoldenResponse(String name, int status, @Nullable String contentType, byte[] body) {

  static GoldenResponse read(String name) {
    byte[] file;
    try (InputStream in =
        GoldenResponse.class.getResourceAsStream("/golden/responses/resp_" + name + ".txt")) {
      if (in == null) {
        throw new IllegalArgumentException("no golden response " + name);
      }
      file = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // As Latin-1 a char is a byte.
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int head = text.startsWith("HTTP ") ? 0 : text.indexOf("\n\nHTTP ") + 2;
    int body = text.indexOf("\n\n", head) + 2;
    String type = null;
    String[] lines = text.substring(head, body - 2).split("\n", -1);
    for (String line : lines) {
      if (line.startsWith("content-type: ")) {
        type = line.substring("content-type: ".length());
      }
    }
    int status = Integer.parseInt(lines[0].substring("HTTP ".length()));
    return new GoldenResponse(name, status, type, Arrays.copyOfRange(file, body, file.length));
  }

  @Override
  public String toString() {
    return name;
  }
}
