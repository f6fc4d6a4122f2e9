package io.keydb.server.structure;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * A piece of a {@link RecordTable}: an open-addressed array of record addresses in the order of
 * their tags.
 *
 * <pre>
 *   0   count (2)     used slots
 *   2   slots (2)
 *   4   depth (1)     how many top bits of the hash all records here share
 *   8   slot (8) x slots
 *
 *   slot   | tag: the low 16 bits of the hash (16) | record address (48) |      0 = empty
 * </pre>
 *
 * <p>A tag's home is {@code tag * slots >>> 16}, which rises with the tag. A slot lies at its home
 * or behind it, with no empty slot in between; what does not fit at the end goes on at the start.
 * Used slots are in the order of their tags (those that went on at the start come after those at
 * the end). So a search ends as soon as it meets a higher tag, and copying to another size is one
 * pass.
 *
 * <p>Invariants: the above; at most 7/8 of the slots are used.
 *
 * <p>Threads: stateless; a segment is confined to the partition lock.
 */
final class Segment {

    static final int HEADER = 8;
    static final int SMALLEST_BYTES = HEADER + 8 * 8;

    /** A whole size class of the allocator, as all sizes are. */
    static final int MOST_BYTES = 4096;

    static final int MOST_SLOTS = (MOST_BYTES - HEADER) / 8;

    private static final int SLOTS = 2;
    private static final int DEPTH = 4;

    /** Addresses end here; what is above carries something else. */
    static final int ADDRESS_BITS = 48;

    static final long ADDRESS = (1L << ADDRESS_BITS) - 1;

    /** Free in every slot, as records are aligned to 8 bytes. */
    private static final long MARK = 1;

    private Segment() {}

    static void initialise(long segment, int bytes, int depth) {
        Memory.fill(segment, bytes, (byte) 0);
        Memory.putShort(segment + SLOTS, (short) ((bytes - HEADER) / 8));
        Memory.putByte(segment + DEPTH, (byte) depth);
    }

    static int count(long segment) {
        return Memory.getShort(segment) & 0xffff;
    }

    static int slots(long segment) {
        return Memory.getShort(segment + SLOTS) & 0xffff;
    }

    static int depth(long segment) {
        return Memory.getByte(segment + DEPTH);
    }

    static int bytes(long segment) {
        return HEADER + slots(segment) * 8;
    }

    /** The next larger size. */
    static int bytesAfter(int bytes) {
        int next = (int) Allocator.cellSize(bytes + bytes / 16 + 24);
        return bytes < MOST_BYTES ? Math.min(next, MOST_BYTES) : next;
    }

    /** A size that so many records fill to about three quarters. */
    static int bytesFor(int count) {
        int bytes = (int) Allocator.cellSize(HEADER + (count + count / 4 + 2) * 8L);
        return Math.min(MOST_BYTES, Math.max(SMALLEST_BYTES, bytes));
    }

    static boolean isFull(long segment) {
        int slots = slots(segment);
        return count(segment) >= slots - (slots >>> 3);
    }

    /** Less than 0.4 used. */
    static boolean isSparse(long segment) {
        int slots = slots(segment);
        return count(segment) * 5 < slots * 2 && slots > 8;
    }

    private static long slot(long segment, int index) {
        return Memory.getLong(segment + HEADER + ((long) index << 3));
    }

    private static void setSlot(long segment, int index, long slot) {
        Memory.putLong(segment + HEADER + ((long) index << 3), slot);
    }

    private static int home(int tag, int slots) {
        return (tag * slots) >>> 16;
    }

    private static int tag(long slot) {
        return (int) (slot >>> ADDRESS_BITS);
    }

    /** The record in a slot; 0 when it is empty. */
    static long recordAt(long segment, int index) {
        return slot(segment, index) & ADDRESS;
    }

    /** How many slots a record lies behind the one where a search for it begins. */
    static int distance(long segment, int index) {
        int slots = slots(segment);
        return Math.floorMod(index - home(tag(slot(segment, index)), slots), slots);
    }

