package io.keydb.server.replication;

import java.util.Locale;

/** How far the link of an active node to a peer has come. */
public enum LinkState {
    /** Not connected, or connecting. */
    CONNECTING,
    /** Connected; both sides introduce themselves. */
    HANDSHAKE,
    /** What the peer had when the link was made is still arriving. */
    MERGING,
    /** Everything the peer had has arrived, and what it writes follows. */
    MERGED;

    /** The name INFO uses. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
