package io.keydb.server.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A primary that a test plays by hand, for one replica. */
final class PlayedPrimary implements AutoCloseable {
    static final String HISTORY = "a".repeat(40);

    private static final String MARK = "m".repeat(40);

    private final ServerSocket listener;

    PlayedPrimary() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    String port() {
        return Integer.toString(listener.getLocalPort());
    }

    /** Waits for the replica. */
    Link accept() throws IOException {
        return new Link(listener.accept());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** A dump with one string, {@code k} to {@code v}, and no checksum. */
    static byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ascii("REDIS0010"));
        bytes.writeBytes(new byte[] {(byte) 0xfe, 0, 0, 1, 'k', 1, 'v', (byte) 0xff});
        bytes.writeBytes(new byte[8]);
        return bytes.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One connection of the replica. */
    static final class Link implements AutoCloseable {
        private final Socket socket;
        private final TestClient requests;

        private Link(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(TestClient.TIMEOUT_MILLIS);
            requests = new TestClient(socket);
        }

        /** Answers until the replica asks to synchronise; gives that request. */
        String handshake() throws IOException {
            for (String request = requests.reply(); ; request = requests.reply()) {
                if (request.startsWith("PSYNC")) {
                    return request;
                }
                send(request.equals("PING") ? "+PONG\r\n" : "+OK\r\n");
            }
        }

        /** Announces all data as of an offset, without their length. */
        void beginSync(long offset) throws IOException {
            send("+FULLRESYNC " + HISTORY + " " + offset + "\r\n$EOF:" + MARK + "\r\n");
        }

        void endSync() throws IOException {
            send(MARK);
        }

        /** A request of the replica, behind its signs of life. */
        String request() throws IOException {
            return requests.reply();
        }

        void send(String text) throws IOException {
            send(ascii(text));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Waits until the replica has ended the connection. */
        void awaitEnd() throws IOException {
            while (!requests.isEnded()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
