package io.keydb.server.log;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ordered log of effects: what every write did, in commit order, in memory. Whoever follows the
 * node reads it: replicas, active peers.
 *
 * <pre>
 *   oldest kept                                                    appended here
 *   [block 4: e e e e] -> [block 5: e e e e e] -> [block 6: e e e ....]
 *              ^ reader (a replica)                        ^ reader (a peer)
 * </pre>
 *
 * <h2>Two countings</h2>
 *
 * Plain replicas count bytes: the {@linkplain #plainOffset() offset} is the number of bytes a stock
 * primary would have sent. Peers count units: each has an origin, a gapless number and a stamp, and
 * the {@linkplain #vector() vector} of the log says what the node has. Number and vector are
 * advanced with the append, under one lock, so a position of the log and a vector always agree.
 *
 * <h2>What is kept</h2>
 *
 * The last {@code backlogBytes} for those who come back, and more as long as an open reader needs
 * it, up to {@code mostBytes}; then the slowest readers are given up. Memory is taken with the
 * first append or reader.
 *
 * <h2>Locks</h2>
 *
 * The lock of the log is the last one taken, after partition locks; nothing is called under it but
 * the wake-ups of readers, which only schedule.
 *
 * <p>Threads: safe.
 */
public final class OrderedLog {
    private final Object lock = new Object();
    private final Origins origins;
    private final LogBlocks blocks;
    private final VersionVector floors = new VersionVector();
    private long[] numbers;
    private int plainDatabase = -1;
    private volatile long plainOffset;
    private volatile long position;
    private volatile ReplicationIds ids = ReplicationIds.fresh();

    public OrderedLog(Pages pages, Origins origins, long backlogBytes, long mostBytes) {
        this.origins = origins;
        this.blocks = new LogBlocks(pages, backlogBytes, mostBytes);
        this.numbers = new long[] {origins.own().run()};
    }

    public Origins origins() {
        return origins;
    }

    /**
     * How much is kept for those who come back, and how much slow readers may make the log keep.
     */
    public void limits(long backlogBytes, long mostBytes) {
        synchronized (lock) {
            blocks.limits(backlogBytes, mostBytes);
        }
    }

    /** Usual length of a block, by which the log grows and shrinks. */
    public static long blockBytes(long backlogBytes) {
        return LogBlocks.usualBytes(backlogBytes);
    }

    /** Number of bytes a stock primary would have sent up to now. */
    public long plainOffset() {
        return plainOffset;
    }

    /** Number of entries that were ever appended. */
    public long position() {
        return position;
    }

    /** Runs the task with the present position; nothing is appended meanwhile. */
    public void atPosition(LongConsumer task) {
        synchronized (lock) {
            task.accept(position);
        }
    }

    public ReplicationIds ids() {
        return ids;
    }

    /** What this node has. */
    public VersionVector vector() {
        synchronized (lock) {
            return currentVector();
        }
    }

    /** Number of the last unit of this origin, its run when there is none. */
    public long lastNumber(int origin) {
        synchronized (lock) {
            return numberOf(origin);
        }
    }

    /** Whether the node has the unit. */
    public boolean covers(int origin, long number) {
        synchronized (lock) {
            return number <= numberOf(origin) || floors.covers(origins.origin(origin), number);
        }
    }

    /**
     * Appends a unit of this node.
     *
     * @param peer what peers are told where that is not the same
     */
    public void appendOwn(PlainUnit unit, @Nullable PeerBytes peer, long stamp) {
        synchronized (lock) {
            write(unit, peer, LogEntry.UNIT, new RemoteUnit(0, numbers[0] + 1, stamp));
            numbers[0]++;
            blocks.signal();
        }
    }

    /** Appends bytes that count for plain replicas only: no unit, nothing for peers. */
    public void appendPlain(PlainUnit bytes) {
        synchronized (lock) {
            write(bytes, null, 0, RemoteUnit.NONE);
            blocks.signal();
        }
    }

    /** Notes that something has changed that is told to nobody. */
    void appendUntold() {
        synchronized (lock) {
            write(PlainUnit.NOTHING, null, LogEntry.UNTOLD, RemoteUnit.NONE);
            blocks.signal();
        }
    }

    /**
     * Appends the unit of another node; its number becomes the last one of its origin.
     *
     * @param plain what plain replicas are to see of it: what won
     * @param peer the whole unit where that is not the same
     */
    public void appendRemote(RemoteUnit unit, PlainUnit plain, @Nullable PeerBytes peer) {
        synchronized (lock) {
            write(plain, peer, LogEntry.UNIT, unit);
            numberOf(unit.origin());
            numbers[unit.origin()] = unit.number();
            blocks.signal();
        }
    }

    /**
     * Takes up the vector of a snapshot that was merged; readers who lack any of it must merge,
     * too.
     *
     * @return whether the node had not all of it before
     */
    public boolean merged(VersionVector vector) {
        synchronized (lock) {
            boolean grows = !currentVector().covers(vector);
            takeUp(vector);
            if (grows) {
                byte[] text = currentVector().toString().getBytes(StandardCharsets.US_ASCII);
                try (OffHeapBuffer bytes = blocks.buffer()) {
                    bytes.append(text);
                    PeerBytes peer = new PeerBytes(bytes.address(), text.length, 0);
                    write(PlainUnit.NOTHING, peer, LogEntry.MERGED, RemoteUnit.NONE);
                }
                blocks.signal();
            }
            return grows;
        }
    }

    /** Folds the numbers of runs that all nodes have completely. */
    public void raiseFloor(NodeId node, long run) {
        synchronized (lock) {
            floors.raiseFloor(node, run);
        }
    }

    /** Opens a reader at the end. */
    public LogCut openAtEnd(Runnable wake) {
        synchronized (lock) {
            LogBlock block = lastBlock();
            LogReader reader = blocks.open(this, block, block.published(), wake);
            return new LogCut(reader, position, plainOffset, currentVector());
        }
    }

    /** Behind what has been appended up to now. */
    public LogEnd end() {
        synchronized (lock) {
            LogBlock block = lastBlock();
            return new LogEnd(block, block.published());
        }
    }

    /**
     * Opens a reader from which a replica goes on that has all plain bytes before {@code offset};
     * null when they are not kept. The first entries may begin before the offset.
     */
    public @Nullable LogReader openAtPlain(long offset, Runnable wake) {
        synchronized (lock) {
            if (offset < firstPlainOffset() || offset > plainOffset) {
                return null;
            }
            lastBlock();
            LogBlock from = blocks.firstValid();
            for (LogBlock block = from;
                    block != null && block.firstPlainOffset <= offset;
                    block = block.next()) {
                from = block;
            }
            return from == null ? null : blocks.open(this, from, 0, wake);
        }
    }

    /**
     * Opens a reader from which a peer with this vector finds all it lacks; null when that is not
     * kept. What it has already comes again.
     */
    public @Nullable LogReader openForPeer(VersionVector vector, Runnable wake) {
        synchronized (lock) {
            lastBlock();
            LogBlock from = null;
            for (LogBlock block = blocks.first(); block != null; block = block.next()) {
                if (vector.covers(block.vectorBefore)) {
                    from = block;
                }
            }
            return from == null ? null : blocks.open(this, from, 0, wake);
        }
    }

    /** Begins a new history of plain bytes, which no replica can continue into. */
    public void breakHistory() {
        synchronized (lock) {
            ids = ReplicationIds.fresh();
            plainDatabase = -1;
        }
    }

    /**
     * Follows the history of a primary from this offset; what is kept of another history is useless
     * from now on.
     */
    public void follow(ReplicationIds history, long offset) {
        synchronized (lock) {
            ids = history;
            if (offset != plainOffset) {
                plainOffset = offset;
                blocks.invalidate();
                blocks.add(0, plainOffset, currentVector());
            }
            plainDatabase = -1;
        }
    }

    /** Goes on with a history, after a restart: nothing of it is kept, all that comes is. */
    public void resume(ReplicationIds history, long offset) {
        synchronized (lock) {
            follow(history, offset);
            lastBlock();
        }
    }

    /** This node, which followed a primary, writes from now on by itself. */
    public void branch() {
        synchronized (lock) {
            ids = ids.branch(plainOffset);
            plainDatabase = -1;
        }
    }

    /** Makes the next plain unit begin with SELECT: a replica is about to start with it. */
    public void forgetDatabase() {
        synchronized (lock) {
            plainDatabase = -1;
        }
    }

    /** Frees everything unless somebody reads it; nobody can come back afterwards. */
    public boolean release() {
        synchronized (lock) {
            if (blocks.hasReaders()) {
                return false;
            }
            blocks.release();
            return true;
        }
    }

    /** Whether anything is kept. */
    public boolean isActive() {
        synchronized (lock) {
            return !blocks.isEmpty();
        }
    }

    /** Offset of the first plain byte that is kept. */
    public long firstPlainOffset() {
        synchronized (lock) {
            LogBlock valid = blocks.firstValid();
            return valid == null ? plainOffset : valid.firstPlainOffset;
        }
    }

    /** Bytes of memory the log takes. */
    public long heldBytes() {
        synchronized (lock) {
            return blocks.heldBytes();
        }
    }

    void closed(LogReader reader) {
        synchronized (lock) {
            blocks.close(reader);
        }
    }

    private void write(PlainUnit plain, @Nullable PeerBytes peer, int kind, RemoteUnit unit) {
        int plainLength = plain.length(plainDatabase);
        int peerLength = peer == null ? 0 : peer.length();
        long size = LogEntry.size(plainLength, peerLength);
        LogBlock block =
                blocks.hasRoom(size)
                        ? blocks.last()
                        : blocks.add(size, plainOffset, currentVector());
        int start = block.published();
        long entry = block.address() + start;
        int database = peer == null ? plain.begin(plainDatabase) : peer.database();
        LogEntry.lengths(entry, plainLength, peerLength);
        LogEntry.unit(entry, unit.origin(), database, unit.number(), unit.stamp());
        long to = entry + LogEntry.HEADER;
        if (plainLength > 0) {
            plainDatabase = plain.write(to, plainDatabase);
        }
        LogEntry.place(
                entry,
                peer == null ? kind : kind | LogEntry.OWN_PEER_BYTES,
                Math.max(plainDatabase, 0),
                plainOffset);
        if (peer != null) {
            Memory.copy(peer.address(), to + plainLength, peerLength);
        }
        plainOffset += plainLength;
        block.publish((int) (start + size));
        position++;
    }

    private LogBlock lastBlock() {
        return blocks.isEmpty() ? blocks.add(0, plainOffset, currentVector()) : blocks.last();
    }

    private long numberOf(int origin) {
        if (origin >= numbers.length) {
            int known = numbers.length;
            numbers = Arrays.copyOf(numbers, origins.count());
            for (int i = known; i < numbers.length; i++) {
                numbers[i] = origins.origin(i).run();
            }
        }
        return numbers[origin];
    }

    private VersionVector currentVector() {
        VersionVector vector = floors.copy();
        for (int i = 0; i < numbers.length; i++) {
            Origin origin = origins.origin(i);
            if (numbers[i] > origin.run()) {
                vector.advance(origin, numbers[i]);
            }
        }
        return vector;
    }

    private void takeUp(VersionVector vector) {
        vector.floors().forEach(floors::raiseFloor);
        vector.numbers()
                .forEach(
                        (origin, number) -> {
                            int index = origins.number(origin);
                            if (number > numberOf(index)) {
                                numbers[index] = number;
                            }
                        });
    }

    /** Where a reader was opened, and what the log had there. */
    public record LogCut(LogReader reader, long position, long plainOffset, VersionVector vector) {}

    /** What identifies a unit. */
    public record RemoteUnit(int origin, long number, long stamp) {
        static final RemoteUnit NONE = new RemoteUnit(0, 0, 0);
    }
}
