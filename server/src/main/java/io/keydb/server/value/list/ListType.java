package io.keydb.server.value.list;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.ValueType;

/**
 * Lists as a type of value.
 *
 * <p>Threads: stateless.
 */
public final class ListType implements ValueType {
    /** Whether the list is a tree of listpacks, and not one listpack. */
    public static boolean isTree(long record) {
        return Record.encoding(record) == Record.INT;
    }

    /** The number of elements. */
    public static long sizeOf(long record) {
        return isTree(record)
                ? Quicklist.size(Record.number(record))
                : Listpack.count(Blob.address(record));
    }

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String encodingName(long record) {
        return isTree(record) ? "quicklist" : "listpack";
    }

    @Override
    public long size(long record) {
        return sizeOf(record);
    }

    @Override
    public long ownedBytes(long record) {
        return isTree(record)
                ? Quicklist.allocatedBytes(Record.number(record))
                : Blob.ownedBytes(record);
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        if (isTree(from)) {
            Record.setNumber(to, Quicklist.copy(allocator, Record.number(from)));
        } else {
            Blob.copy(allocator, from, to);
        }
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        if (isTree(record)) {
            return Quicklist.free(allocator, Record.number(record), budget);
        }
        Blob.freeOwned(allocator, record);
        return budget;
    }

    @Override
    public long evacuate(Allocator allocator, long record, long position) {
        return Quicklist.evacuate(allocator, record, position);
    }
}
