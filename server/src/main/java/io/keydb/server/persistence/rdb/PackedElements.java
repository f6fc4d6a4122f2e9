package io.keydb.server.persistence.rdb;

import io.keydb.server.value.Element;

/**
 * The elements of a collection that was stored as one piece, one after the other.
 *
 * <p>Threads: confined to the reader.
 */
interface PackedElements {
    /**
     * Begins with a piece of foreign bytes; checks all of it, so that no step leaves it.
     *
     * @throws RdbException when it is damaged
     */
    void open(long address, long length) throws RdbException;

    /** Points the element at the next one; false at the end. */
    boolean next(Element to);
}
