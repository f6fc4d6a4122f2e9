package io.keydb.server.command;

/** Which partitions are locked while a command runs. */
public enum Locking {
    /** None: the command touches no key. */
    NONE,
    /** Those of the keys its key specifications find. */
    KEYS,
    /** None beforehand: the command walks the partitions itself, one short slice at a time. */
    SLICES,
    /** All of them. */
    ALL,
    /** Those that the commands of the client's queue need (EXEC). */
    QUEUE
}
