package io.keydb.server.value.hash;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Blob;
import io.keydb.server.value.CollectionType;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;

/**
 * Hashes as a type of value; see {@link HashValue}.
 *
 * <p>Threads: stateless; confined to the partition lock of the record's key.
 */
public final class HashType implements CollectionType {
    private static final byte[] HDEL = "HDEL".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "hash";
    }

    @Override
    public String encodingName(long record) {
        return HashValue.isTable(record) ? "hashtable" : "listpack";
    }

    @Override
    public long size(long record) {
        return HashValue.size(record);
    }

    @Override
    public long ownedBytes(long record) {
        if (!HashValue.isTable(record)) {
            return Blob.ownedBytes(record);
        }
        long root = Record.number(record);
        long sum = Allocator.cellSize(HashValue.ROOT_BYTES) + Members.bytes(root);
        for (long place = RecordTable.nextPlace(root, -1);
                place >= 0;
                place = RecordTable.nextPlace(root, place)) {
            sum += Values.memoryUsage(RecordTable.recordAt(root, place));
        }
        return sum;
    }

    @Override
    public void copy(Allocator allocator, long from, long to) {
        if (!HashValue.isTable(from)) {
            Blob.copy(allocator, from, to);
            return;
        }
        long root = Record.number(from);
        long copy = HashValue.newRoot(allocator);
        for (long place = RecordTable.nextPlace(root, -1);
                place >= 0;
                place = RecordTable.nextPlace(root, place)) {
            long field = RecordTable.recordAt(root, place);
            long size = Record.sizeOf(field);
            long copied = allocator.allocate(size);
            Memory.copy(field, copied, size);
            Values.copy(allocator, field, copied);
            long hash = Hashing.hash(Record.keyAddress(copied), Record.keyLength(copied));
            RecordTable.insert(allocator, copy, hash, copied);
            Members.index(allocator, copy, copied);
        }
        Record.setNumber(to, copy);
        Members.settle(to);
    }

    @Override
    public long freeOwned(Allocator allocator, long record, long budget) {
        if (!HashValue.isTable(record)) {
            Blob.freeOwned(allocator, record);
            return budget;
        }
        long root = Record.number(record);
        long left = Members.drain(allocator, root, budget, field -> Values.free(allocator, field));
        if (left > 0) {
            allocator.free(root, HashValue.ROOT_BYTES);
        }
        return left;
    }

    @Override
    public byte[] removal() {
        return HDEL;
    }

    @Override
    public boolean contains(long record, long address, int length) {
        return HashValue.contains(record, address, length);
    }

    @Override
    public void toTable(Holder holder) {
        HashValue.toTable(holder);
    }

    @Override
    public void moved(long root, long member, long moved) {
        long hash = Hashing.hash(Record.keyAddress(moved), Record.keyLength(moved));
        RecordTable.replace(root, hash, member, moved);
    }

    @Override
    public void remove(Holder holder, long member) {
        FieldRecords.remove(holder, member);
    }

    @Override
    public long evacuate(Allocator allocator, long record, long position) {
        return Members.evacuate(allocator, record, HashValue.ROOT_BYTES, position);
    }
}
