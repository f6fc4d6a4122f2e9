package io.keydb.server.value.sortedset;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.FloatText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.resp.DoubleText;
import io.keydb.server.structure.Listpack;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;

/**
 * The form of small sorted sets: a listpack of members, each with its score behind it, in their
 * order. Whole scores are integers, others text of up to 17 digits, as stock has them.
 *
 * <p>A place is found by halving: scores that are text take long to read, steps from entry to entry
 * do not.
 *
 * <p>Threads: confined to the partition lock.
 */
final class ScoreListpack {
    /** The longest text of a score. */
    private static final int LONGEST_SCORE = 32;

    private static final double LARGEST_WHOLE = 1L << 62;

    private ScoreListpack() {}

    static int size(long listpack) {
        return Listpack.count(listpack) / 2;
    }

    /** The entry of a member, or 0. */
    static long find(long listpack, long address, int length) {
        return Listpack.find(listpack, Listpack.first(listpack), address, length, 1);
    }

    /** The entry of the member at a position, which there is. */
    static long at(long listpack, long position) {
        return Listpack.at(listpack, position * 2);
    }

    /** The score of a member's entry. */
    static double score(long listpack, long entry) {
        long score = Listpack.next(listpack, entry);
        return Listpack.isInteger(score)
                ? Listpack.integer(score)
                : FloatText.parse(Listpack.textAddress(score), Listpack.textLength(score));
    }

    private static long nextMember(long listpack, long entry) {
        return Listpack.next(listpack, Listpack.next(listpack, entry));
    }

    /** How many members come before this one. */
    static int rank(long listpack, long entry) {
        int rank = 0;
        for (long e = Listpack.first(listpack); e != entry; e = nextMember(listpack, e)) {
            rank++;
        }
        return rank;
    }

    /** How many members come before a place. */
    static int countBefore(long listpack, Bound bound) {
        long behind = firstBehind(listpack, bound);
        return behind == 0 ? size(listpack) : rank(listpack, behind);
    }

    /** The entry of the first member that does not come before a place; 0 at the end. */
    private static long firstBehind(long listpack, Bound bound) {
        long first = Listpack.first(listpack);
        int left = size(listpack);
        while (left > 0) {
            int half = left / 2;
            long middle = first;
            for (int i = 0; i < half; i++) {
                middle = nextMember(listpack, middle);
            }
            if (bound.compareToEntry(score(listpack, middle), middle) > 0) {
                first = nextMember(listpack, middle);
                left -= half + 1;
            } else {
                left = half;
            }
        }
        return first;
    }

    /** Makes a new sorted set of one member. */
    static void create(Holder holder, int type, long address, int length, double score) {
        Allocator allocator = holder.allocator();
        long scratch = allocator.allocate(LONGEST_SCORE);
        int scoreLength = writeScore(scratch, score);
        long bytes =
                Listpack.EMPTY_BYTES
                        + (long) Listpack.sizeOf(address, length)
                        + scoreSize(score, scratch, scoreLength);
        long listpack = Blob.create(holder, type, false, bytes);
        Listpack.initialise(listpack);
        Listpack.append(listpack, address, length);
        insertScore(listpack, 0, score, scratch, scoreLength);
        allocator.free(scratch, LONGEST_SCORE);
    }

    /**
     * Puts a member where it belongs, in the place of its old entry if there is one.
     *
     * @param old the entry of the member, or 0
     */
    static void put(Holder holder, long old, long address, int length, double score) {
        Allocator allocator = holder.allocator();
        long scratch = allocator.allocate(LONGEST_SCORE);
        int scoreLength = writeScore(scratch, score);
        int more = Listpack.sizeOf(address, length) + scoreSize(score, scratch, scoreLength);
        long listpack = Blob.address(holder.record());
        long offset = old - listpack;
        int bytes = Listpack.bytes(listpack);
        int less =
                old == 0
                        ? 0
                        : Listpack.entryBytes(old)
                                + Listpack.entryBytes(Listpack.next(listpack, old));
        if (more > less) {
            listpack = Blob.resize(holder, bytes + more - less);
        } else {
            holder.beforeChange();
        }
        if (old != 0) {
            Listpack.remove(listpack, listpack + offset, 2);
        }
        long behind = firstBehind(listpack, new Bound().setMember(score, address, length));
        long member = Listpack.insert(listpack, behind, address, length);
        insertScore(listpack, Listpack.next(listpack, member), score, scratch, scoreLength);
        if (more < less) {
            Blob.resize(holder, bytes + more - less);
        }
        allocator.free(scratch, LONGEST_SCORE);
    }

    /** The bytes for the members of a tree; -1 when one of them is longer than that. */
    static long bytesFor(long root, long longest) {
        long bytes = Listpack.EMPTY_BYTES;
        long scratch = NativeHeap.allocate(LONGEST_SCORE);
        SortedSetCursor cursor = new SortedSetCursor();
        for (boolean is = cursor.atOf(root, 0); is && bytes > 0; is = cursor.next()) {
            Element member = cursor.member();
            int scoreLength = writeScore(scratch, cursor.score());
            bytes +=
                    Listpack.sizeOf(member.address(), member.length())
                            + scoreSize(cursor.score(), scratch, scoreLength);
            bytes = member.length() > longest ? -1 : bytes;
        }
        NativeHeap.free(scratch, LONGEST_SCORE);
        return bytes;
    }

    /** Writes the members of a tree, for which there is room. */
    static void fill(long listpack, long root) {
        Listpack.initialise(listpack);
        long scratch = NativeHeap.allocate(LONGEST_SCORE);
        SortedSetCursor cursor = new SortedSetCursor();
        for (boolean is = cursor.atOf(root, 0); is; is = cursor.next()) {
            Element member = cursor.member();
            Listpack.append(listpack, member.address(), member.length());
            int scoreLength = writeScore(scratch, cursor.score());
            insertScore(listpack, 0, cursor.score(), scratch, scoreLength);
        }
        NativeHeap.free(scratch, LONGEST_SCORE);
    }

    /** Takes members out, from an entry on. */
    static void remove(Holder holder, long entry, int members) {
        holder.beforeChange();
        long listpack = Blob.address(holder.record());
        Listpack.remove(listpack, entry, members * 2);
        Blob.resize(holder, Listpack.bytes(listpack));
    }

    /** Writes what becomes no integer as text; gives its length, otherwise 0. */
    private static int writeScore(long scratch, double score) {
        if (isWhole(score)) {
            return 0;
        }
        byte[] text = DoubleText.bytes(score);
        Memory.copyIn(text, 0, scratch, text.length);
        return text.length;
    }

    /** Whether it becomes an integer; so does the negative zero, whose sign is lost. */
    static boolean isWhole(double score) {
        return Math.abs(score) <= LARGEST_WHOLE && score == (long) score;
    }

    private static int scoreSize(double score, long scratch, int scoreLength) {
        return scoreLength == 0
                ? Listpack.sizeOf((long) score)
                : Listpack.sizeOf(scratch, scoreLength);
    }

    private static void insertScore(
            long listpack, long at, double score, long scratch, int scoreLength) {
        if (scoreLength == 0) {
            Listpack.insert(listpack, at, (long) score);
        } else {
            Listpack.insert(listpack, at, scratch, scoreLength);
        }
    }
}
