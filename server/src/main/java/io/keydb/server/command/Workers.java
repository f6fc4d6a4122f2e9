package io.keydb.server.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The slow lane: a few threads for what must not hold up an event loop (KEYS, FLUSHALL, DEBUG
 * SLEEP, disk, name resolution). Idle threads end, so an idle server has none.
 *
 * <p>Scripts have a thread of their own: only one runs at a time, so more threads would but wait
 * for each other. When one runs for long, those that wait behind it are handed to the others.
 *
 * <p>All have a large stack, of which only what is used takes memory: scripts recurse in C.
 *
 * <p>Threads: safe.
 */
public final class Workers implements AutoCloseable {
    private static final int THREADS = 4;
    private static final long STACK_BYTES = 8 << 20;

    private final ThreadPoolExecutor executor = pool("worker-", THREADS);
    private final ThreadPoolExecutor scripts = pool("script-", 1);
    private final AtomicInteger scriptTasks = new AtomicInteger();

    private static ThreadPoolExecutor pool(String prefix, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            String name = prefix + number.incrementAndGet();
                            Thread thread = new Thread(null, task, name, STACK_BYTES);
                            thread.setDaemon(true);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs the task on a worker as soon as one is free. */
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task that runs a script behind those before it. */
    void executeScript(Runnable task) {
        scriptTasks.incrementAndGet();
        scripts.execute(
                () -> {
                    try {
                        task.run();
                    } finally {
                        scriptTasks.decrementAndGet();
                    }
                });
    }

    /** Whether there are tasks that run scripts, be they on their way or running. */
    public boolean hasScripts() {
        return scriptTasks.get() > 0;
    }

    /** The running script takes long: the tasks behind it go to the other workers. */
    public void passOver() {
        List<Runnable> waiting = new ArrayList<>();
        scripts.getQueue().drainTo(waiting);
        waiting.forEach(executor::execute);
    }

    /**
     * Interrupts what runs and waits for its end, at most so long for each kind of worker; gives
     * whether all has ended.
     */
    public boolean stop(long graceMillis) {
        close();
        try {
            return executor.awaitTermination(graceMillis, TimeUnit.MILLISECONDS)
                    & scripts.awaitTermination(graceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        scripts.shutdownNow();
    }
}
