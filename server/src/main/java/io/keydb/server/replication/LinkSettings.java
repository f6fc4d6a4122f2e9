package io.keydb.server.replication;

import io.keydb.server.config.Configuration;

/**
 * What links and replicas take from the configuration, read anew each time.
 *
 * <p>Threads: safe.
 */
final class LinkSettings {
    private final Configuration configuration;
    private volatile int listeningPort;

    LinkSettings(Configuration configuration, int listeningPort) {
        this.configuration = configuration;
        this.listeningPort = listeningPort;
    }

    Configuration configuration() {
        return configuration;
    }

    /** The port this node tells others. */
    long listeningPort() {
        long announced = configuration.value(ReplicationDirectives.ANNOUNCE_PORT);
        return announced == 0 ? listeningPort : announced;
    }

    void listeningPort(int port) {
        listeningPort = port;
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