    static void setRecordAt(long segment, int index, long record) {
        setSlot(segment, index, (slot(segment, index) & -1L << ADDRESS_BITS) | record);
    }

    /** Marks a record for the second part of {@link #divideInto}. */
    static void markAt(long segment, int index) {
        setSlot(segment, index, slot(segment, index) | MARK);
    }

    /**
     * The record with that key; 0 when there is none. Does not touch the header: that would be one
     * more cache miss.
     */
    static long find(long segment, int slots, long hash, long keyAddress, int keyLength) {
        int tag = (int) hash & 0xffff;
        int index = home(tag, slots);
        boolean wrapped = false;
        while (true) {
            long slot = slot(segment, index);
            int other = tag(slot);
            if (other == tag) {
                long record = slot & ADDRESS;
                if (record == 0) {
                    return 0;
                }
                if (Record.keyLength(record) == keyLength
                        && Memory.equal(Record.keyAddress(record), keyAddress, keyLength)) {
                    return record;
                }
            } else if (slot == 0 || comesAfter(other, tag, index, slots, wrapped)) {
                return 0;
            }
            if (++index == slots) {
                index = 0;
                wrapped = true;
            }
        }
    }

    /**
     * Whether the slot with tag {@code other} at {@code index} comes after those with {@code tag}
     * in a search from their home, which has passed the end when {@code wrapped}.
     */
    private static boolean comesAfter(int other, int tag, int index, int slots, boolean wrapped) {
        if (wrapped) {
            return other > tag || home(other, slots) <= index;
        }
        return other > tag && home(other, slots) <= index;
    }

    /** Where a record lies; -1 when it is not here. */
    static int slotOf(long segment, long hash, long record) {
        int slots = slots(segment);
        int tag = (int) hash & 0xffff;
        long wanted = (long) tag << ADDRESS_BITS | record;
        int index = home(tag, slots);
        for (int i = 0; i < slots; i++) {
            long slot = slot(segment, index);
            if (slot == wanted) {
                return index;
            }
            if (slot == 0) {
                return -1;
            }
            index = index + 1 == slots ? 0 : index + 1;
        }
        return -1;
    }

    /** Adds a record; there must be room. */
    static void insert(long segment, long hash, long record) {
        place(segment, hash << ADDRESS_BITS | record);
        Memory.putShort(segment, (short) (count(segment) + 1));
    }

    /** Puts a slot where it belongs and moves those that come after it. */
    private static void place(long segment, long placed) {
        int slots = slots(segment);
        int tag = tag(placed);
        int index = home(tag, slots);
        boolean wrapped = false;
        long slot = slot(segment, index);
        while (slot != 0 && !comesAfter(tag(slot), tag, index, slots, wrapped)) {
            if (++index == slots) {
                index = 0;
                wrapped = true;
            }
            slot = slot(segment, index);
        }
        long moving = placed;
        while (true) {
            setSlot(segment, index, moving);
            if (slot == 0) {
                break;
            }
            moving = slot;
            index = index + 1 == slots ? 0 : index + 1;
            slot = slot(segment, index);
        }
    }

    /** Takes a slot out and moves those behind it one back, up to the first that is at home. */
    static void removeAt(long segment, int removed) {
        int slots = slots(segment);
        int hole = removed;
        while (true) {
            int index = hole + 1 == slots ? 0 : hole + 1;
            long slot = slot(segment, index);
            if (slot == 0 || home(tag(slot), slots) == index) {
                break;
            }
            setSlot(segment, hole, slot);
            hole = index;
        }
        setSlot(segment, hole, 0);
        Memory.putShort(segment, (short) (count(segment) - 1));
    }

    /** The first slot in the order of tags: behind those that went on at the start. */
    private static int first(long segment, int slots) {
        int index = 0;
        while (true) {
            long slot = slot(segment, index);
            if (slot == 0 || home(tag(slot), slots) <= index) {
                return index;
            }
            index++;
        }
    }

