package io.keydb.server.value.string;

import io.keydb.server.memory.Allocator;
import io.keydb.server.value.ValueType;

/**
 * Strings as a type of value; see {@link StringValue}.
 *
 * <p>Threads: stateless.
 */
public final class StringType implements ValueType {
    @Override
    public String name() {
        return "string";
    }

    @Override
    public String encodingName(long record) {
        return StringValue.encodingName(record);
    }

    @Override
    public long size(long record) {
        return 1;
    }

    @Override
    public long ownedBytes(long record) {
        return StringValue.ownedBytes(record);
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        StringValue.copy(allocator, from, to);
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        StringValue.freeOwned(allocator, record);
        return budget;
    }
}
