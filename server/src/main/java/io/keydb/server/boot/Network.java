package io.keydb.server.boot;

import io.keydb.server.client.ClientDirectives;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.net.BindAddress;
import io.keydb.server.net.EventLoops;
import io.keydb.server.net.ListenException;
import io.keydb.server.net.Listeners;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.NetworkSettings;
import io.keydb.server.net.RequestHandler;
import java.net.InetSocketAddress;
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

    private final Configuration configuration;
    private final NetworkSettings settings = new NetworkSettings();
    private final EventLoops loops;
    private final Listeners listeners;

    Network(Configuration configuration, RequestHandler handler) {
        this.configuration = configuration;
        this.loops =
                new EventLoops(
                        Math.toIntExact(configuration.value(NetworkDirectives.SERVER_THREADS)),
                        true);
        this.listeners = new Listeners(loops, handler, settings);
        settings.backlog(Math.toIntExact(configuration.value(NetworkDirectives.TCP_BACKLOG)));
        applySettings();
        configuration.onChange(
                this::applySettings,
                NetworkDirectives.TCP_KEEPALIVE,
                NetworkDirectives.PROTO_MAX_BULK_LEN,
                NetworkDirectives.CLIENT_QUERY_BUFFER_LIMIT,
                ClientDirectives.TIMEOUT);
    }

    private void applySettings() {
        settings.timeoutSeconds(number(configuration.value(ClientDirectives.TIMEOUT)));
        settings.keepAliveSeconds(number(configuration.value(NetworkDirectives.TCP_KEEPALIVE)));
        settings.requestLimits()
                .bulkBytes(configuration.value(NetworkDirectives.PROTO_MAX_BULK_LEN));
        settings.inputLimitBytes(configuration.value(NetworkDirectives.CLIENT_QUERY_BUFFER_LIMIT));
    }

    private static int number(long value) {
        return Math.toIntExact(value);
    }

    /**
     * Takes the addresses, and does so anew whenever {@code bind} or {@code port} change. Clients
     * wait until {@link #letClientsIn}.
     */
    void listen() throws ListenException {
        listeners.hold();
        int port = number(configuration.value(NetworkDirectives.PORT));
        if (port != 0) {
            listeners.listen(addresses(), port);
        }
        listenAnewOnChange();
    }

    /** The same on a port that the system chooses; {@code port} tells it afterwards. */
    void listenAnywhere() throws ListenException {
        listeners.hold();
        listeners.listen(addresses(), 0);
        long port = listeners.addresses().getFirst().getPort();
        configuration.put(NetworkDirectives.PORT, port);
        listenAnewOnChange();
    }

    /** Serves those who wait and those who come. */
    void letClientsIn() {
        listeners.release();
    }

    private void listenAnewOnChange() {
        configuration.onChange(
                () -> listenAnew("Failed to bind to specified addresses."), NetworkDirectives.BIND);
        configuration.onChange(
                () -> listenAnew("Unable to listen on this port. Check server logs."),
                NetworkDirectives.PORT);
    }

    /** Connected clients stay; only where new ones are accepted changes. */
    private void listenAnew(String refusal) throws InvalidValue {
        listeners.stopAccepting();
        int port = number(configuration.value(NetworkDirectives.PORT));
        try {
            if (port != 0) {
                listeners.listen(addresses(), port);
            }
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

    /** Where it listens. */
    List<InetSocketAddress> listening() {
        return listeners.addresses();
    }

    EventLoops loops() {
        return loops;
    }

    /** Takes no new clients; those connected stay. */
    void stopAccepting() {
        listeners.stopAccepting();
    }

    /** Ends all connections and the event loops. */
    @Override
    public void close() {
        listeners.close();
        loops.close();
    }
}
