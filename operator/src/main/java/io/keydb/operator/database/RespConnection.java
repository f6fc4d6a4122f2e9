package io.keydb.operator.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;

/**
 * One connection to a server: sends a command, waits for its reply.
 *
 * <p>A whole exchange, connecting included, is bounded by a deadline: a server that sends a byte
 * now and then does not hold the caller. A reply is bounded in size and depth, as what answers on
 * the port may be anything.
 *
 * <p>Threads: confined to the thread that opened it.
 */
final class RespConnection implements AutoCloseable {
    /** INFO is some kilobytes; more is not the reply of a server of ours. */
    private static final int MAX_BULK_BYTES = 1 << 20;

    private static final int MAX_ELEMENTS = 1024;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_LINE_BYTES = 64 << 10;

    private final Socket socket;
    private final InputStream input;
    private final long deadlineNanos;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;

    private RespConnection(Socket socket, long deadlineNanos) throws IOException {
        this.socket = socket;
        this.input = socket.getInputStream();
        this.deadlineNanos = deadlineNanos;
    }

    /** Connects; everything on this connection has to be done within {@code timeout} from now. */
    static RespConnection open(Endpoint endpoint, Duration timeout) throws IOException {
        var deadlineNanos = System.nanoTime() + timeout.toNanos();
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            var address = new InetSocketAddress(endpoint.host(), endpoint.port());
            socket.connect(address, remainingMillis(deadlineNanos));
            return new RespConnection(socket, deadlineNanos);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a command and returns its reply; an error reply becomes an exception. */
    Reply call(String... arguments) throws IOException {
        var request = new StringBuilder("*").append(arguments.length).append("\r\n");
        for (var argument : arguments) {
            request.append('$').append(argument.getBytes(UTF_8).length).append("\r\n");
            request.append(argument).append("\r\n");
        }
        socket.getOutputStream().write(request.toString().getBytes(UTF_8));
        var reply = read(0);
        if (reply instanceof Reply.Failure(String message)) {
            throw new DatabaseException(message);
        }
        return reply;
    }

    /** Sends a command whose reply has to be a string. */
    String callForText(String... arguments) throws IOException {
        if (call(arguments) instanceof Reply.Text(String value)) {
            return value;
        }
        throw new DatabaseException("expected a string as the reply of " + arguments[0]);
    }

    /** Sends a command whose reply has to be an integer. */
    long callForWhole(String... arguments) throws IOException {
        if (call(arguments) instanceof Reply.Whole(long value)) {
            return value;
        }
        throw new DatabaseException("expected an integer as the reply of " + arguments[0]);
    }

    private Reply read(int depth) throws IOException {
        var line = readLine();
        if (line.isEmpty()) {
            throw new DatabaseException("empty line instead of a reply");
        }
        var rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> new Reply.Text(rest);
            case '-' -> new Reply.Failure(rest);
            case ':' -> new Reply.Whole(parse(rest));
            case '$' -> readBulk(parse(rest));
            case '*' -> readSequence(parse(rest), depth);
            default -> throw new DatabaseException("not a reply of a server: " + shortened(line));
        };
    }

    private Reply readBulk(long length) throws IOException {
        if (length == -1) {
            return new Reply.Absent();
        }
        if (length < 0 || length > MAX_BULK_BYTES) {
            throw new DatabaseException("bulk string of " + length + " bytes");
        }
        var bytes = new byte[(int) length];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = readByte();
        }
        if (readByte() != '\r' || readByte() != '\n') {
            throw new DatabaseException("bulk string without its end");
        }
        return new Reply.Text(new String(bytes, UTF_8));
    }

    private Reply readSequence(long length, int depth) throws IOException {
        if (length == -1) {
            return new Reply.Absent();
        }
        if (length < 0 || length > MAX_ELEMENTS || depth == MAX_DEPTH) {
            throw new DatabaseException("array of " + length + " elements at depth " + depth);
        }
        var elements = new ArrayList<Reply>();
        for (var i = 0; i < length; i++) {
            elements.add(read(depth + 1));
        }
        return new Reply.Sequence(elements);
    }

    private String readLine() throws IOException {
        var line = new StringBuilder();
        for (var next = readByte(); next != '\n'; next = readByte()) {
            if (line.length() == MAX_LINE_BYTES) {
                throw new DatabaseException("line of more than " + MAX_LINE_BYTES + " bytes");
            }
            line.append((char) (next & 0xff));
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new DatabaseException("line without its end: " + shortened(line.toString()));
        }
        return line.substring(0, line.length() - 1);
    }

    private byte readByte() throws IOException {
        if (position == limit) {
            socket.setSoTimeout(remainingMillis(deadlineNanos));
            limit = input.read(buffer);
            position = 0;
            if (limit <= 0) {
                limit = 0;
                throw new EOFException("the server closed the connection");
            }
        }
        return buffer[position++];
    }

    private static long parse(String number) throws DatabaseException {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new DatabaseException("not a number: " + shortened(number));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }

    private static int remainingMillis(long deadlineNanos) throws SocketTimeoutException {
        var millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("the server did not answer in time");
        }
        return (int) millis;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
