package io.keydb.server.replication;

import io.keydb.server.config.Configuration;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.tls.TlsDirectives;

/**
 * What links and replicas take from the configuration, read anew each time.
 *
 * <p>Threads: safe.
 */
final class LinkSettings {
    private final Configuration configuration;

    LinkSettings(Configuration configuration) {
        this.configuration = configuration;
    }

    Configuration configuration() {
        return configuration;
    }

    /** The port this node tells others: the one with TLS when links use that. */
    long listeningPort() {
        long announced = configuration.value(ReplicationDirectives.ANNOUNCE_PORT);
        if (announced != 0) {
            return announced;
        }
        long withTls = configuration.value(TlsDirectives.PORT);
        return usesTls() && withTls != 0 ? withTls : configuration.value(NetworkDirectives.PORT);
    }

    boolean usesTls() {
        return configuration.value(TlsDirectives.REPLICATION);
    }

    /** The address links come from; empty leaves it to the system. */
    String sourceAddress() {
        return configuration.value(NetworkDirectives.BIND_SOURCE_ADDR);
    }

    String announcedAddress() {
        return configuration.value(ReplicationDirectives.ANNOUNCE_IP);
    }

    String user() {
        return configuration.value(ReplicationDirectives.MASTER_USER);
    }

    String password() {
        return configuration.value(ReplicationDirectives.MASTER_AUTH);
    }

    long timeoutMillis() {
        return configuration.value(ReplicationDirectives.TIMEOUT) * 1000;
    }
}
