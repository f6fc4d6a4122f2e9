package io.keydb.server.command;

import java.util.Locale;

/** What is true of a command, as COMMAND INFO tells it. */
public enum CommandFlag {
    WRITE,
    READONLY,
    DENYOOM,
    MODULE,
    ADMIN,
    PUBSUB,
    NOSCRIPT,
    BLOCKING,
    LOADING,
    STALE,
    ASKING,
    SKIP_MONITOR,
    SKIP_SLOWLOG,
    FAST,
    NO_AUTH,
    MAY_REPLICATE,
    NO_MANDATORY_KEYS,
    MOVABLEKEYS,
    NO_ASYNC_LOADING,
    NO_MULTI,
    ALLOW_BUSY;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
        return wireName;
    }

    long bit() {
        return 1L << ordinal();
    }
}
