package io.keydb.server.value.stream;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;

/**
 * Entries of a stream that a consumer of a group has got and not acknowledged yet. A cursor on
 * them, in the order of their ids: all of a group, or those of one consumer.
 *
 * <pre>
 *   item of a group                          item of a consumer
 *   0    id (8 + 8)                          0    id (8 + 8)
 *   16   when delivered last, millis (8)
 *   24   how often delivered (8)
 *   32   consumer (8)
 * </pre>
 *
 * <p>Threads: confined to its owner, and to the partition lock while in use.
 */
public final class Pending {
    static final int WIDTH = 40;
    static final int CONSUMER_WIDTH = 16;

    private static final int TIME = 16;
    private static final int TIMES = 24;
    private static final int CONSUMER = 32;

    private final IdList.Place place = new IdList.Place();
    private final IdList.Place other = new IdList.Place();
    private long group;
    private long consumer;
    private long item;
    private long walked;

    /** Goes to the entry with this id in a group; false when none is pending. */
    public boolean find(long ofGroup, long millis, long sequence) {
        begin(ofGroup, 0);
        item = IdList.find(list(), WIDTH, millis, sequence, place);
        walked = item;
        return item != 0;
    }

    /**
     * Begins at the first entry not before this id; false when there is none.
     *
     * @param ofConsumer whose entries, 0: all of the group
     */
    public boolean seek(long ofGroup, long ofConsumer, long millis, long sequence) {
        begin(ofGroup, ofConsumer);
        return arrive(IdList.seek(walkedList(), width(), millis, sequence, place));
    }

    /** Goes to the last entry of a group; false when there is none. */
    public boolean last(long ofGroup) {
        begin(ofGroup, 0);
        return arrive(IdList.last(list(), WIDTH, place));
    }

    /** Goes to the next entry; false when there is no more. */
    public boolean next() {
        return arrive(IdList.next(width(), place));
    }

    private void begin(long ofGroup, long ofConsumer) {
        group = ofGroup;
        consumer = ofConsumer;
    }

    private boolean arrive(long reached) {
        walked = reached;
        item = reached;
        if (reached != 0 && consumer != 0) {
            item =
                    IdList.find(
                            list(), WIDTH, IdList.millis(reached), IdList.sequence(reached), other);
        }
        return reached != 0;
    }

    private long list() {
        return ConsumerGroup.pendingList(group);
    }

    private long walkedList() {
        return consumer == 0 ? list() : Consumer.pendingList(consumer);
    }

    private int width() {
        return consumer == 0 ? WIDTH : CONSUMER_WIDTH;
    }

    public long millis() {
        return IdList.millis(walked);
    }

    public long sequence() {
        return IdList.sequence(walked);
    }

    /** When it was delivered last, unix milliseconds. */
    public long time() {
        return Memory.getLong(item + TIME);
    }

    /** How often it was delivered. */
    public long times() {
        return Memory.getLong(item + TIMES);
    }

    /** Whose it is. */
    public long consumer() {
        return Memory.getLong(item + CONSUMER);
    }

    /** Notes a delivery. */
    public void deliver(long time, long times) {
        Memory.putLong(item + TIME, time);
        Memory.putLong(item + TIMES, times);
    }

    /** Adds an entry that is not pending yet and goes to it. */
    public void add(Allocator allocator, long toGroup, long ofConsumer, long millis, long seq) {
        begin(toGroup, 0);
        item = IdList.insert(allocator, list(), WIDTH, millis, seq, place);
        walked = item;
        Memory.putLong(item + CONSUMER, ofConsumer);
        deliver(0, 0);
        IdList.insert(
                allocator, Consumer.pendingList(ofConsumer), CONSUMER_WIDTH, millis, seq, other);
    }

    /** Gives the entry to another consumer; not while those of one consumer are walked. */
    public void assign(Allocator allocator, long newConsumer) {
        long old = consumer();
        if (old != newConsumer) {
            removeFrom(allocator, old);
            long list = Consumer.pendingList(newConsumer);
            IdList.insert(allocator, list, CONSUMER_WIDTH, millis(), sequence(), other);
            Memory.putLong(item + CONSUMER, newConsumer);
        }
    }

    /**
     * Acknowledges the entry, which is not pending any more; not while those of one consumer are
     * walked. To go on, seek the id.
     */
    public void remove(Allocator allocator) {
        removeFrom(allocator, consumer());
        IdList.remove(allocator, list(), WIDTH, place);
        item = 0;
        walked = 0;
    }

    private void removeFrom(Allocator allocator, long owner) {
        long list = Consumer.pendingList(owner);
        if (IdList.find(list, CONSUMER_WIDTH, millis(), sequence(), other) != 0) {
            IdList.remove(allocator, list, CONSUMER_WIDTH, other);
        }
    }
}
