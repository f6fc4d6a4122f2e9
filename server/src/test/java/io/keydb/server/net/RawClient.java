package io.keydb.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends and receives bytes; no read waits longer than ten seconds. */
final class RawClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    final Socket socket = new Socket();
    private final InputStream in;

    RawClient(int port) throws IOException {
        this(port, 0);
    }

    RawClient(String address, int port) throws IOException {
        this(InetAddress.ofLiteral(address), port, 0);
    }

    /** With a receive buffer of a given size, so that a slow reader is slow soon. */
    RawClient(int port, int receiveBufferBytes) throws IOException {
        this(InetAddress.getLoopbackAddress(), port, receiveBufferBytes);
    }

    private RawClient(InetAddress address, int port, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    String receive(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** Whether nothing has arrived that was not received. */
    boolean hasNothing() throws IOException {
        return in.available() == 0;
    }

    /** Everything up to the end of the stream. */
    String receiveAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
