package io.keydb.server.persistence.rdb;

/**
 * Names of auxiliary fields this server writes or understands.
 *
 * <p>The fields of active nodes come in this order: vector, origins and flush stamps at the head of
 * the stream; then, before each key, its stamp and, when it is another than that of the key before,
 * the index of its origin; a tombstone is stamp, origin and the key as the value of a field.
 */
public final class AuxiliaryField {
    public static final String VERSION = "redis-ver";
    public static final String BITS = "redis-bits";
    public static final String CREATED = "ctime";
    public static final String USED_MEMORY = "used-mem";

    /** The database in which the stream of commands after a full sync begins. */
    public static final String STREAM_DATABASE = "repl-stream-db";

    public static final String REPLICATION_ID = "repl-id";
    public static final String REPLICATION_OFFSET = "repl-offset";

    /** The stamp of the key that follows, decimal; the name is KeyDB's. */
    public static final String STAMP = "mvcc-tstamp";

    /** The origins that the following indexes mean, {@code node:run}, separated by commas. */
    public static final String ORIGINS = "keydb-origins";

    /** Index of the origin of the keys that follow. */
    public static final String ORIGIN = "keydb-origin";

    /** The version vector of the stream. */
    public static final String VECTOR = "keydb-vector";

    /**
     * When a database was last flushed: database, stamp and index of the origin, separated by
     * blanks.
     */
    public static final String FLUSHED = "keydb-flushed";

    /** A deleted key; stamp and origin precede it as they do a key. */
    public static final String TOMBSTONE = "keydb-tombstone";

    /** Database, stamp and key of a state that the writer knows of and has not. */
    public static final String BEHIND = "keydb-behind";

    /** The stamp of the key that follows, in a file that this process alone reads. */
    public static final String LOCAL_STAMP = "keydb-local-stamp";

    /** The number of its origin in this process. */
    public static final String LOCAL_ORIGIN = "keydb-local-origin";

    /** A member of the value before it; the name is KeyDB's. */
    public static final String MEMBER = "keydb-subexpire-key";

    /** When that member expires, unix milliseconds, decimal; the name is KeyDB's. */
    public static final String MEMBER_EXPIRY = "keydb-subexpire-when";

    /** That the cron job before it runs once. */
    public static final String CRON_SINGLE = "keydb-cron-single";

    /**
     * A key that is a cron job, which stock servers do not know and would not pass over: its
     * expiry, unix milliseconds or -1 (8 bytes, little-endian), the length of the key (4), the key,
     * type and value.
     */
    public static final String CRON = "keydb-cron";

    private AuxiliaryField() {}
}
