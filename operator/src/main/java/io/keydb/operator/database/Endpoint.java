package io.keydb.operator.database;

/**
 * Where a server listens.
 *
 * <p>Threads: immutable.
 */
public record Endpoint(String host, int port) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
