package io.keydb.server.value.set;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.CollectionType;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;
import java.nio.charset.StandardCharsets;

/**
 * Sets as one of the types of values.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class SetType implements CollectionType {
    private static final byte[] SREM = "SREM".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "set";
    }

    @Override
    public String encodingName(long record) {
        if (SetValue.isTable(record)) {
            return "hashtable";
        }
        return Blob.isIntegers(record) ? "intset" : "listpack";
    }

    @Override
    public long size(long record) {
        return SetValue.size(record);
    }

    @Override
    public long ownedBytes(long record) {
        return SetValue.isTable(record)
                ? MemberTable.bytes(Record.number(record))
                : Blob.ownedBytes(record);
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        if (SetValue.isTable(from)) {
            Record.setNumber(to, MemberTable.copy(allocator, Record.number(from)));
            Members.settle(to);
        } else {
            Blob.copy(allocator, from, to);
        }
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        if (SetValue.isTable(record)) {
            return MemberTable.free(allocator, Record.number(record), budget);
        }
        Blob.freeOwned(allocator, record);
        return Math.max(1, budget - 1);
    }

    @Override
    public byte[] removal() {
        return SREM;
    }

    @Override
    public boolean contains(long record, long address, int length) {
        return SetValue.contains(record, address, length);
    }

    @Override
    public void toTable(Holder holder) {
        if (!SetValue.isTable(holder.record())) {
            SetForms.toTable(holder);
        }
    }

    @Override
    public void moved(long root, long member, long moved) {
        MemberTable.moved(root, member, moved);
    }

    @Override
    public void remove(Holder holder, long member) {
        MemberTable.remove(holder, member);
    }

    @Override
    public long evacuate(Allocator allocator, long record, long position) {
        return Members.evacuate(allocator, record, MemberTable.ROOT_BYTES, position);
    }
}
