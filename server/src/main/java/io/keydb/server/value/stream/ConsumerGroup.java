package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * A group of consumers who share the entries of a stream: each entry goes to one of them, and is
 * pending until acknowledged. Static, on an address outside the Java heap.
 *
 * <pre>
 *   0    length of the name (4), nothing (4)
 *   8    id delivered last (8 + 8)
 *   24   entries read, -1: unknown (8)
 *   32   consumers by name, see {@link NameIndex} (8)
 *   40   pending entries, see {@link IdList} and {@link Pending}
 *        name
 * </pre>
 *
 * <p>To save groups: {@link #count} and {@link #at}; for each of them {@link Pending#seek} with no
 * consumer for all that is pending, and {@link Consumer#count}, {@link Consumer#at}, and {@link
 * Pending#seek} for that of each consumer. To load: {@link #create}, {@link Consumer#create},
 * {@link Pending#add} with {@link Pending#deliver} for each pending entry once its consumer is
 * known.
 *
 * <p>Threads: stateless; confined to the partition lock.
 */
public final class ConsumerGroup {
    /** A number of entries read, or a lag, that nobody knows. */
    public static final long UNKNOWN = -1;

    private static final int LAST_MILLIS = 8;
    private static final int LAST_SEQUENCE = 16;
    private static final int READ = 24;
    private static final int CONSUMERS = 32;
    private static final int PENDING = 40;
    private static final int NAME = PENDING + IdList.ROOT_BYTES;

    private ConsumerGroup() {}

    /** How many groups a stream has. */
    public static int count(long stream) {
        return NameIndex.count(stream + Stream.GROUPS);
    }

    /** The groups of a stream in the order of their names. */
    public static long at(long stream, int i) {
        return NameIndex.at(stream + Stream.GROUPS, i);
    }

    /** The group with that name, or 0. */
    public static long find(long stream, long name, int length) {
        return NameIndex.find(stream + Stream.GROUPS, NAME, name, length);
    }

    /** Adds a group, whose name is not there yet. */
    public static long create(
            Allocator allocator, long stream, long name, int length, StreamId last) {
        long group = allocator.allocate((long) NAME + length);
        Memory.putInt(group, length);
        Memory.copy(name, group + NAME, length);
        setLast(group, last);
        setRead(group, UNKNOWN);
        Memory.putLong(group + CONSUMERS, 0);
        IdList.initialise(group + PENDING);
        NameIndex.insert(allocator, stream + Stream.GROUPS, NAME, group);
        return group;
    }

    /** Removes a group with all its consumers. */
    public static void remove(Allocator allocator, long stream, long group) {
        NameIndex.remove(allocator, stream + Stream.GROUPS, NAME, group);
        free(allocator, group, Long.MAX_VALUE);
    }

    public static long name(long group) {
        return group + NAME;
    }

    public static int nameLength(long group) {
        return Memory.getInt(group);
    }

    /** The id delivered last. */
    public static StreamId last(long group, StreamId out) {
        return out.set(Memory.getLong(group + LAST_MILLIS), Memory.getLong(group + LAST_SEQUENCE));
    }

    public static void setLast(long group, StreamId id) {
        Memory.putLong(group + LAST_MILLIS, id.millis());
        Memory.putLong(group + LAST_SEQUENCE, id.sequence());
    }

    /** How many entries of the stream were read by the group, or {@link #UNKNOWN}. */
    public static long read(long group) {
        return Memory.getLong(group + READ);
    }

    public static void setRead(long group, long entries) {
        Memory.putLong(group + READ, entries);
    }

    /** How many entries are pending. */
    public static long pending(long group) {
        return IdList.count(pendingList(group));
    }

    /** The group is delivered the entry with this id. Says whether that was news. */
    public static boolean deliver(long stream, long group, StreamId id) {
        if (StreamId.compare(
                        id.millis(),
                        id.sequence(),
                        Memory.getLong(group + LAST_MILLIS),
                        Memory.getLong(group + LAST_SEQUENCE))
                <= 0) {
            return false;
        }
        long read = read(group);
        if (read != UNKNOWN && !Stream.hasGapsFrom(stream, id)) {
            setRead(group, read + 1);
        } else if (Stream.added(stream) != 0) {
            setRead(group, Stream.distanceFromStart(stream, id));
        }
        setLast(group, id);
        return true;
    }

    /** How many entries of the stream the group has not read, or {@link Long#MIN_VALUE}. */
    public static long lag(long stream, long group) {
        long added = Stream.added(stream);
        if (added == 0) {
            return 0;
        }
        StreamId last = last(group, new StreamId());
        long read = read(group);
        if (read == UNKNOWN || Stream.hasGapsFrom(stream, last)) {
            read = Stream.distanceFromStart(stream, last);
        }
        return read == UNKNOWN ? Long.MIN_VALUE : added - read;
    }

    static long pendingList(long group) {
        return group + PENDING;
    }

    static long consumers(long group) {
        return group + CONSUMERS;
    }

    /** Bytes of all groups of a stream, as allocated. */
    static long bytesOfAll(long stream) {
        long sum = NameIndex.bytes(stream + Stream.GROUPS);
        for (int i = 0; i < count(stream); i++) {
            long group = at(stream, i);
            sum += Allocator.cellSize((long) NAME + nameLength(group));
            sum += IdList.bytes(pendingList(group)) + NameIndex.bytes(consumers(group));
            for (int j = 0; j < Consumer.count(group); j++) {
                sum += Consumer.bytes(Consumer.at(group, j));
            }
        }
        return sum;
    }

    /** Copies all groups of a stream to one that has none. */
    static void copyAll(Allocator allocator, long from, long to) {
        StreamId id = new StreamId();
        for (int i = 0; i < count(from); i++) {
            long group = at(from, i);
            long copied = create(allocator, to, name(group), nameLength(group), last(group, id));
            setRead(copied, read(group));
            for (int j = 0; j < Consumer.count(group); j++) {
                copy(allocator, group, Consumer.at(group, j), copied);
            }
        }
    }

    private static void copy(Allocator allocator, long group, long consumer, long toGroup) {
        long copied =
                Consumer.create(
                        allocator,
                        toGroup,
                        Consumer.name(consumer),
                        Consumer.nameLength(consumer),
                        Consumer.seen(consumer));
        Consumer.setActive(copied, Consumer.active(consumer));
        Pending from = new Pending();
        Pending to = new Pending();
        boolean more = from.seek(group, consumer, 0, 0);
        while (more) {
            to.add(allocator, toGroup, copied, from.millis(), from.sequence());
            to.deliver(from.time(), from.times());
            more = from.next();
        }
    }

    /** Frees all groups of a stream that is freed; see {@link Stream#free}. */
    static long freeAll(Allocator allocator, long stream, long budget) {
        long left = budget;
        while (left > 0 && count(stream) > 0) {
            left = free(allocator, at(stream, count(stream) - 1), left);
            if (left > 0) {
                NameIndex.takeLast(stream + Stream.GROUPS);
            }
        }
        if (left > 0) {
            NameIndex.free(allocator, stream + Stream.GROUPS);
        }
        return left;
    }

    private static long free(Allocator allocator, long group, long budget) {
        long left = IdList.free(allocator, pendingList(group), Pending.WIDTH, budget);
        long consumers = consumers(group);
        while (left > 0 && NameIndex.count(consumers) > 0) {
            left =
                    Consumer.free(
                            allocator,
                            NameIndex.at(consumers, NameIndex.count(consumers) - 1),
                            left);
            if (left > 0) {
                NameIndex.takeLast(consumers);
            }
        }
        if (left > 0) {
            NameIndex.free(allocator, consumers);
            allocator.free(group, (long) NAME + nameLength(group));
        }
        return left;
    }
}