    /** Copies all to an empty segment of another size. */
    static void copyInto(long segment, long target) {
        int slots = slots(segment);
        int index = first(segment, slots);
        int end = 0;
        for (int i = 0; i < slots; i++) {
            long slot = slot(segment, index);
            if (slot != 0) {
                end = append(target, slot, end);
            }
            index = index + 1 == slots ? 0 : index + 1;
        }
        Memory.putShort(target, (short) count(segment));
    }

    /** Copies what is not marked to one empty segment, what is marked to the other. */
    static void divideInto(long segment, long unmarked, long marked) {
        int slots = slots(segment);
        int index = first(segment, slots);
        int unmarkedEnd = 0;
        int markedEnd = 0;
        int ones = 0;
        for (int i = 0; i < slots; i++) {
            long slot = slot(segment, index);
            if ((slot & MARK) != 0) {
                markedEnd = append(marked, slot & ~MARK, markedEnd);
                ones++;
            } else if (slot != 0) {
                unmarkedEnd = append(unmarked, slot, unmarkedEnd);
            }
            index = index + 1 == slots ? 0 : index + 1;
        }
        Memory.putShort(marked, (short) ones);
        Memory.putShort(unmarked, (short) (count(segment) - ones));
    }

    /**
     * Puts a slot behind those already put, all in the order of their tags; {@code end} is the
     * index behind the last of them. Returns the new end. Only what goes on at the start moves
     * others.
     */
    private static int append(long target, long slot, int end) {
        int slots = slots(target);
        int index = Math.max(end, home(tag(slot), slots));
        if (index >= slots) {
            place(target, slot);
            return slots;
        }
        setSlot(target, index, slot);
        return index + 1;
    }

    /**
     * Shows the records with tags from {@code from} up to {@code to}, exclusive, until {@code
     * limit} are shown; those with equal tags together. Returns how many in the upper half and the
     * tag to go on with in the lower; that is {@code to} at the end.
     */
    static long scan(long segment, int from, int to, long limit, RecordConsumer consumer) {
        int slots = slots(segment);
        int start = Math.max(home(from, slots), first(segment, slots));
        int wrapped = first(segment, slots);
        long shown = 0;
        int last = -1;
        for (int i = start; i < slots + wrapped; i++) {
            long slot = slot(segment, i < slots ? i : i - slots);
            int tag = tag(slot);
            if (slot == 0 || tag < from) {
                continue;
            }
            if (tag >= to) {
                break;
            }
            if (shown >= limit && tag != last) {
                return shown << 32 | tag;
            }
            consumer.accept(slot & ADDRESS);
            shown++;
            last = tag;
        }
        return shown << 32 | to;
    }

    /** Shows all records. */
    static void show(long segment, RecordConsumer consumer) {
        int slots = slots(segment);
        for (int slot = 0; slot < slots; slot++) {
            long record = recordAt(segment, slot);
            if (record != 0) {
                consumer.accept(record);
            }
        }
    }

    static void checkInvariants(long segment, long prefix, int depth) {
        int slots = slots(segment);
        check(count(segment) <= slots - (slots >>> 3), "at most 7/8 of the slots are used");
        check(bytes(segment) == Allocator.cellSize(bytes(segment)), "a segment fills its cell");
        int first = first(segment, slots);
        int used = 0;
        int previous = -1;
        for (int i = first; i < slots + first; i++) {
            int index = i < slots ? i : i - slots;
            long slot = slot(segment, index);
            if (slot == 0) {
                continue;
            }
            used++;
            int tag = tag(slot);
            check(tag >= previous, "slots are in the order of their tags");
            previous = tag;
            check((slot & MARK) == 0, "no mark outlives a split");
            long hash = RecordTable.hashOf(slot & ADDRESS);
            check(((int) hash & 0xffff) == tag, "the tag is the key's");
            check(depth == 0 || hash >>> (64 - depth) == prefix, "the prefix is the key's");
            int home = home(tag, slots);
            check(home <= i, "no slot lies before its home");
            for (int between = home; between < i; between++) {
                check(
                        slot(segment, between < slots ? between : between - slots) != 0,
                        "no empty slot between a slot and its home");
            }
        }
        check(used == count(segment), "the count is the number of used slots");
    }

    private static void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("violated: " + invariant);
        }
    }
}
