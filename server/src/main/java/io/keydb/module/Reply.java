package io.keydb.module;

/**
 * Where a handler writes its reply, in the protocol that the client has chosen. An aggregate is
 * begun with the number of its parts, which follow. A reply that is more or less than one is not
 * sent; the client gets an error then.
 *
 * <p>Threads: confined to the call of the handler.
 */
public interface Reply {
    /** {@code +OK}. */
    void ok();

    /** A status, without line ends. */
    void simple(String text);

    void integer(long value);

    void number(double value);

    void bool(boolean value);

    /** A string in UTF-8. */
    void bulk(String text);

    void bulk(byte[] text);

    void bulk(Bytes text);

    /** No value. */
    void nil();

    void array(int parts);

    /** Pairs of a key and a value each. */
    void map(int pairs);

    void set(int parts);
}
