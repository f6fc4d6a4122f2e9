package io.keydb.server.replication;

import java.util.Locale;

/** How far the link of a plain replica to its primary has come. */
enum PrimaryState {
    /** Not connected; will be. */
    CONNECT,
    /** Connected; the two introduce themselves. */
    HANDSHAKE,
    /** The snapshot of a full sync is arriving. */
    SYNC,
    /** The primary's writes follow. */
    CONNECTED;

    /** The name ROLE uses. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
