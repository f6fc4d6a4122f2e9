package io.keydb.server.replication;

/**
 * A peer sent what this node does not understand or cannot take; the link is closed and made anew.
 */
final class PeerProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    PeerProtocolException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What stands against it, to be put behind the name of the peer. */
    String reason() {
        return reason;
    }
}
