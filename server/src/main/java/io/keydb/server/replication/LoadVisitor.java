package io.keydb.server.replication;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.RdbEntry;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbVisitor;
import java.nio.charset.StandardCharsets;

/**
 * Puts the data of a primary into the emptied keyspace of a plain replica.
 *
 * <p>Threads: confined to the link's event loop.
 */
final class LoadVisitor implements RdbVisitor {
    private final Keyspace keyspace;
    private final Key key = new Key();
    private Database database;
    private int streamDatabase;
    private long keys;
    private boolean isComplete;

    LoadVisitor(Keyspace keyspace) {
        this.keyspace = keyspace;
        this.database = keyspace.database(0);
    }

    /** The database in which the commands behind the snapshot begin. */
    int streamDatabase() {
        return streamDatabase;
    }

    long keys() {
        return keys;
    }

    boolean isComplete() {
        return isComplete;
    }

    @Override
    public void auxiliary(String name, byte[] value) throws RdbException {
        if (name.equals(AuxiliaryField.STREAM_DATABASE)) {
            try {
                int index = Integer.parseInt(new String(value, StandardCharsets.US_ASCII));
                streamDatabase = checked(index);
            } catch (NumberFormatException malformed) {
                throw new RdbException("a malformed " + name);
            }
        }
    }

    @Override
    public void database(long index) throws RdbException {
        database = keyspace.database(checked(index));
    }

    private int checked(long index) throws RdbException {
        if (index < 0 || index >= keyspace.databases()) {
            throw new RdbException(
                    "database " + index + ", but this server has only " + keyspace.databases());
        }
        return (int) index;
    }

    @Override
    public void entry(RdbEntry entry) throws RdbException {
        key.set(entry.keyAddress(), entry.keyLength());
        Partition partition = keyspace.partitionOf(key);
        partition.lock();
        try (Draft draft = draft(entry)) {
            // A stock server skips keys that hold nothing, too.
            if (entry.build(draft)) {
                draft.publish();
                keys++;
            }
        } finally {
            partition.unlock();
        }
    }

    private Draft draft(RdbEntry entry) {
        return entry.hasExpiry()
                ? new Draft(database, key, entry.expiryMillis())
                : new Draft(database, key);
    }

    @Override
    public void end() {
        isComplete = true;
    }
}
