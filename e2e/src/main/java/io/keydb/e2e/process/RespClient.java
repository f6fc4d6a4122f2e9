package io.keydb.e2e.process;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain socket that speaks RESP and keeps the exact bytes of each reply. Arguments and replies
 * are Latin-1 strings, so one character is one byte.
 *
 * <p>Threads: confined to one thread at a time.
 */
public final class RespClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final StringBuilder raw = new StringBuilder();

    private RespClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    /** Connects; the timeout holds for connecting and for every later read. */
    public static RespClient connect(InetSocketAddress address, Duration timeout)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(address, (int) timeout.toMillis());
            return new RespClient(socket);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** Our end of the connection as the server names it: {@code 127.0.0.1:50000}. */
    public String localAddress() {
        return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** Sends one command and reads its reply. */
    public RespReply call(String... arguments) throws IOException {
        return call(List.of(arguments));
    }

    /** Sends one command and reads its reply. */
    public RespReply call(List<String> arguments) throws IOException {
        send(encode(arguments));
        return read();
    }

    /** Sends bytes as they are. */
    public void send(String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** The request bytes of one command. */
    public static String encode(List<String> arguments) {
        StringBuilder request = new StringBuilder(16 + 16 * arguments.size());
        request.append('*').append(arguments.size()).append("\r\n");
        for (String argument : arguments) {
            request.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return request.toString();
    }

    /**
     * Reads one whole reply; fails with {@link EOFException} when the server has closed the
     * connection.
     */
    public RespReply read() throws IOException {
        raw.setLength(0);
        try {
            return readNode();
        } catch (SocketException reset) {
            // A server that closes with unread input makes the kernel send a reset instead of an
            // orderly end.
            throw (IOException) new EOFException("reset").initCause(reset);
        }
    }

    /** True when the server closes the connection, without further bytes, before the timeout. */
    public boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private RespReply readNode() throws IOException {
        int start = raw.length();
        char type = (char) next();
        String line = readLine();
        return switch (type) {
            case '+', '-', ':', '_', '#', ',', '(' ->
                    RespReply.scalar(type, line, raw.substring(start));
            case '$', '!', '=' -> readBlob(type, line, start);
            case '*', '~', '>' -> readAggregate(type, Integer.parseInt(line), start);
            case '%' -> readAggregate(type, 2 * Integer.parseInt(line), start);
            default -> throw new IOException("not a reply: " + RespReply.printable(raw.toString()));
        };
    }

    private RespReply readBlob(char type, String line, int start) throws IOException {
        int length = Integer.parseInt(line);
        if (length < 0) {
            return RespReply.absent(type, raw.substring(start));
        }
        byte[] content = in.readNBytes(length + 2);
        if (content.length < length + 2) {
            throw new EOFException("inside a blob: " + RespReply.printable(raw.toString()));
        }
        raw.append(new String(content, StandardCharsets.ISO_8859_1));
        String text = new String(content, 0, length, StandardCharsets.ISO_8859_1);
        return RespReply.scalar(type, text, raw.substring(start));
    }

    private RespReply readAggregate(char type, int count, int start) throws IOException {
        if (count < 0) {
            return RespReply.absent(type, raw.substring(start));
        }
        List<RespReply> children = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            children.add(readNode());
        }
        return RespReply.aggregate(type, List.copyOf(children), raw.substring(start));
    }

    private String readLine() throws IOException {
        int start = raw.length();
        while (true) {
            int at = next();
            if (at == '\n' && raw.charAt(raw.length() - 2) == '\r') {
                return raw.substring(start, raw.length() - 2);
            }
        }
    }

    private int next() throws IOException {
        int at = in.read();
        if (at < 0) {
            throw new EOFException(
                    "connection closed after: " + RespReply.printable(raw.toString()));
        }
        raw.append((char) at);
        return at;
    }
}
