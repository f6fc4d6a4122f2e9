package io.keydb.server.boot;

import io.keydb.server.client.ClientDirectives;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.net.Acceptor;
import io.keydb.server.net.BindAddress;
import io.keydb.server.net.EventLoops;
import io.keydb.server.net.ListenException;
import io.keydb.server.net.Listeners;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.NetworkSettings;
import io.keydb.server.net.RequestHandler;
import io.keydb.server.net.UnixListener;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.net.tls.TlsDirectives;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event loops and listeners as the configuration wants them, now and after each CONFIG SET.
 *
 * <p>Threads: safe; listening is changed under the monitor of the configuration.
 */
final class Network implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);

    private static final String UNABLE_TO_LISTEN =
            "Unable to listen on this port. Check server logs.";

    private final Configuration configuration;
    private final NetworkSettings settings = new NetworkSettings();
    private final EventLoops loops;
    private final ThreadAffinity affinity;
    private final TlsConfiguration tls;
    private final Listeners listeners;
    private final Listeners tlsListeners;
    private final UnixListener unixListener;

    Network(Configuration configuration, Clock clock, RequestHandler handler) {
        this.configuration = configuration;
        this.tls = new TlsConfiguration(configuration, clock);
        this.loops =
                new EventLoops(
                        Math.toIntExact(configuration.value(NetworkDirectives.SERVER_THREADS)),
                        true);
        this.affinity =
                new ThreadAffinity(
                        configuration.value(NetworkDirectives.SERVER_THREAD_AFFINITY), loops);
        Acceptor plain = new Acceptor(loops, handler, settings, null);
        Acceptor secure = new Acceptor(loops, handler, settings, tls.contexts());
        this.listeners = new Listeners(loops, settings, plain);
        this.tlsListeners = new Listeners(loops, settings, secure);
        this.unixListener = new UnixListener(loops, settings, plain);
        settings.backlog(Math.toIntExact(configuration.value(NetworkDirectives.TCP_BACKLOG)));
        settings.socketMark(configuration.value(NetworkDirectives.SOCKET_MARK_ID).intValue());
        applySettings();
        configuration.onChange(
                this::applySettings,
                NetworkDirectives.TCP_KEEPALIVE,
                NetworkDirectives.PROTO_MAX_BULK_LEN,
                NetworkDirectives.CLIENT_QUERY_BUFFER_LIMIT,
                NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT,
                NetworkDirectives.ACTIVE_CLIENT_BALANCING,
                NetworkDirectives.MIN_CLIENTS_PER_THREAD,
                NetworkDirectives.REPLICA_WEIGHTING_FACTOR,
                ClientDirectives.MAXCLIENTS,
                ClientDirectives.MAXMEMORY_CLIENTS,
                ClientDirectives.TIMEOUT);
    }

    private void applySettings() {
        settings.timeoutSeconds(number(configuration.value(ClientDirectives.TIMEOUT)));
        settings.keepAliveSeconds(number(configuration.value(NetworkDirectives.TCP_KEEPALIVE)));
        settings.memoryWatched(configuration.value(ClientDirectives.MAXMEMORY_CLIENTS) != 0);
        settings.requestLimits()
                .bulkBytes(configuration.value(NetworkDirectives.PROTO_MAX_BULK_LEN));
        settings.mostHandshakes(
                (int)
                        Math.min(
                                configuration.value(ClientDirectives.MAXCLIENTS),
                                Integer.MAX_VALUE));
        settings.outputLimits(
                configuration
                        .value(NetworkDirectives.CLIENT_OUTPUT_BUFFER_LIMIT)
                        .limits()
                        .withoutReplicas()); // what they lag behind is in the log
        settings.balancing(
                new NetworkSettings.Balancing(
                        configuration.value(NetworkDirectives.ACTIVE_CLIENT_BALANCING),
                        number(configuration.value(NetworkDirectives.MIN_CLIENTS_PER_THREAD)),
                        number(configuration.value(NetworkDirectives.REPLICA_WEIGHTING_FACTOR))));
        settings.inputLimitBytes(configuration.value(NetworkDirectives.CLIENT_QUERY_BUFFER_LIMIT));
    }

    private static int number(long value) {
        return Math.toIntExact(value);
    }

    /**
     * Takes the addresses, and does so anew whenever {@code bind} or a port change. Clients wait
     * until {@link #letClientsIn}.
     *
     * @throws IOException says which address cannot be had, or what is wrong with TLS
     */
    void listen() throws IOException {
        listeners.hold();
        listen(listeners, NetworkDirectives.PORT);
        listenWithTls();
        LOG.info("Server initialized");
    }

    /** The same on a port that the system chooses; {@code port} tells it afterwards. */
    void listenAnywhere() throws IOException {
        listeners.hold();
        listeners.listen(addresses(), 0);
        long port = listeners.addresses().getFirst().getPort();
        configuration.put(NetworkDirectives.PORT, port);
        listenWithTls();
    }

    private void listenWithTls() throws IOException {
        tls.start();
        tlsListeners.hold();
        listen(tlsListeners, TlsDirectives.PORT);
        String path = configuration.value(NetworkDirectives.UNIX_SOCKET);
        if (!path.isEmpty()) {
            unixListener.listen(
                    path,
                    configuration.value(NetworkDirectives.UNIX_SOCKET_PERM),
                    configuration.value(NetworkDirectives.UNIX_SOCKET_GROUP));
        }
        listenAnewOnChange();
    }

    private void listen(Listeners where, Directive<Long> port) throws ListenException {
        int number = number(configuration.value(port));
        if (number != 0) {
            where.listen(addresses(), number);
        }
    }

    /** Serves those who wait and those who come. */
    void letClientsIn() {
        listeners.release();
        tlsListeners.release();
        unixListener.release();
    }

    private void listenAnewOnChange() {
        configuration.onChange(
                () -> {
                    String refusal = "Failed to bind to specified addresses.";
                    listenAnew(listeners, NetworkDirectives.PORT, refusal);
                    listenAnew(tlsListeners, TlsDirectives.PORT, refusal);
                },
                NetworkDirectives.BIND);
        configuration.onChange(
                () -> listenAnew(listeners, NetworkDirectives.PORT, UNABLE_TO_LISTEN),
                NetworkDirectives.PORT);
        configuration.onChange(
                () -> {
                    if (configuration.value(TlsDirectives.PORT) != 0) {
                        tls.ensureThere();
                    }
                    listenAnew(tlsListeners, TlsDirectives.PORT, UNABLE_TO_LISTEN);
                },
                TlsDirectives.PORT);
    }

    /** Connected clients stay; only where new ones are accepted changes. */
    private void listenAnew(Listeners where, Directive<Long> port, String refusal)
            throws InvalidValue {
        where.stopAccepting();
        try {
            listen(where, port);
        } catch (ListenException failure) {
            LOG.warn("CONFIG SET: {}", failure.getMessage());
            throw new InvalidValue(refusal);
        }
    }

    private List<BindAddress> addresses() {
        return configuration.value(NetworkDirectives.BIND).stream()
                .map(BindAddress::parse)
                .toList();
    }

    /** Where it listens, without TLS first. */
    List<InetSocketAddress> listening() {
        List<InetSocketAddress> all = new ArrayList<>(listeners.addresses());
        all.addAll(tlsListeners.addresses());
        return all;
    }

    /** One line for each kind of listener, as INFO shows it. */
    List<String> listenerLines() {
        List<String> lines = new ArrayList<>();
        tellListener(lines, "tcp", listeners);
        if (unixListener.isOpen()) {
            lines.add("name=unix,bind=" + configuration.value(NetworkDirectives.UNIX_SOCKET));
        }
        tellListener(lines, "tls", tlsListeners);
        return lines;
    }

    private void tellListener(List<String> lines, String name, Listeners where) {
        List<InetSocketAddress> open = where.addresses();
        if (!open.isEmpty()) {
            StringBuilder line = new StringBuilder("name=").append(name);
            for (BindAddress address : addresses()) {
                line.append(",bind=")
                        .append(address.isOptional() ? "-" : "")
                        .append(address.text());
            }
            lines.add(line.append(",port=").append(open.getFirst().getPort()).toString());
        }
    }

    /** To be called several times a second. */
    void tick() {
        affinity.tick();
    }

    EventLoops loops() {
        return loops;
    }

    /** Takes up new certificates; to be called again and again. */
    void rotateCertificates() {
        tls.rotate();
    }

    /** For links to other nodes. */
    TlsContexts tlsContexts() {
        return tls.contexts();
    }

    /** Takes no new clients; those connected stay. */
    void stopAccepting() {
        listeners.stopAccepting();
        tlsListeners.stopAccepting();
        if (unixListener.isOpen()) {
            LOG.info("Removing the unix socket file.");
            unixListener.close();
        }
    }

    /** Ends all connections and the event loops. */
    @Override
    public void close() {
        stopAccepting();
        loops.close();
        tls.contexts().close();
    }
}
