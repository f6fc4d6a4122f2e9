package io.keydb.server.persistence.rdb;

import io.keydb.server.value.Element;

/**
 * What is shown the content of one value, whatever form it was stored in. A value is either one
 * string or {@link #begin} and its elements.
 *
 * <p>Threads: called by the thread that decodes. Elements are valid only during the call.
 */
public interface ValueTarget {
    /** No expiry of an element. */
    long NO_EXPIRY = -1;

    /** A value that is a string. */
    void string(Element text) throws RdbException;

    /**
     * A collection begins.
     *
     * @param type the type of its record
     * @param elements how many there are said to be; nothing may be allocated on that word
     */
    void begin(int type, long elements) throws RdbException;

    /** The next element of a list. */
    void element(Element element) throws RdbException;

    /** A member of a set; one that is there already is damage. */
    void member(Element member) throws RdbException;

    /** A member of a sorted set with its score, which is a number; duplicates are damage. */
    void member(Element member, double score) throws RdbException;

    /**
     * A field of a hash; duplicates are damage.
     *
     * @param expiryMillis when the field expires, unix milliseconds, or {@link #NO_EXPIRY}
     */
    void field(Element field, Element value, long expiryMillis) throws RdbException;
}
