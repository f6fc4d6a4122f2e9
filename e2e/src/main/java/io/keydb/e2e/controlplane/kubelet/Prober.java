package io.keydb.e2e.controlplane.kubelet;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Executes one probe again and again and tells when its outcome changes.
 *
 * <p>The thresholds count answers in a row. A probe is never executed twice at a time.
 *
 * <p>Threads: executions run on virtual threads; counting and telling happen on the pod's executor.
 */
final class Prober {

    /** Told of every outcome that the thresholds confirm. */
    interface Listener {
        void succeeded();

        void failed(String why);
    }

    private final Probe probe;
    private final PodExecutor executor;
    private final Listener listener;
    private int successes;
    private int failures;
    private boolean stopped;

    Prober(Probe probe, PodExecutor executor, Listener listener) {
        this.probe = probe;
        this.executor = executor;
        this.listener = listener;
    }

    void start() {
        schedule(probe.initialDelay().toMillis());
    }

    void stop() {
        stopped = true;
    }

    private void schedule(long delayMillis) {
        executor.schedule(this::launch, Duration.ofMillis(delayMillis));
    }

    private void launch() {
        if (!stopped) {
            Thread.ofVirtual().name("probe").start(this::execute);
        }
    }

    private void execute() {
        long began = System.nanoTime();
        Optional<String> outcome;
        try {
            outcome = probe.execute();
        } catch (RuntimeException e) {
            outcome = Optional.of(e.toString());
        }
        Optional<String> told = outcome;
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long restMillis = Math.max(0, probe.period().toMillis() - tookMillis);
        executor.execute(() -> count(told, restMillis));
    }

    private void count(Optional<String> failure, long restMillis) {
        if (stopped) {
            return;
        }
        if (failure.isEmpty()) {
            failures = 0;
            successes++;
            if (successes >= probe.successThreshold()) {
                listener.succeeded();
            }
        } else {
            successes = 0;
            failures++;
            if (failures >= probe.failureThreshold()) {
                listener.failed(failure.get());
            }
        }
        if (!stopped) {
            schedule(restMillis);
        }
    }
}
