package io.keydb.server.persistence.rdb;

import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
import java.io.IOException;

/**
 * Writes values in the forms that every server of the last years reads, whatever their encoding
 * here: as sequences of strings, which the reader packs as its own limits say.
 *
 * <p>Threads: stateless; the lock of the record's partition is held.
 */
final class ValueWriter {
    private ValueWriter() {}

    /** The type as which the value of a record is written. */
    static int type(long record) {
        return switch (Record.type(record)) {
            case Record.STRING -> RdbFormat.TYPE_STRING;
            default -> throw new IllegalArgumentException("type " + Record.type(record));
        };
    }

    static void write(RdbWriter out, long record) throws IOException {
        switch (Record.type(record)) {
            case Record.STRING -> string(out, record);
            default -> throw new IllegalArgumentException("type " + Record.type(record));
        }
    }

    private static void string(RdbWriter out, long record) throws IOException {
        if (StringValue.isInteger(record)) {
            out.number(StringValue.integer(record));
        } else {
            out.string(StringValue.address(record), Math.toIntExact(StringValue.length(record)));
        }
    }
}
