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

    /** A string. */
    void string(RdbString string) throws RdbException;

    /** The end; the checksum was right. */
    void end() throws RdbException;

    /**
     * One key with a string value. Reused by the reader.
     *
     * <p>Threads: confined to the reader.
     */
    final class RdbString {
        long keyAddress;
        int keyLength;
        long valueAddress;
        int valueLength;
        long expiryMillis;

        public long keyAddress() {
            return keyAddress;
        }

        public int keyLength() {
            return keyLength;
        }

        public long valueAddress() {
            return valueAddress;
        }

        public int valueLength() {
            return valueLength;
        }

        public boolean hasExpiry() {
            return expiryMillis != NO_EXPIRY;
        }

        /** Unix milliseconds. */
        public long expiryMillis() {
            return expiryMillis;
        }

        static final long NO_EXPIRY = Long.MIN_VALUE;
    }
}
