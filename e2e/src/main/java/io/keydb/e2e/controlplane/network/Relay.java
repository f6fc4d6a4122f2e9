package io.keydb.e2e.controlplane.network;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP relay: listens on an address and passes each connection on to a target, until it is cut.
 *
 * <p>While it is cut nothing listens, so clients are refused as by a host without the service, and
 * connections that were open are closed. Services use it with a changing set of targets, fault
 * tests to part two servers.
 *
 * <p>Threads: safe; one virtual thread accepts, two serve each connection.
 */
public final class Relay implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int BACKLOG = 511;
    private static final Duration RELEASE_WITHIN = Duration.ofSeconds(1);

    private final InetAddress address;
    private final Supplier<Optional<InetSocketAddress>> target;
    private final Set<Tunnel> tunnels = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listener;
    private Thread acceptor = Thread.currentThread();
    private int port;

    private Relay(InetSocketAddress address, Supplier<Optional<InetSocketAddress>> target) {
        this.address = address.getAddress();
        this.port = address.getPort();
        this.target = target;
    }

    /**
     * A relay to one target, open.
     *
     * @param address where to listen; port 0 takes a free one, kept over cuts
     * @param target where connections go
     */
    public static Relay to(InetSocketAddress address, InetSocketAddress target) throws IOException {
        Relay relay = new Relay(address, () -> Optional.of(target));
        relay.restore();
        return relay;
    }

    /** A relay that asks for the target of each connection, cut at first. */
    static Relay choosing(InetSocketAddress address, Supplier<Optional<InetSocketAddress>> target) {
        return new Relay(address, target);
    }

    /** Where clients connect. */
    public synchronized InetSocketAddress address() {
        return new InetSocketAddress(address, port);
    }

    /** Whether it passes connections on. */
    public synchronized boolean isOpen() {
        return listener != null;
    }

    /** Starts to listen; does nothing when it already does. */
    public synchronized void restore() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(address, port), BACKLOG);
        port = opened.getLocalPort();
        listener = opened;
        acceptor =
                Thread.ofVirtual()
                        .name("relay-" + address.getHostAddress())
                        .start(() -> accept(opened));
    }

    /** Stops to listen and closes all connections. */
    public void cut() {
        closeListener();
        closeConnections(_ -> true);
    }

    private synchronized void closeListener() {
        if (listener != null) {
            close(listener);
            listener = null;
            awaitRelease();
        }
    }

    /** The system frees the address only when the thread that accepted on it has noticed. */
    private void awaitRelease() {
        try {
            acceptor.join(RELEASE_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connections to some targets. */
    void closeConnections(Predicate<InetSocketAddress> targets) {
        for (Tunnel tunnel : tunnels) {
            if (targets.test(tunnel.target())) {
                tunnel.close();
            }
        }
    }

    /** How many connections are open. */
    public int connections() {
        return tunnels.size();
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                Thread.ofVirtual().name("relay-connect").start(() -> connect(client, from));
            }
        } catch (IOException _) {
            // Closed by a cut.
        }
    }

    private void connect(Socket client, ServerSocket from) {
        Optional<InetSocketAddress> chosen = target.get();
        Socket server = new Socket();
        try {
            if (chosen.isEmpty()) {
                throw new IOException("no target");
            }
            server.connect(chosen.get(), CONNECT_TIMEOUT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException _) {
            close(client);
            close(server);
            return;
        }
        Tunnel tunnel = new Tunnel(client, server, chosen.get());
        tunnels.add(tunnel);
        if (from.isClosed()) {
            tunnel.close();
        }
        Thread.ofVirtual().name("relay-up").start(() -> pump(tunnel, client, server));
        Thread.ofVirtual().name("relay-down").start(() -> pump(tunnel, server, client));
    }

    private void pump(Tunnel tunnel, Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int length;
            while ((length = in.read(buffer)) >= 0) {
                out.write(buffer, 0, length);
            }
        } catch (IOException _) {
            // One side has gone; the other goes with it below.
        } finally {
            tunnel.close();
            tunnels.remove(tunnel);
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Nothing is left to release.
        }
    }

    @Override
    public void close() {
        cut();
    }

    /** One connection through the relay. */
    private record Tunnel(Socket client, Socket server, InetSocketAddress target) {
        void close() {
            Relay.close(client);
            Relay.close(server);
        }
    }
}
