package io.keydb.server.value.set;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.structure.RecordTable;
import java.util.random.RandomGenerator;

/**
 * The members of a large set: a table of records of type SET and encoding EMPTY, three bytes longer
 * than the member.
 *
 * <pre>
 *   root   0                          {@link RecordTable}
 *          RecordTable.ROOT_BYTES     bytes of all member records, as allocated   (8)
 * </pre>
 *
 * <p>Threads: confined to the partition lock of the set's key.
 */
final class MemberTable {
    private static final int SHAPE = Record.shape(Record.SET, Record.EMPTY, false, false, false);
    private static final long MEMBER_BYTES = RecordTable.ROOT_BYTES;
    private static final long ROOT_BYTES = MEMBER_BYTES + Long.BYTES;

    private MemberTable() {}

    /** Makes an empty table; gives its root. */
    static long create(Allocator allocator) {
        long root = allocator.allocate(ROOT_BYTES);
        RecordTable.initialise(root);
        Memory.putLong(root + MEMBER_BYTES, 0);
        return root;
    }

    static long size(long root) {
        return RecordTable.size(root);
    }

    /** Bytes of root, table and members, as allocated. */
    static long bytes(long root) {
        return Allocator.cellSize(ROOT_BYTES)
                + RecordTable.bytes(root)
                + Memory.getLong(root + MEMBER_BYTES);
    }

    /** The record of a member, or 0. */
    static long find(long root, long address, int length) {
        return find(root, Hashing.hash(address, length), address, length);
    }

    static long find(long root, long hash, long address, int length) {
        return RecordTable.find(root, hash, address, length);
    }

    /** Adds a member that is absent. */
    static void add(Allocator allocator, long root, long hash, long address, int length) {
        long member = Record.create(allocator, SHAPE, address, length, 0);
        account(root, Allocator.cellSize(Record.sizeOf(member)));
        RecordTable.insert(allocator, root, hash, member);
    }

    /** Takes a member out and frees its record. */
    static void remove(Allocator allocator, long root, long member) {
        long hash = Hashing.hash(Record.keyAddress(member), Record.keyLength(member));
        RecordTable.remove(allocator, root, hash, member);
        long bytes = Record.sizeOf(member);
        account(root, -Allocator.cellSize(bytes));
        allocator.free(member, bytes);
    }

    static long random(long root, RandomGenerator generator) {
        return RecordTable.random(root, generator);
    }

    /** See {@link RecordTable#walk}. */
    static long walk(long root, long cursor, RecordConsumer consumer) {
        return RecordTable.walk(root, cursor, consumer);
    }

    /** See {@link RecordTable#scan}. */
    static long scan(long root, long cursor, int count, RecordConsumer consumer) {
        return RecordTable.scan(root, cursor, count, consumer);
    }

    /** Makes a table with the same members; gives its root. */
    static long copy(Allocator allocator, long root) {
        long copy = create(allocator);
        RecordTable.forEach(
                root,
                member -> {
                    long address = Record.keyAddress(member);
                    int length = Record.keyLength(member);
                    add(allocator, copy, Hashing.hash(address, length), address, length);
                });
        return copy;
    }

    /**
     * Frees about {@code budget} members; the last call frees the root too.
     *
     * @return what is left of the budget; more than zero when all is freed
     */
    static long free(Allocator allocator, long root, long budget) {
        long left =
                RecordTable.drain(
                        allocator,
                        root,
                        budget,
                        member -> allocator.free(member, Record.sizeOf(member)));
        if (left > 0) {
            allocator.free(root, ROOT_BYTES);
        }
        return left;
    }

    /** Checks everything that must hold between calls. */
    static void checkInvariants(long root) {
        RecordTable.checkInvariants(root);
        long[] bytes = new long[1];
        RecordTable.forEach(
                root, member -> bytes[0] += Allocator.cellSize(Record.sizeOf(member)));
        if (bytes[0] != Memory.getLong(root + MEMBER_BYTES)) {
            throw new IllegalStateException("violated: the bytes are those of the members");
        }
    }

    private static void account(long root, long bytes) {
        Memory.putLong(root + MEMBER_BYTES, Memory.getLong(root + MEMBER_BYTES) + bytes);
    }
}
