package io.keydb.module;

import org.jspecify.annotations.Nullable;

/**
 * A key that the running command was declared with, and that is locked for it.
 *
 * <p>Whoever gets bytes of a value and then gives it another size, or removes it, by this key or by
 * another argument of the same name, goes on with the bytes it got; they follow the value. Bytes of
 * a value that is removed are no more.
 *
 * <p>Threads: confined to the call of the handler that got it.
 */
public interface ModuleKey {
    /** Whether there is a value, of whatever type. */
    boolean exists();

    /**
     * The value, to be read; null when there is none.
     *
     * @throws CommandFailure when it is of another type: the WRONGTYPE error
     */
    @Nullable Bytes read(DataType type);

    /**
     * The value, to be changed in place; null when there is none. Counts as a change.
     *
     * @throws CommandFailure when it is of another type
     * @throws IllegalStateException when the command is not declared to change this key
     */
    @Nullable MutableBytes change(DataType type);

    /**
     * The value with so many bytes: made when there is none, else made longer or shorter. New bytes
     * are zero. Counts as a change.
     *
     * @throws CommandFailure when it is of another type, or too long for a value
     * @throws IllegalStateException when the command is not declared to change this key
     */
    MutableBytes resize(DataType type, long length);

    /**
     * Removes the key, whatever it holds; gives whether there was one.
     *
     * @throws IllegalStateException when the command is not declared to change this key
     */
    boolean remove();

    /**
     * Tells clients that listen to keyspace events of this key: class {@code d} of {@code
     * notify-keyspace-events}.
     */
    void event(String name);
}
