package io.keydb.server.replication;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.Allocator;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbVisitor;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
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
    public void string(RdbString string) throws RdbException {
        key.set(string.keyAddress(), string.keyLength());
        Partition partition = keyspace.partitionOf(key);
        partition.lock();
        try {
            long old = database.stored(key);
            long record = record(string, partition.allocator());
            if (old == 0) {
                database.insert(key, record);
            } else {
                database.replace(key, old, record);
            }
        } finally {
            partition.unlock();
        }
        keys++;
    }

    private long record(RdbString string, Allocator allocator) {
        long address = string.valueAddress();
        int length = string.valueLength();
        int encoding = StringValue.encodingFor(address, length);
        int shape = database.shape(Record.STRING, encoding, string.hasExpiry());
        long record =
                Record.create(
                        allocator,
                        shape,
                        key.address(),
                        key.length(),
                        StringValue.inlineBytes(encoding, length));
        StringValue.fill(allocator, record, address, length);
        if (string.hasExpiry()) {
            Record.setExpiry(record, Math.max(0, string.expiryMillis()));
        }
        return record;
    }

    @Override
    public void end() {
        isComplete = true;
    }
}
