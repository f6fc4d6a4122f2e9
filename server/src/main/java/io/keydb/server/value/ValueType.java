package io.keydb.server.value;

import io.keydb.server.memory.Allocator;

/**
 * What every type of value answers about a record of its type.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public interface ValueType {
    /** The name as TYPE tells it. */
    String name();

    /** The name as TYPE tells it of this record: types of modules have names of their own. */
    default String name(long record) {
        return name();
    }

    /** The name of the encoding as OBJECT ENCODING tells it. */
    String encodingName(long record);

    /** How many elements the value has; 1 for a string. */
    long size(long record);

    /** Bytes of all that the record owns apart from itself, as allocated. */
    long ownedBytes(long record);

    /**
     * Copies the value of one record into a new one of the same type, encoding and inline length.
     */
    void copy(Allocator allocator, long from, long to);

    /**
     * Frees what the record owns apart from itself: all of it, or about as many elements as the
     * budget allows. To be called again until the result is more than zero. In between the record
     * is in nobody's reach and good for nothing else.
     *
     * @return what is left of the budget; more than zero when nothing is owned any more
     */
    long freeOwned(Allocator allocator, long record, long budget);

    /**
     * Moves parts of what the record owns, whose value is a structure, out of sparse memory, see
     * {@link Allocator#evacuate}: about as many elements as a segment or a leaf has, from a
     * position on. Nothing that is the same for others has changed afterwards.
     *
     * @param position 0 at first, then what the call before gave, whatever happened in between
     * @return where to go on; 0 at the end
     */
    default long evacuate(Allocator allocator, long record, long position) {
        return 0;
    }
}
