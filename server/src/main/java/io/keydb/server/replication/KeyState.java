package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.value.Holder;

/**
 * The state of a key on its way into the keyspace: a value of any type, and an expiry.
 *
 * <p>Threads: confined to its owner.
 */
interface KeyState {
    boolean hasExpiry();

    /** Unix milliseconds; only when there is one. */
    long expiryMillis();

    /**
     * Makes the value in a record of the holder.
     *
     * @return false when there is nothing to make
     * @throws RdbException when the value is damaged; the holder may be left with a part of it
     */
    boolean build(Holder holder) throws RdbException;
}
