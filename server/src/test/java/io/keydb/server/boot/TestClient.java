package io.keydb.server.boot;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A blocking client of one connection. Replies come as text: errors with their {@code -}, null as
 * {@code (nil)}, aggregates as their elements joined by blanks.
 */
final class TestClient implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    TestClient(int port) throws IOException {
        this(InetAddress.getLoopbackAddress(), port);
    }

    TestClient(InetAddress host, int port) throws IOException {
        this(connected(host, port));
    }

    /** Takes over a connected socket. */
    TestClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    private static Socket connected(InetAddress host, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** Sends one request and waits for its reply. */
    String call(String... words) throws IOException {
        send(words);
        return reply();
    }

    void send(String... words) throws IOException {
        sendText(encoded(words));
    }

    /** A request as an array of bulk strings. */
    static String encoded(String... words) {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            int bytes = word.getBytes(StandardCharsets.UTF_8).length;
            request.append('$').append(bytes).append("\r\n").append(word).append("\r\n");
        }
        return request.toString();
    }

    /** Sends requests of one line each in a single write. */
    void sendInline(String... lines) throws IOException {
        String all = String.join("\r\n", lines) + "\r\n";
        socket.getOutputStream().write(all.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a text as it is. */
    void sendText(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    String reply() throws IOException {
        String line = line();
        return switch (line.charAt(0)) {
            case '$', '=' -> bulk(Integer.parseInt(line.substring(1)));
            case '*', '~', '>' -> aggregate(Integer.parseInt(line.substring(1)));
            case '%' -> aggregate(2 * Integer.parseInt(line.substring(1)));
            case '-' -> line;
            default -> line.substring(1);
        };
    }

    /** Passes over bytes that are announced by their length and have no end of line behind them. */
    void skipPayload() throws IOException {
        in.skipNBytes(Long.parseLong(line().substring(1)));
    }

    /**
     * Whether the server has ended the connection, be it with input of ours that it has not read.
     */
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private String aggregate(int length) throws IOException {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            elements.add(reply());
        }
        return length < 0 ? "(nil)" : String.join(" ", elements);
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "(nil)";
        }
        byte[] bytes = in.readNBytes(length);
        line();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server has ended the connection");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
