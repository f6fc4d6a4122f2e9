package io.keydb.module;

/**
 * A type of values. A value is a sequence of bytes that the server keeps outside the Java heap and
 * handles as a whole: it counts its memory, saves and loads it, sends it to replicas, copies,
 * renames, expires, evicts and frees it, and includes it in digests, all without asking the module.
 * What the bytes mean only the module knows.
 *
 * <p>Threads: {@link #check} and {@link #upgrade} are called by any thread.
 */
public interface DataType {
    /**
     * The name that TYPE shows: nine letters, digits, {@code -} or {@code _}, different from those
     * of all other modules of the world. It is part of every saved value.
     */
    String name();

    /** The version of the form in which values are kept, 0 to 1023; part of every saved value. */
    int encodingVersion();

    /**
     * Looks at a value of the present version that comes from outside: a dump file, another server,
     * or a client's RESTORE. What handlers rely on must be checked here.
     *
     * @throws IllegalArgumentException when the value is damaged; it is not taken then
     */
    default void check(Bytes value) {}

    /**
     * Gives the present form of a value of another version.
     *
     * @throws IllegalArgumentException when the version is not known or the value is damaged
     */
    default byte[] upgrade(int version, Bytes value) {
        throw new IllegalArgumentException(
                "version " + version + " of type " + name() + " is not known");
    }
}
