package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * A consumer of a group: a name, when it was here, and the entries it has got and not acknowledged.
 * Static, on an address outside the Java heap.
 *
 * <pre>
 *   0    length of the name (4), nothing (4)
 *   8    when it tried something last, unix milliseconds (8)
 *   16   when it got something last, or -1 (8)
 *   24   ids of its pending entries, see {@link IdList}
 *        name
 * </pre>
 *
 * <p>Threads: stateless; confined to the partition lock.
 */
public final class Consumer {
    private static final int SEEN = 8;
    private static final int ACTIVE = 16;
    private static final int PENDING = 24;
    private static final int NAME = PENDING + IdList.ROOT_BYTES;

    private Consumer() {}

    /** How many consumers a group has. */
    public static int count(long group) {
        return NameIndex.count(ConsumerGroup.consumers(group));
    }

    /** The consumers of a group in the order of their names. */
    public static long at(long group, int i) {
        return NameIndex.at(ConsumerGroup.consumers(group), i);
    }

    /** The consumer with that name, or 0. */
    public static long find(long group, long name, int length) {
        return NameIndex.find(ConsumerGroup.consumers(group), NAME, name, length);
    }

    /** Adds a consumer, whose name is not there yet; it was never active. */
    public static long create(
            Allocator allocator, long group, long name, int length, long seenMillis) {
        long consumer = allocator.allocate((long) NAME + length);
        Memory.putInt(consumer, length);
        Memory.copy(name, consumer + NAME, length);
        setSeen(consumer, seenMillis);
        setActive(consumer, -1);
        IdList.initialise(consumer + PENDING);
        NameIndex.insert(allocator, ConsumerGroup.consumers(group), NAME, consumer);
        return consumer;
    }

    /** Removes a consumer and all that is pending for it. */
    public static void remove(Allocator allocator, long group, long consumer) {
        IdList.Place ids = new IdList.Place();
        IdList.Place place = new IdList.Place();
        long list = ConsumerGroup.pendingList(group);
        long id = IdList.seek(pendingList(consumer), Pending.CONSUMER_WIDTH, 0, 0, ids);
        while (id != 0) {
            long millis = IdList.millis(id);
            if (IdList.find(list, Pending.WIDTH, millis, IdList.sequence(id), place) != 0) {
                IdList.remove(allocator, list, Pending.WIDTH, place);
            }
            id = IdList.next(Pending.CONSUMER_WIDTH, ids);
        }
        NameIndex.remove(allocator, ConsumerGroup.consumers(group), NAME, consumer);
        free(allocator, consumer, Long.MAX_VALUE);
    }

    public static long name(long consumer) {
        return consumer + NAME;
    }

    public static int nameLength(long consumer) {
        return Memory.getInt(consumer);
    }

    /** When it tried something last, unix milliseconds. */
    public static long seen(long consumer) {
        return Memory.getLong(consumer + SEEN);
    }

    public static void setSeen(long consumer, long millis) {
        Memory.putLong(consumer + SEEN, millis);
    }

    /** When it got something last, unix milliseconds, or -1. */
    public static long active(long consumer) {
        return Memory.getLong(consumer + ACTIVE);
    }

    public static void setActive(long consumer, long millis) {
        Memory.putLong(consumer + ACTIVE, millis);
    }

    /** How many entries are pending for it. */
    public static long pending(long consumer) {
        return IdList.count(pendingList(consumer));
    }

    static long pendingList(long consumer) {
        return consumer + PENDING;
    }

    static long bytes(long consumer) {
        return Allocator.cellSize((long) NAME + nameLength(consumer))
                + IdList.bytes(pendingList(consumer));
    }

    /** Frees it when the budget allows; gives what is left, more than zero when it is freed. */
    static long free(Allocator allocator, long consumer, long budget) {
        long left = IdList.free(allocator, pendingList(consumer), Pending.CONSUMER_WIDTH, budget);
        if (left > 0) {
            allocator.free(consumer, (long) NAME + nameLength(consumer));
        }
        return left;
    }
}
