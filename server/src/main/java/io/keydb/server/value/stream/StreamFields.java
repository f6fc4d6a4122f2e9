package io.keydb.server.value.stream;

/**
 * The fields and values of an entry that is to be added, in turn: field, value, field, value.
 *
 * <p>Threads: confined to its owner.
 */
public interface StreamFields {
    /** How many fields. */
    int pairs();

    /** Where the bytes of field {@code i / 2}, or of its value for odd {@code i}, are. */
    long address(int i);

    /** How many they are. */
    int length(int i);
}
