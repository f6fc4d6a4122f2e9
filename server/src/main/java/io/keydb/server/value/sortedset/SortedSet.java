package io.keydb.server.value.sortedset;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.EncodingLimits;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;

/**
 * A sorted set in whichever form it has: {@link ScoreListpack} while it is small, {@link ScoreTree}
 * from then on.
 *
 * <p>A member that is looked for is given back as a <em>place</em>: 0 when it is not there,
 * otherwise something to be passed on to other methods until the set changes. Scores are never
 * not-a-number.
 *
 * <p>Built by {@link #insert}, member by member in any order, fastest in the order of the set; read
 * by {@link SortedSetCursor}.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public final class SortedSet {
    /** A listpack grows no further than this, whatever the limits. */
    private static final long LARGEST_LISTPACK = 1L << 30;

    private SortedSet() {}

    static boolean isListpack(long record) {
        return Record.encoding(record) != Record.INT;
    }

    /** The number of members; 0 without a record. */
    public static long size(long record) {
        if (record == 0) {
            return 0;
        }
        return isListpack(record)
                ? ScoreListpack.size(Blob.address(record))
                : ScoreTree.size(Record.number(record));
    }

    /** The place of a member, or 0, also without a record. */
    public static long find(long record, long address, int length) {
        if (record == 0) {
            return 0;
        }
        return isListpack(record)
                ? ScoreListpack.find(Blob.address(record), address, length)
                : ScoreTree.find(Record.number(record), address, length);
    }

    /** The same for the text of an element; an integer's is written to memory for one. */
    public static long find(long record, Element member, long scratch) {
        if (!member.isInteger()) {
            return find(record, member.address(), member.length());
        }
        member.copyTo(scratch);
        return find(record, scratch, member.length());
    }

    /** The score at a place. */
    public static double score(long record, long place) {
        return isListpack(record)
                ? ScoreListpack.score(Blob.address(record), place)
                : ScoreTree.score(place);
    }

    /** How many members come before the one at a place. */
    public static long rank(long record, long place) {
        return isListpack(record)
                ? ScoreListpack.rank(Blob.address(record), place)
                : ScoreTree.rank(Record.number(record), place);
    }

    /** How many members come before a bound. */
    public static long countBefore(long record, Bound bound) {
        return isListpack(record)
                ? ScoreListpack.countBefore(Blob.address(record), bound)
                : ScoreTree.countBefore(Record.number(record), bound);
    }

    /** Adds a member that is not there; makes the record if there is none. */
    public static void insert(Holder holder, long address, int length, double score) {
        long record = holder.record();
        EncodingLimits limits = holder.limits();
        if (record == 0) {
            if (limits.zsetMaxListpackEntries() > 0 && length <= limits.zsetMaxListpackValue()) {
                ScoreListpack.create(holder, Record.SORTED_SET, address, length, score);
                return;
            }
            createLarge(holder);
        } else if (isListpack(record)) {
            if (fits(limits, Blob.address(record), length)) {
                ScoreListpack.put(holder, 0, address, length, score);
                return;
            }
            toTree(holder);
        }
        holder.beforeChange();
        ScoreTree.insert(
                holder.allocator(), Record.number(holder.record()), address, length, score);
    }

    /** Makes the record of a set without members, in the form of large ones. */
    public static void createLarge(Holder holder) {
        long root = ScoreTree.create(holder.allocator());
        Record.setNumber(holder.create(Record.SORTED_SET, Record.INT, Long.BYTES), root);
    }

    /** The same for the text of an element, of a set that is not this one. */
    public static void insert(Holder holder, Element member, double score) {
        if (!member.isInteger()) {
            insert(holder, member.address(), member.length(), score);
            return;
        }
        Allocator allocator = holder.allocator();
        long scratch = allocator.allocate(DecimalText.LONGEST);
        member.copyTo(scratch);
        insert(holder, scratch, member.length(), score);
        allocator.free(scratch, DecimalText.LONGEST);
    }

    private static boolean fits(EncodingLimits limits, long listpack, int length) {
        return ScoreListpack.size(listpack) < limits.zsetMaxListpackEntries()
                && length <= limits.zsetMaxListpackValue()
                && Listpack.bytes(listpack) + (long) length < LARGEST_LISTPACK;
    }

    /** Gives the member at a place, which has this text, another score. */
    public static void update(Holder holder, long place, long address, int length, double score) {
        long record = holder.record();
        if (isListpack(record)) {
            ScoreListpack.put(holder, place, address, length, score);
        } else {
            holder.beforeChange();
            ScoreTree.update(holder.allocator(), Record.number(record), place, score);
        }
    }

    /** Takes out the member at a place. The set may be empty afterwards. */
    public static void remove(Holder holder, long place) {
        long record = holder.record();
        if (isListpack(record)) {
            ScoreListpack.remove(holder, place, 1);
        } else {
            holder.beforeChange();
            ScoreTree.remove(holder, Record.number(record), place);
        }
    }

    /** Takes out members by their positions, which there are. The set may be empty afterwards. */
    public static void removeRange(Holder holder, long position, long count) {
        long record = holder.record();
        if (isListpack(record)) {
            long entry = ScoreListpack.at(Blob.address(record), position);
            ScoreListpack.remove(holder, entry, (int) count);
        } else {
            holder.beforeChange();
            ScoreTree.removeRange(holder, Record.number(record), position, count);
        }
    }

    /** Makes a tree of a listpack; gives the record. */
    static long toTree(Holder holder) {
        Allocator allocator = holder.allocator();
        long root = treeOf(allocator, Blob.address(holder.record()));
        return Blob.replaceByStructure(holder, root);
    }

    /**
     * Gives a large set the small form if it is within the limits; not one whose members expire.
     */
    public static void compact(Holder holder) {
        long record = holder.record();
        EncodingLimits limits = holder.limits();
        if (record == 0
                || isListpack(record)
                || Record.membersExpire(record)
                || size(record) > limits.zsetMaxListpackEntries()) {
            return;
        }
        long root = Record.number(record);
        long bytes = ScoreListpack.bytesFor(root, limits.zsetMaxListpackValue());
        if (bytes > 0 && bytes < LARGEST_LISTPACK) {
            ScoreListpack.fill(Blob.replaceStructure(holder, false, bytes), root);
            ScoreTree.drain(holder.allocator(), root, Long.MAX_VALUE);
        }
    }

    private static long treeOf(Allocator allocator, long listpack) {
        long root = ScoreTree.create(allocator);
        long scratch = allocator.allocate(DecimalText.LONGEST);
        for (long e = Listpack.first(listpack); e != 0; ) {
            double score = ScoreListpack.score(listpack, e);
            if (Listpack.isInteger(e)) {
                long end = DecimalText.write(scratch, Listpack.integer(e));
                ScoreTree.insert(allocator, root, scratch, (int) (end - scratch), score);
            } else {
                ScoreTree.insert(
                        allocator, root, Listpack.textAddress(e), Listpack.textLength(e), score);
            }
            e = Listpack.next(listpack, Listpack.next(listpack, e));
        }
        allocator.free(scratch, DecimalText.LONGEST);
        return root;
    }

    /** Checks everything that must hold between calls. */
    public static void checkInvariants(long record) {
        if (!isListpack(record)) {
            Members.checkInvariants(record);
            ScoreTree.checkInvariants(Record.number(record));
            return;
        }
        long listpack = Blob.address(record);
        if (!Listpack.isValid(listpack, Blob.length(record)) || Listpack.count(listpack) % 2 != 0) {
            throw new IllegalStateException("violated: a listpack of pairs");
        }
    }
}
