package io.warmpath.engine;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An engine's HTTP side on a plain socket, so that a test can break off wherever it likes. For the tests
 * of hosts too.
 */
public final class FakeEngine implements AutoCloseable {

  /** What an engine does with a request. */
  @FunctionalInterface
  public interface Script {
    void answer(Request request, Connection connection) throws IOException, InterruptedException;
  }

  /** A request as it came; header names in lower case. */
  public record Request(String line, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public String path() {
      return line.split(" ", -1)[1];
    }
  }

  /** The way back to the proxy. */
  public static final class Connection {
    private final Socket socket;
    private final OutputStream out;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.out = socket.getOutputStream();
    }

    public void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    /** A whole answer. */
    public void json(int status, String body) throws IOException {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      send("HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nContent-Length: "
          + length + "\r\n\r\n" + body);
    }

    /** The head of an event stream. */
    public void streamHead() throws IOException {
      send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n");
    }

    public void chunk(String text) throws IOException {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      send(Integer.toHexString(length) + "\r\n" + text + "\r\n");
    }

    public void streamEnd() throws IOException {
      send("0\r\n\r\n");
    }

    /** Closes with a reset, as a killed process does. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Returns when the proxy has closed the connection. */
    public void awaitClose() throws IOException {
      try {
        while (socket.getInputStream().read() >= 0) {
          // Nothing is expected.
        }
      } catch (IOException e) {
        // A reset is a close, too.
        if (e instanceof SocketTimeoutException) {
          throw e;
        }
      }
    }
  }

  /** Where nobody listens, and nobody comes to, as no system hands out ports as low as this one. */
  public static final String REFUSING = "127.0.0.1:1";

  /** As {@link #REFUSING}, another one. */
  public static final String ALSO_REFUSING = "127.0.0.1:2";

  public final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Script script;

  public FakeEngine(Script script) throws IOException {
    this.script = script;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** The same address in IPv6's notation; it can be had where IPv6 is not. */
  public String ipv6Address() {
    return "[::ffff:7f00:1]:" + server.getLocalPort();
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-engine");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        daemon(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Connection connection = new Connection(socket);
      Request request = read(in);
      while (request != null) {
        requests.add(request);
        script.answer(request, connection);
        request = read(in);
      }
    } catch (IOException | InterruptedException e) {
      // The connection is over.
    }
  }

  private static Request read(InputStream in) throws IOException {
    String line = line(in);
    if (line.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT),
          header.substring(colon + 1).trim());
    }
    boolean chunked = headers.getOrDefault("transfer-encoding", "").equals("chunked");
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(line, headers, chunked ? chunks(in) : in.readNBytes(length));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      body.writeBytes(in.readNBytes(size));
      line(in);
    }
    while (!line(in).isEmpty()) {
      // Trailers.
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    String size = line(in);
    return size.isEmpty() ? 0 : Integer.parseInt(size, 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
