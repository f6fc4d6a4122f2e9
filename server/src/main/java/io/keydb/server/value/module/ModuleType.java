package io.keydb.server.value.module;

import io.keydb.server.memory.Allocator;
import io.keydb.server.value.Blob;
import io.keydb.server.value.ValueType;

/**
 * What all values of module types have in common.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class ModuleType implements ValueType {
    @Override
    public String name() {
        return "module";
    }

    @Override
    public String name(long record) {
        return TypeIdentity.name(ModuleValue.identity(record));
    }

    @Override
    public String encodingName(long record) {
        return "raw";
    }

    @Override
    public long size(long record) {
        return 1;
    }

    @Override
    public long ownedBytes(long record) {
        return Blob.ownedBytes(record);
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        Blob.copy(allocator, from, to);
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        Blob.freeOwned(allocator, record);
        return Math.max(1, budget - 1);
    }
}
