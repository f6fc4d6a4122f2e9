package io.keydb.server.replication;

/**
 * A string and its expiry on their way into the keyspace: a reusable flyweight.
 *
 * <p>Threads: confined to its owner; the bytes belong to somebody else.
 */
final class StringState {
    static final long NO_EXPIRY = -1;

    private long address;
    private long length;
    private long expiryMillis;

    StringState set(long newAddress, long newLength, long newExpiryMillis) {
        address = newAddress;
        length = newLength;
        expiryMillis = newExpiryMillis;
        return this;
    }

    long address() {
        return address;
    }

    long length() {
        return length;
    }

    boolean hasExpiry() {
        return expiryMillis != NO_EXPIRY;
    }

    long expiryMillis() {
        return expiryMillis;
    }
}
