package io.keydb.server.value;

import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;

/**
 * Shows what a value holds, element by element: for dumps, digests and copies to other nodes.
 *
 * <p>Threads: stateless; the lock of the record's partition is held.
 */
public final class Contents {
    private Contents() {}

    /** Shows the value of a record. */
    public static <E extends Exception> void show(long record, ContentSink<E> sink) throws E {
        switch (Record.type(record)) {
            case Record.STRING -> string(record, sink);
            default -> throw new IllegalArgumentException("no value of " + Record.type(record));
        }
    }

    private static <E extends Exception> void string(long record, ContentSink<E> sink) throws E {
        Element text = new Element();
        if (StringValue.isInteger(record)) {
            text.set(StringValue.integer(record));
        } else {
            text.set(StringValue.address(record), Math.toIntExact(StringValue.length(record)));
        }
        sink.string(text);
    }
}
