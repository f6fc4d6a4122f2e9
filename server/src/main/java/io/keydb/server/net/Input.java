package io.keydb.server.net;

import io.keydb.server.memory.Memory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The bytes a connection has received and not used up, and where its next read goes.
 *
 * <p>Idea: most reads bring whole requests. They land in the event loop's buffer, are handled
 * there, and leave nothing behind. What is left of a request that came in part is kept in a small
 * block of the connection's own, and put back in front of the next read. Only a request that does
 * not fit so is read into the connection's own block directly, which grows once to the size that
 * the request announced.
 *
 * <pre>
 *                 ┌──────────── landing buffer of the loop ────────────┐
 *  nothing kept   │ read ...                                           │
 *  small tail     │ tail │ read ...                                    │   tail kept in `own` between reads
 *                 └────────────────────────────────────────────────────┘
 *  big request    │ own: ... request, first part │ read ...            │
 *  held           │ own: requests not yet handled │  waiting: │ read ..│   nothing in `own` moves
 * </pre>
 *
 * <p>While the connection is held (paused, or not reading its replies), the bytes being handled
 * stay where they are: the connection keeps the loop's buffer when they lie there, and what arrives
 * goes to a second block, up to {@link #WAITING_BYTES}, after which reading stops.
 *
 * <p>It is Netty's receive allocator, too, which decides where a read goes and that there is one
 * read for each event.
 *
 * <p>Threads: confined to the connection's event loop; the bytes are also read by the worker that
 * runs a paused connection's command.
 */
final class Input extends SingleRead {

    /** What may arrive while the connection is held before reading stops. */
    static final int WAITING_BYTES = 16 * 1024;

    /**
     * A tail up to this size is put in front of the next read; above, it is read into where it
     * lies.
     */
    private static final int SMALL_TAIL = 16 * 1024;

    private static final int LEAST_OWN = 512;

    /** Where a read goes. */
    private enum Target {
        LANDING,
        OWN,
        WAITING
    }

    private final EventLoop loop;

    /**
     * What has been received and not used up lies from start to end, in own or, during a batch, in
     * the landing buffer.
     */
    private long start;

    private long end;

    private @Nullable Block own;
    private @Nullable Block waiting;
    private boolean isInLanding;
    private Target target = Target.LANDING;
    private boolean isHeld;

    /** Bytes the request at {@link #start} still lacks at least; 0 when that is unknown. */
    private long missing;

    Input(EventLoop loop) {
        this.loop = loop;
    }

    long start() {
        return start;
    }

    void start(long address) {
        start = address;
    }

    long end() {
        return end;
    }

    /** Memory held between batches. */
    long bytesHeld() {
        Block first = own;
        Block second = waiting;
        return (first == null ? 0L : first.size()) + (second == null ? 0L : second.size());
    }

    /** Bytes received and not used up. */
    long bytesUnused() {
        Block second = waiting;
        return end - start + (second == null ? 0 : second.readableBytes());
    }

    boolean hasWaiting() {
        Block block = waiting;
        return block != null && block.isReadable();
    }

    /** While held, nothing that has been received moves. */
    void held(boolean value) {
        isHeld = value;
    }

    /** Whether so much has arrived while held that reading must stop. */
    boolean isWaitingFull() {
        Block block = waiting;
        return block != null && block.readableBytes() >= WAITING_BYTES;
    }

    // ---- before a read

    @Override
    public ByteBuf allocate(ByteBufAllocator ignored) {
        if (isHeld) {
            target = Target.WAITING;
            return waitingBlock();
        }
        Block block = own;
        long tail = end - start;
        if (block == null || isSmall(tail)) {
            target = Target.LANDING;
            Block landing = loop.landing();
            landing.setIndex(0, (int) tail);
            if (tail > 0) {
                Memory.copy(start, landing.address(), tail);
            }
            return landing;
        }
        target = Target.OWN;
        return roomInOwn(block, tail);
    }

    private Block waitingBlock() {
        Block block = waiting;
        if (block == null) {
            block = new Block(2 * WAITING_BYTES);
            block.pinned(true);
        } else if (!block.isWritable()) {
            block = enlarged(block, block.size() * 2);
        }
        waiting = block;
        return block;
    }

    /**
     * Makes room for what is missing, by moving the tail to the front when that is enough, else by
     * growing. A block that was made for a big argument takes the last bytes of it, too, however
     * few these are.
     */
    private Block roomInOwn(Block block, long tail) {
        long needed = missing > 0 ? missing : SMALL_TAIL;
        if (block.limit() - end < needed) {
            long wanted = Math.max(missing, SMALL_TAIL);
            if (tail + wanted <= block.size()) {
                Memory.copy(start, block.address(), tail);
            } else {
                int size = sizeFor(tail, wanted);
                Memory.copy(start, block.address(), tail);
                block = enlarged(block, size);
                own = block;
            }
            start = block.address();
            end = start + tail;
        }
        block.setIndex(0, (int) (end - block.address()));
        return block;
    }

    /** Exactly enough when it is known what is missing, else twice as much as there is. */
    private static int sizeFor(long tail, long wanted) {
        long size = wanted > SMALL_TAIL ? tail + wanted : Math.max(tail * 2, tail + wanted);
        if (size > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(
                    "a request of " + size + " bytes does not fit into a buffer");
        }
        return (int) size;
    }

    private static Block enlarged(Block block, int size) {
        int written = block.writerIndex();
        Block larger = block.enlarged(size);
        larger.setIndex(0, written);
        return larger;
    }

    // ---- after a read

    /** Bytes have been read into the block that {@link #allocate} gave. */
    void landed(Block block) {
        if (target == Target.WAITING) {
            return;
        }
        isInLanding = target == Target.LANDING;
        if (isInLanding) {
            start = block.address();
        }
        end = block.address() + block.writerIndex();
    }

    /**
     * Ends a batch: keeps what is not used up, and frees what is not needed.
     *
     * @param missingBytes what the request at the start still lacks at least, 0 for unknown
     */
    void settle(long missingBytes) {
        missing = missingBytes;
        if (isHeld) {
            if (isInLanding) {
                giveOwn();
                own = loop.takeLanding();
                isInLanding = false;
            }
        } else if (start == end) {
            giveOwn();
            start = 0;
            end = 0;
            isInLanding = false;
        } else {
            keepTail();
            isInLanding = false;
        }
    }

    /** Ends a batch of a connection that is held for long: only what is not handled yet is kept. */
    void shrink() {
        isHeld = false;
        settle(0);
        isHeld = true;
    }

    /**
     * Moves what is left to a block of the connection's own, unless it lies in one of the right
     * size.
     */
    private void keepTail() {
        long tail = end - start;
        boolean isSmall = isSmall(tail);
        long wanted = isSmall ? tail : tail + Math.max(missing, SMALL_TAIL);
        Block block = own;
        boolean fits =
                block != null
                        && block.size() >= wanted
                        && (block.size() <= EventLoop.BLOCK_BYTES || block.size() / 4 <= wanted);
        if (block != null && (fits || !isInLanding) && !(isSmall && !fits)) {
            if (isInLanding) {
                Memory.copy(start, block.address(), tail);
                start = block.address();
                end = start + tail;
            }
            return;
        }
        Block fresh = new Block(isSmall ? smallSize((int) tail) : sizeFor(tail, wanted - tail));
        fresh.pinned(true);
        Memory.copy(start, fresh.address(), tail);
        giveOwn();
        own = fresh;
        start = fresh.address();
        end = start + tail;
    }

    private boolean isSmall(long tail) {
        return tail <= SMALL_TAIL && missing <= EventLoop.BLOCK_BYTES - tail;
    }

    private static int smallSize(int tail) {
        return tail <= LEAST_OWN ? LEAST_OWN : Integer.highestOneBit(tail - 1) << 1;
    }

    /**
     * After the connection was held and has used up what it could: appends what has arrived
     * meanwhile.
     *
     * @return whether there was anything
     */
    boolean appendWaiting() {
        Block arrived = waiting;
        if (arrived == null) {
            return false;
        }
        waiting = null;
        long tail = end - start;
        int length = arrived.readableBytes();
        if (length == 0) {
            loop.give(arrived);
            return false;
        }
        Block block = own;
        if (tail == 0 || block == null) {
            giveOwn();
            own = arrived;
            start = arrived.address();
            end = start + length;
            return true;
        }
        if (block.limit() - end < length) {
            Memory.copy(start, block.address(), tail);
            if (block.size() - tail < length) {
                block = block.enlarged(sizeFor(tail, length));
                own = block;
            }
            start = block.address();
            end = start + tail;
        }
        Memory.copy(arrived.address(), end, length);
        end += length;
        loop.give(arrived);
        return true;
    }

    private void giveOwn() {
        Block block = own;
        if (block != null) {
            loop.give(block);
            own = null;
        }
    }

    /** Gives everything back. */
    void close() {
        giveOwn();
        Block block = waiting;
        if (block != null) {
            loop.give(block);
            waiting = null;
        }
        start = 0;
        end = 0;
        isInLanding = false;
    }
}
