package io.warmpath.fleet.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection on a plain socket, so that it can leave wherever it likes: HTTP/1.1, kept open from call to
 * call.
 */
final class Wire {

  private static final int LIMIT_MILLIS = 60_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private int bodyLeft;
  private boolean chunked;

  /** The first lines of an answer; names in lower case. */
  record Head(int status, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * Connects.
   *
   * @param receiveBytes of the kernel's buffer, or 0 for its own choice
   */
  @SuppressWarnings("AddressSelection") // An address, not a name.
  Wire(int port, int receiveBytes) throws IOException {
    try {
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  void send(Ask ask) throws IOException {
    send(ask, ask.body().length);
  }

  /** Sends the head and that many bytes of the body. */
  void send(Ask ask, int bytes) throws IOException {
    byte[] head = ("POST " + ask.path() + " HTTP/1.1\r\nHost: soak\r\n"
            + (ask.id().isEmpty() ? "" : "x-request-id: " + ask.id() + "\r\n")
            + "Content-Type: application/json\r\nContent-Length: " + ask.body().length + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + bytes);
    System.arraycopy(ask.body(), 0, all, head.length, bytes);
    socket.getOutputStream().write(all);
  }

  Head head() throws IOException {
    String status = line();
    Map<String, String> headers = new HashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT),
          header.substring(colon + 1).trim());
    }
    chunked = headers.containsKey("transfer-encoding");
    bodyLeft = chunked ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Head(Integer.parseInt(status.split(" ", -1)[1]), headers);
  }

  /** {@return some more of the body, or null after all of it} */
  byte @Nullable [] more() throws IOException {
    if (!chunked) {
      byte[] bytes = exactly(bodyLeft);
      bodyLeft = 0;
      return bytes.length == 0 ? null : bytes;
    }
    int length = Integer.parseInt(line(), 16);
    byte[] bytes = exactly(length);
    line();
    return length == 0 ? null : bytes;
  }

  /** {@return the rest of the body} */
  String rest() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] bytes = more(); bytes != null; bytes = more()) {
      body.write(bytes);
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("cut off inside the body");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("cut off inside the head or between chunks");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed then, too.
    }
  }

  /** Closes by a reset, as a client's crash does; and leaves no port waiting. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // The other side was faster.
    }
    close();
  }
}
