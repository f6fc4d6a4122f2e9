package io.keydb.server.value;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Hashing;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Deadlines;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordConsumer;
import io.keydb.server.structure.RecordTable;

/**
 * The members of a hash, set or sorted set in the form of a table: what the roots of all three have
 * in common, and how members expire.
 *
 * <pre>
 *   root
 *   0    table of the members' records (24)
 *   24   address of the root of {@link Deadlines}, 0 while no member expires
 *   32   the type's own
 * </pre>
 *
 * <p>A member that expires has the expiry field in its record and is in the deadlines; the key's
 * record then carries the mark {@link Record#membersExpire}, by which the keyspace knows it. The
 * rules for a type:
 *
 * <ul>
 *   <li>before a member's record is freed: {@link #forget};
 *   <li>when its record moves: {@link #moved}, with the expiry carried over;
 *   <li>when a value is copied or built whole: {@link #index} for every new member that has the
 *       field, {@link #settle} at the end;
 *   <li>to free a value: {@link #drain}, then the root itself.
 * </ul>
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class Members {
    /** Where the type's own part of a root begins. */
    public static final int HEADER_BYTES = 32;

    private static final int DEADLINES = RecordTable.ROOT_BYTES;

    private Members() {}

    /** Makes the common part of a root, without members. */
    public static void initialise(long root) {
        RecordTable.initialise(root);
        Memory.putLong(root + DEADLINES, 0);
    }

    /** Number of members. */
    public static long size(long root) {
        return RecordTable.size(root);
    }

    /** The record of a member, 0 when there is none. */
    public static long find(long root, long address, int length) {
        return RecordTable.find(root, Hashing.hash(address, length), address, length);
    }

    /** Bytes of table and deadlines, without the root and the records. */
    public static long bytes(long root) {
        long deadlines = deadlines(root);
        long own = RecordTable.bytes(root);
        return deadlines == 0
                ? own
                : own + Allocator.cellSize(Deadlines.ROOT_BYTES) + Deadlines.bytes(deadlines);
    }

    /** Number of members that expire. */
    public static long expiring(long root) {
        long deadlines = deadlines(root);
        return deadlines == 0 ? 0 : Deadlines.size(deadlines);
    }

    /** When the next member expires; {@link Deadlines#NEVER} when none does. */
    public static long nextExpiry(long root) {
        long deadlines = deadlines(root);
        return deadlines == 0 ? Deadlines.NEVER : Deadlines.earliest(deadlines);
    }

    /** A member whose time has come before that moment, 0 when there is none. */
    public static long due(long root, long momentMillis) {
        return nextExpiry(root) < momentMillis ? Deadlines.first(deadlines(root)) : 0;
    }

    /** Whether a member's time has come before that moment: then a replica hides it. */
    public static boolean isExpired(long member, long momentMillis) {
        return Record.hasExpiry(member) && Record.expiry(member) < momentMillis;
    }

    /**
     * Sets when a member of a value in the form of a table expires.
     *
     * @return the member's record, which may have moved
     */
    public static long expire(Holder holder, long member, long unixMillis) {
        holder.beforeChange();
        long root = Record.number(holder.record());
        long kept = member;
        if (Record.hasExpiry(member)) {
            forget(holder, member);
        } else {
            kept = reshape(holder, root, member, true);
        }
        Record.setExpiry(kept, unixMillis);
        index(holder.allocator(), root, kept);
        settle(holder);
        return kept;
    }

    /**
     * Lets a member last for ever.
     *
     * @return the member's record, which may have moved
     */
    public static long persist(Holder holder, long member) {
        if (!Record.hasExpiry(member)) {
            return member;
        }
        holder.beforeChange();
        forget(holder, member);
        return reshape(holder, Record.number(holder.record()), member, false);
    }

    /** Forgets when a member expires; before its record is freed or changes its expiry. */
    public static void forget(Holder holder, long member) {
        if (!Record.hasExpiry(member)) {
            return;
        }
        long root = Record.number(holder.record());
        long deadlines = deadlines(root);
        Deadlines.remove(holder.allocator(), deadlines, Record.expiry(member), member);
        if (Deadlines.size(deadlines) == 0) {
            freeDeadlines(holder.allocator(), root);
            settle(holder);
        }
    }

    /** Follows a member whose record is another now, with the same expiry as before. */
    public static void moved(Allocator allocator, long root, long member, long moved) {
        if (Record.hasExpiry(moved)) {
            long deadlines = deadlines(root);
            Deadlines.remove(allocator, deadlines, Record.expiry(moved), member);
            Deadlines.add(allocator, deadlines, Record.expiry(moved), moved);
        }
    }

    /** Notes when a new member expires; nothing, when its record has no expiry. */
    public static void index(Allocator allocator, long root, long member) {
        if (!Record.hasExpiry(member)) {
            return;
        }
        long deadlines = deadlines(root);
        if (deadlines == 0) {
            deadlines = allocator.allocate(Deadlines.ROOT_BYTES);
            Deadlines.initialise(deadlines);
            Memory.putLong(root + DEADLINES, deadlines);
        }
        Deadlines.add(allocator, deadlines, Record.expiry(member), member);
    }

    /** Marks the record of a value in the form of a table when members of it expire. */
    public static void settle(Holder holder) {
        long record = holder.record();
        boolean expire = expiring(Record.number(record)) > 0;
        if (expire != Record.membersExpire(record)) {
            holder.membersExpire(expire);
        }
    }

    /** Marks a record that is in no table yet when members of its value expire. */
    public static void settle(long record) {
        Record.setMembersExpire(record, expiring(Record.number(record)) > 0);
    }

    /**
     * Empties a value in slices, see {@link RecordTable#drain}; then only the root and what is the
     * type's own are left to free.
     */
    public static long drain(Allocator allocator, long root, long budget, RecordConsumer freeing) {
        if (deadlines(root) != 0) {
            freeDeadlines(allocator, root);
        }
        return RecordTable.drain(allocator, root, budget, freeing);
    }

    /**
     * Moves the value's root of so many bytes and some members out of sparse memory, see {@link
     * ValueType#evacuate}. Positions are the hashes of members, which end with zeros.
     */
    public static long evacuate(Allocator allocator, long record, long rootBytes, long position) {
        long root = Record.number(record);
        if (position == 0) {
            root = allocator.evacuate(root, rootBytes);
            Record.setNumber(record, root);
            if (deadlines(root) != 0) {
                Memory.putLong(
                        root + DEADLINES,
                        allocator.evacuate(deadlines(root), Deadlines.ROOT_BYTES));
                Deadlines.evacuate(allocator, deadlines(root));
            }
        }
        long table = root;
        CollectionType type = (CollectionType) Values.of(record);
        return RecordTable.evacuate(
                allocator, table, position, member -> moved(allocator, type, table, member));
    }

    private static long moved(Allocator allocator, CollectionType type, long root, long member) {
        long bytes = Record.sizeOf(member);
        long moved = member;
        if (allocator.isEvacuated(member, bytes)) {
            moved = allocator.allocate(bytes);
            Memory.copy(member, moved, bytes);
            type.moved(root, member, moved);
            moved(allocator, root, member, moved);
            allocator.free(member, bytes);
            allocator.countEvacuated();
        }
        Values.evacuateLarge(allocator, moved);
        return moved;
    }

    private static void freeDeadlines(Allocator allocator, long root) {
        long deadlines = deadlines(root);
        Deadlines.clear(allocator, deadlines);
        allocator.free(deadlines, Deadlines.ROOT_BYTES);
        Memory.putLong(root + DEADLINES, 0);
    }

    private static long deadlines(long root) {
        return Memory.getLong(root + DEADLINES);
    }

    /** A copy of a member's record with or without the expiry field, in its place. */
    private static long reshape(Holder holder, long root, long member, boolean expiry) {
        Allocator allocator = holder.allocator();
        int shape =
                Record.shape(
                        Record.type(member),
                        Record.encoding(member),
                        expiry,
                        Record.hasStamp(member),
                        Record.hasAccess(member));
        long length = Record.valueLength(member);
        long key = Record.keyAddress(member);
        long moved = Record.create(allocator, shape, key, Record.keyLength(member), length);
        Memory.copy(Record.valueAddress(member), Record.valueAddress(moved), length);
        ((CollectionType) Values.of(holder.record())).moved(root, member, moved);
        allocator.free(member, Record.sizeOf(member));
        return moved;
    }

    /** Checks everything that must hold between calls of a value in the form of a table. */
    public static void checkInvariants(long record) {
        long root = Record.number(record);
        RecordTable.checkInvariants(root);
        long[] expiring = new long[1];
        RecordTable.forEach(root, member -> expiring[0] += Record.hasExpiry(member) ? 1 : 0);
        if (deadlines(root) != 0) {
            Deadlines.checkInvariants(deadlines(root));
        }
        if (expiring[0] != expiring(root)
                || (expiring[0] > 0) != Record.membersExpire(record)
                || (expiring[0] > 0) != (deadlines(root) != 0)) {
            throw new IllegalStateException("violated: who expires is in the deadlines");
        }
    }
}
