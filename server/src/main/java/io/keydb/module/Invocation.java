package io.keydb.module;

/**
 * One call of a command: its arguments, its keys, its reply.
 *
 * <p>A write goes to the log, and so to the append-only file and to replicas, as the request that
 * made it. A command that would not do the same there (as it depends on the time, on chance or on
 * parameters) says with {@link #replicate} what to do instead. Between active nodes the resulting
 * value of each changed key goes instead.
 *
 * <p>Threads: confined to the call of the handler; afterwards every method throws {@link
 * IllegalStateException}.
 */
public interface Invocation {
    /** Number of arguments, with the name of the command as the first one. */
    int count();

    /** An argument. */
    Bytes argument(int index);

    /** An argument as text in UTF-8. */
    String text(int index);

    /**
     * An argument as a whole number.
     *
     * @throws CommandFailure when it is none
     */
    long integer(int index);

    /** Whether an argument is this keyword, in any case. */
    boolean is(int index, String keyword);

    /**
     * The key at an argument.
     *
     * @throws IllegalStateException when the declaration of the command does not name it
     */
    ModuleKey key(int index);

    Reply reply();

    /** Unix milliseconds, the same for all commands that were read together. */
    long nowMillis();

    /** The database the client has chosen. */
    int database();

    /** The protocol of the client: 2 or 3. */
    int protocol();

    /**
     * Says what replicas do in place of this request; several times for several commands. Matters
     * only when the command changes something.
     */
    void replicate(String command, byte[]... arguments);
}
