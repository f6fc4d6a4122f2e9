package io.keydb.module;

/** What is true of a command. The server checks, locks and replicates by it. */
public enum CommandFlag {
    /** It may change data: replicas refuse it, and what it changes goes to the log. */
    WRITE,
    /** It reads data and changes none. */
    READONLY,
    /** It may need more memory, and is refused when there is none. */
    DENYOOM,
    /** It is for administrators. */
    ADMIN,
    /** It is about channels. */
    PUBSUB,
    /** Scripts may not call it. */
    NOSCRIPT,
    /** It runs while the server loads its data. */
    LOADING,
    /** It runs on a replica whose data is stale. */
    STALE,
    /** MONITOR does not show it. */
    SKIP_MONITOR,
    /** SLOWLOG does not show it. */
    SKIP_SLOWLOG,
    /** It takes the same short time whatever the data is. */
    FAST,
    /** It needs no authentication. */
    NO_AUTH,
    /** It may be called without naming a key, though it has key specifications. */
    NO_MANDATORY_KEYS,
    /** It runs while a script is busy. */
    ALLOW_BUSY
}
