package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.RdbWriter;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
import java.io.IOException;

/**
 * Writes records of the keyspace as entries of an RDB.
 *
 * <p>Threads: stateless; the lock of the record's partition is held.
 */
final class RdbRecords {
    private RdbRecords() {}

    static void write(RdbWriter writer, long record) throws IOException {
        if (Record.hasExpiry(record)) {
            writer.expiry(Record.expiry(record));
        }
        long key = Record.keyAddress(record);
        int keyLength = Record.keyLength(record);
        if (StringValue.isInteger(record)) {
            writer.stringEntry(key, keyLength, StringValue.integer(record));
        } else {
            writer.stringEntry(
                    key,
                    keyLength,
                    StringValue.address(record),
                    Math.toIntExact(StringValue.length(record)));
        }
    }
}
