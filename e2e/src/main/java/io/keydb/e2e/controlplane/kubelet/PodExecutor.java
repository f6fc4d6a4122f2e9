package io.keydb.e2e.controlplane.kubelet;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which everything of a pod happens, at once or later.
 *
 * <p>What comes after the pod's end is dropped; what fails is reported and ends nothing else.
 *
 * <p>Threads: safe.
 */
final class PodExecutor {

    private static final Logger LOG = System.getLogger(PodExecutor.class.getName());

    private static final long STOP_WITHIN_SECONDS = 5;

    private final String name;
    private final ScheduledThreadPoolExecutor executor;

    PodExecutor(String name) {
        this.name = name;
        this.executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofVirtual().name("pod-" + name).factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void execute(Runnable action) {
        schedule(action, Duration.ZERO);
    }

    void schedule(Runnable action, Duration delay) {
        try {
            var _ =
                    executor.schedule(
                            () -> runSafely(action), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            LOG.log(
                    Level.DEBUG,
                    () -> "pod " + name + " has ended; nothing waits for this any more");
        }
    }

    private void runSafely(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> "pod " + name + " failed", e);
        }
    }

    void shutdown() {
        executor.shutdown();
    }

    /** Ends at once: waits for the action that runs, and drops the others. */
    void stop() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, () -> "pod " + name + " does not end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
