package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.ValueType;

/**
 * Streams as a type of value; see {@link Stream}.
 *
 * <p>Threads: stateless.
 */
public final class StreamType implements ValueType {
    @Override
    public String name() {
        return "stream";
    }

    @Override
    public String encodingName(long record) {
        return "stream";
    }

    @Override
    public long size(long record) {
        return Stream.length(Record.number(record));
    }

    @Override
    public long ownedBytes(long record) {
        return Stream.bytes(Record.number(record));
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        Record.setNumber(to, Stream.copy(allocator, Record.number(from)));
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        return Stream.free(allocator, Record.number(record), budget);
    }

    @Override
    public long evacuate(Allocator allocator, long record, long position) {
        if (position == 0) {
            Record.setNumber(record, Stream.evacuateRoot(allocator, Record.number(record)));
        }
        return Stream.evacuateNode(allocator, Record.number(record), position);
    }
}
