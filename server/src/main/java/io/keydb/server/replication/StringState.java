package io.keydb.server.replication;

import io.keydb.server.structure.Record;
import io.keydb.server.value.Holder;
import io.keydb.server.value.string.StringValue;

/**
 * A string and its expiry on their way into the keyspace: a reusable flyweight.
 *
 * <p>Threads: confined to its owner; the bytes belong to somebody else.
 */
final class StringState implements KeyState {
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

    @Override
    public boolean hasExpiry() {
        return expiryMillis != NO_EXPIRY;
    }

    @Override
    public long expiryMillis() {
        return expiryMillis;
    }

    @Override
    public boolean build(Holder holder) {
        int encoding = StringValue.encodingFor(address, length);
        long inline = StringValue.inlineBytes(encoding, length);
        long record = holder.create(Record.STRING, encoding, inline);
        StringValue.fill(holder.allocator(), record, address, length);
        return true;
    }
}
