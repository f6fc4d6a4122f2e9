package io.keydb.operator.database;

import java.util.Locale;

/** How far the link is over which a member receives the writes of a peer. */
public enum LinkState {
    CONNECTING,
    HANDSHAKE,
    MERGING,
    /** The first exchange is complete, and writes stream. */
    MERGED;

    /** The state INFO names; a name unknown here counts as not yet connected. */
    static LinkState parse(String text) {
        return switch (text) {
            case "merged" -> MERGED;
            case "merging" -> MERGING;
            case "handshake" -> HANDSHAKE;
            default -> CONNECTING;
        };
    }

    /** The name INFO uses. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
