package io.keydb.e2e.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP connection to a server that can be cut (everything is closed, nothing connects) or frozen
 * (everything stays open, nothing moves), and whose other end can be moved to another port.
 *
 * <p>Threads: safe; two virtual threads for each connection.
 */
final class Cable implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object thaw = new Object();
    private volatile int targetPort;
    private volatile boolean isCut;
    private volatile boolean isFrozen;

    Cable(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where to connect to reach the server. */
    int port() {
        return entrance.getLocalPort();
    }

    void target(int port) {
        targetPort = port;
    }

    void cut() {
        isCut = true;
        sockets.forEach(Cable::closeQuietly);
    }

    void freeze() {
        isFrozen = true;
    }

    void mend() {
        isCut = false;
        isFrozen = false;
        synchronized (thaw) {
            thaw.notifyAll();
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket near = entrance.accept();
                if (isCut) {
                    closeQuietly(near);
                } else {
                    connect(near);
                }
            } catch (IOException ended) {
                // The entrance was closed, or one attempt failed; the loop condition knows which.
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Socket far = new Socket();
        sockets.add(near);
        sockets.add(far);
        try {
            far.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort),
                    CONNECT_MILLIS);
        } catch (IOException refused) {
            forget(near, far);
            throw refused;
        }
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
    }

    private void carry(Socket from, Socket to) {
        byte[] bytes = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                synchronized (thaw) {
                    while (isFrozen) {
                        thaw.wait();
                    }
                }
                out.write(bytes, 0, length);
                out.flush();
            }
        } catch (IOException | InterruptedException ended) {
            // One of the two sides is gone; so is the other, below.
        } finally {
            forget(from, to);
        }
    }

    private void forget(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closedAlready) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        mend();
        cut();
    }
}
