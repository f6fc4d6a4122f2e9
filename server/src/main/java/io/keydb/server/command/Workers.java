package io.keydb.server.command;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The slow lane: a few threads for what must not hold up an event loop (KEYS, FLUSHALL, DEBUG
 * SLEEP, disk, name resolution). Idle threads end, so an idle server has none.
 *
 * <p>Threads: safe.
 */
public final class Workers implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int STACK_BYTES = 512 * 1024;

    private final ExecutorService executor;

    public Workers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            String name = "worker-" + number.incrementAndGet();
                            Thread thread = new Thread(null, task, name, STACK_BYTES);
                            thread.setDaemon(true);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
        executor = pool;
    }

    /** Runs the task on a worker as soon as one is free. */
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Interrupts what runs and waits for its end, at most so long; gives whether all has ended. */
    public boolean stop(long graceMillis) {
        executor.shutdownNow();
        try {
            return executor.awaitTermination(graceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
