package io.keydb.server.persistence.rdb;

/**
 * What a reader of an RDB stream meets, in the order of the stream.
 *
 * <p>Threads: called by the thread that feeds the reader. Addresses are valid only during the call.
 */
public interface RdbVisitor {
    /** An auxiliary field; unknown ones are to be ignored. */
    void auxiliary(String name, byte[] value) throws RdbException;

    /** What follows belongs to this database. */
    void database(long index) throws RdbException;

    /** A key with its value. */
    void entry(RdbEntry entry) throws RdbException;

    /** The code of a library of functions. Who has no use for it does nothing. */
    default void function(byte[] code) throws RdbException {}

    /** The end; the checksum was right. */
    void end() throws RdbException;
}
