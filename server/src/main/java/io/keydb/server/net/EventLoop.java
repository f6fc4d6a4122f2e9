package io.keydb.server.net;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for sockets and serves them, and what its connections share: the buffer
 * that reads land in, spare buffers for replies, and the list of connections.
 *
 * <p>Threads: confined to the event loop, except for what says otherwise.
 */
public final class EventLoop {

    /** What one read can bring; also the room a batch of replies has before it grows. */
    static final int BLOCK_BYTES = 64 * 1024;

    private static final int KEPT_BLOCKS = 8;
    private static final int SWEEP_SECONDS = 1;

    private final io.netty.channel.EventLoop executor;
    private final int index;
    private final Block[] spares = new Block[KEPT_BLOCKS];
    private int spareCount;
    private @Nullable Block landing;
    private final Outbox outbox = new Outbox(this);
    private final HeldReplies held = new HeldReplies(this);
    private @Nullable TlsLoop tls;

    private final List<Connection> connections = new ArrayList<>();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private volatile int replicaCount;
    private long tick;
    private @Nullable ScheduledFuture<?> sweep;

    EventLoop(io.netty.channel.EventLoop executor, int index) {
        this.executor = executor;
        this.index = index;
    }

    /** From 0 to the number of loops less one. Any thread. */
    public int index() {
        return index;
    }

    /** Any thread. */
    public boolean isCurrent() {
        return executor.inEventLoop();
    }

    /** Runs a task on the loop. Any thread. */
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task on the loop again and again. Any thread. */
    public void repeat(Runnable task, long periodMillis) {
        executor.scheduleAtFixedRate(task, periodMillis, periodMillis, TimeUnit.MILLISECONDS)
                .addListener(EventLoop::report);
    }

    /** Runs a task on the loop once, later, unless what it gives is cancelled. Any thread. */
    public java.util.concurrent.Future<?> schedule(Runnable task, long delayMillis) {
        ScheduledFuture<?> scheduled = executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        scheduled.addListener(EventLoop::report);
        return scheduled;
    }

    /** Runs a task on the loop after the sockets that are ready by then have been served. */
    void afterSockets(Runnable task) {
        schedule(task, 0);
    }

    /** A task that has failed would otherwise end in silence. */
    private static void report(Future<?> task) {
        Throwable cause = task.isCancelled() ? null : task.cause();
        if (cause != null) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
        }
    }

    /** How many connections it serves. Any thread. */
    public int connectionCount() {
        return connectionCount.get();
    }

    /** How many of them are replicas. Any thread. */
    int replicaCount() {
        return replicaCount;
    }

    /** A connection of a replica has come or gone. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written on the loop only
    void replicas(int more) {
        replicaCount += more;
    }

    io.netty.channel.EventLoop executor() {
        return executor;
    }

    /** Counts the sweeps for idle connections. */
    long tick() {
        return tick;
    }

    void add(Connection connection) {
        connection.position(connections.size());
        connections.add(connection);
        if (sweep == null) {
            sweep =
                    executor.scheduleAtFixedRate(
                            this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        }
    }

    void remove(Connection connection) {
        Connection last = connections.removeLast();
        if (last != connection) {
            connections.set(connection.position(), last);
            last.position(connection.position());
        }
        released();
    }

    /**
     * A connection will be registered with this loop; counted at once, so that a burst is spread
     * evenly. Any thread.
     */
    void reserved() {
        connectionCount.incrementAndGet();
    }

    /** A connection that was counted is gone. Any thread. */
    void released() {
        connectionCount.decrementAndGet();
    }

    private void sweep() {
        tick++;
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).closeIfIdle(tick, SWEEP_SECONDS);
        }
    }

    /** The replies of this turn. */
    Outbox outbox() {
        return outbox;
    }

    /** The connections whose replies wait. */
    HeldReplies held() {
        return held;
    }

    /** What its encrypted connections share. */
    TlsLoop tls() {
        TlsLoop shared = tls;
        if (shared == null) {
            shared = new TlsLoop(this);
            tls = shared;
        }
        return shared;
    }

    /** The buffer that reads land in, empty between batches. */
    Block landing() {
        Block block = landing;
        if (block == null) {
            block = take(BLOCK_BYTES);
            block.pinned(true);
            landing = block;
        }
        return block;
    }

    /** Somebody keeps the landing buffer; the next read gets another one. */
    Block takeLanding() {
        Block block = landing();
        landing = null;
        return block;
    }

    /** A block of at least the usual size, on the loop possibly a spare one. Any thread. */
    Block take(int bytes) {
        if (bytes > BLOCK_BYTES) {
            return new Block(bytes);
        }
        if (spareCount > 0 && isCurrent()) {
            return spares[--spareCount];
        }
        return new Block(BLOCK_BYTES);
    }

    /** Gives a block back that nobody else refers to. */
    void give(Block block) {
        block.pinned(false);
        if (block.size() == BLOCK_BYTES && spareCount < KEPT_BLOCKS && isCurrent()) {
            spares[spareCount++] = block;
        } else {
            block.release();
        }
    }

    /** Gives all buffers back; the last thing the loop does. */
    void close() {
        outbox.close();
        if (tls != null) {
            tls.close();
            tls = null;
        }
        while (spareCount > 0) {
            spares[--spareCount].release();
        }
        Block block = landing;
        if (block != null) {
            block.pinned(false);
            block.release();
            landing = null;
        }
    }
}
