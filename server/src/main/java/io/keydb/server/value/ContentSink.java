package io.keydb.server.value;

/**
 * What is shown the content of one value, whatever form it is stored in. A value is either one
 * string, or {@link #begin} and its elements.
 *
 * <p>Threads: called by the thread that shows. Elements are valid only during the call.
 *
 * @param <E> what a sink may fail with
 */
public interface ContentSink<E extends Exception> {
    /** No expiry of an element. */
    long NO_EXPIRY = -1;

    /** A value that is a string. */
    void string(Element text) throws E;

    /**
     * A collection begins.
     *
     * @param type the type of its record
     * @param elements how many there are; a hint only when the value comes from outside
     */
    void begin(int type, long elements) throws E;

    /** The next element of a list. */
    void element(Element element) throws E;

    /**
     * A member of a set.
     *
     * @param expiryMillis when the member expires, unix milliseconds, or {@link #NO_EXPIRY}
     */
    void member(Element member, long expiryMillis) throws E;

    /** A member of a sorted set with its score, which is a number. */
    void scored(Element member, double score, long expiryMillis) throws E;

    /** A field of a hash with its value. */
    void field(Element field, Element value, long expiryMillis) throws E;
}
