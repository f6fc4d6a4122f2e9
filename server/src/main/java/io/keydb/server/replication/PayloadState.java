package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.value.Holder;

/**
 * The state of a key as RESTORE carries it. A reusable flyweight.
 *
 * <p>Threads: confined to its owner; the bytes belong to somebody else.
 */
final class PayloadState implements KeyState {
    private final DumpPayload payload;
    private long address;
    private long length;
    private long expiryMillis;

    PayloadState(DumpPayload payload) {
        this.payload = payload;
    }

    /** Stands for these bytes; {@link StringState#NO_EXPIRY} is no expiry. */
    PayloadState set(long newAddress, long newLength, long newExpiryMillis) {
        address = newAddress;
        length = newLength;
        expiryMillis = newExpiryMillis;
        return this;
    }

    @Override
    public boolean hasExpiry() {
        return expiryMillis != StringState.NO_EXPIRY;
    }

    @Override
    public long expiryMillis() {
        return expiryMillis;
    }

    @Override
    public boolean build(Holder holder) throws RdbException {
        if (!DumpPayload.isSound(address, length, true)) {
            throw new RdbException("a payload whose version or checksum is wrong");
        }
        payload.build(address, length, holder);
        return true;
    }
}
