package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.RdbEntry;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.value.Holder;

/**
 * The state of a key as an entry of an RDB stream.
 *
 * <p>Threads: immutable; valid as long as the entry.
 */
record EntryState(RdbEntry entry) implements KeyState {
    @Override
    public boolean hasExpiry() {
        return entry.hasExpiry();
    }

    @Override
    public long expiryMillis() {
        return entry.expiryMillis();
    }

    @Override
    public boolean build(Holder holder) throws RdbException {
        return entry.build(holder);
    }
}
