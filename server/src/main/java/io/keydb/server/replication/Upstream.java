package io.keydb.server.replication;

/**
 * Where a link goes: host name or address, and port. Two are the same link when both are equal, as
 * for stock.
 *
 * <p>Threads: immutable.
 */
public record Upstream(String host, int port) {
    private static final int GREATEST_PORT = 65_535;

    public static boolean isPort(long port) {
        return port > 0 && port <= GREATEST_PORT;
    }

    /** Whether both name the same place; host names have no case. */
    boolean isSame(String otherHost, int otherPort) {
        return host.equalsIgnoreCase(otherHost) && port == otherPort;
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
