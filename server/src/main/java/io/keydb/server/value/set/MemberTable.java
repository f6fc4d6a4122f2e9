package io.keydb.server.value.set;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;
import java.util.random.RandomGenerator;

/**
 * The members of a large set: a table of records of type SET and encoding EMPTY, three bytes longer
 * than the member.
 *
 * <pre>
 *   root
 *   0    what the tables of all types have in common, see {@link Members}   (32)
 *   32   bytes of all member records, as allocated                          (8)
 * </pre>
 *
 * <p>Threads: confined to the partition lock of the set's key.
 */
final class MemberTable {
    private static final int SHAPE = Record.shape(Record.SET, Record.EMPTY, false, false, false);
    private static final long MEMBER_BYTES = Members.HEADER_BYTES;
    static final long ROOT_BYTES = MEMBER_BYTES + Long.BYTES;

    private MemberTable() {}

    /** Makes an empty table; gives its root. */
    static long create(Allocator allocator) {
        long root = allocator.allocate(ROOT_BYTES);
        Members.initialise(root);
        Memory.putLong(root + MEMBER_BYTES, 0);
        return root;
    }

    static long size(long root) {
        return Members.size(root);
    }

    /** Bytes of root, table and members, as allocated. */
    static long bytes(long root) {
        return Allocator.cellSize(ROOT_BYTES)
                + Members.bytes(root)
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
        insert(allocator, root, hash, Record.create(allocator, SHAPE, address, length, 0));
    }

    private static void insert(Allocator allocator, long root, long hash, long member) {
        account(root, Allocator.cellSize(Record.sizeOf(member)));
        RecordTable.insert(allocator, root, hash, member);
    }

    /** Takes a member out and frees its record. */
    static void remove(Holder set, long member) {
        Members.forget(set, member);
        Allocator allocator = set.allocator();
        long root = Record.number(set.record());
        RecordTable.remove(allocator, root, hash(member), member);
        long bytes = Record.sizeOf(member);
        account(root, -Allocator.cellSize(bytes));
        allocator.free(member, bytes);
    }

    /** Puts the copy of a member's record in its place; frees nothing. */
    static void moved(long root, long member, long moved) {
        RecordTable.replace(root, hash(member), member, moved);
        account(
                root,
                Allocator.cellSize(Record.sizeOf(moved))
                        - Allocator.cellSize(Record.sizeOf(member)));
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

    /** Makes a table with the same members, which expire at the same time; gives its root. */
    static long copy(Allocator allocator, long root) {
        long copy = create(allocator);
        RecordTable.forEach(root, member -> insertCopy(allocator, copy, member));
        return copy;
    }

    private static void insertCopy(Allocator allocator, long root, long member) {
        long copy =
                Record.create(
                        allocator,
                        Record.shapeOf(member),
                        Record.keyAddress(member),
                        Record.keyLength(member),
                        0);
        if (Record.hasExpiry(member)) {
            Record.setExpiry(copy, Record.expiry(member));
        }
        insert(allocator, root, hash(copy), copy);
        Members.index(allocator, root, copy);
    }

    /**
     * Frees about {@code budget} members; the last call frees the root too.
     *
     * @return what is left of the budget; more than zero when all is freed
     */
    static long free(Allocator allocator, long root, long budget) {
        long left =
                Members.drain(
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
        long[] bytes = new long[1];
        RecordTable.forEach(root, member -> bytes[0] += Allocator.cellSize(Record.sizeOf(member)));
        if (bytes[0] != Memory.getLong(root + MEMBER_BYTES)) {
            throw new IllegalStateException("violated: the bytes are those of the members");
        }
    }

    private static long hash(long member) {
        return Hashing.hash(Record.keyAddress(member), Record.keyLength(member));
    }

    private static void account(long root, long bytes) {
        Memory.putLong(root + MEMBER_BYTES, Memory.getLong(root + MEMBER_BYTES) + bytes);
    }
}
