package io.keydb.server.value.sortedset;

import io.keydb.server.memory.Allocator;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.CollectionType;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;
import java.nio.charset.StandardCharsets;

/**
 * Sorted sets as a type of value; see {@link SortedSet}.
 *
 * <p>Threads: stateless.
 */
public final class SortedSetType implements CollectionType {
    private static final byte[] ZREM = "ZREM".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "zset";
    }

    @Override
    public String encodingName(long record) {
        return SortedSet.isListpack(record) ? "listpack" : "skiplist";
    }

    @Override
    public long size(long record) {
        return SortedSet.size(record);
    }

    @Override
    public long ownedBytes(long record) {
        return SortedSet.isListpack(record)
                ? Blob.ownedBytes(record)
                : ScoreTree.bytes(Record.number(record));
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        if (SortedSet.isListpack(from)) {
            Blob.copy(allocator, from, to);
        } else {
            Record.setNumber(to, ScoreTree.copy(allocator, Record.number(from)));
            Members.settle(to);
        }
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        if (SortedSet.isListpack(record)) {
            Blob.freeOwned(allocator, record);
            return budget;
        }
        return ScoreTree.drain(allocator, Record.number(record), budget);
    }

    @Override
    public byte[] removal() {
        return ZREM;
    }

    @Override
    public boolean contains(long record, long address, int length) {
        return SortedSet.find(record, address, length) != 0;
    }

    @Override
    public void toTable(Holder holder) {
        if (SortedSet.isListpack(holder.record())) {
            SortedSet.toTree(holder);
        }
    }

    @Override
    public void moved(long root, long member, long moved) {
        ScoreTree.moved(root, member, moved);
    }

    @Override
    public void remove(Holder holder, long member) {
        ScoreTree.remove(holder, Record.number(holder.record()), member);
    }

    @Override
    public long evacuate(Allocator allocator, long record, long position) {
        return ScoreTree.evacuate(allocator, record, position);
    }
}
