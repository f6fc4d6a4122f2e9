package io.keydb.e2e.controlplane.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * All processes the control plane has started and that still run; none of them outlives it.
 *
 * <p>A normal end stops them: SIGTERM, then SIGKILL. Against a sudden end (SIGKILL, a crash) a
 * shell stands by: it reads a pipe that this process holds open, and when that breaks it kills
 * whatever the ledger's file lists.
 *
 * <p>Children run in sessions of their own where {@code setsid} is installed, so that Ctrl-C
 * reaches the control plane alone and the children are stopped in order.
 *
 * <p>Threads: safe, guarded by this object.
 */
public final class ProcessLedger implements AutoCloseable {

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Path file;
    private final Map<Long, Process> running = new LinkedHashMap<>();
    private final Process guard;
    private boolean closed;

    /**
     * Opens a ledger.
     *
     * @param file where the running processes are listed
     */
    public ProcessLedger(Path file) throws IOException {
        this.file = file;
        Files.writeString(file, "");
        List<String> command = new ArrayList<>(ownSession());
        command.addAll(
                List.of(
                        "/bin/sh",
                        "-c",
                        "cat >/dev/null; for p in $(cat \"$0\"); do kill -9 \"$p\"; done",
                        file.toString()));
        this.guard =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
    }

    private static List<String> ownSession() {
        return Files.isExecutable(SETSID) ? List.of(SETSID.toString()) : List.of();
    }

    /**
     * Starts a process and lists it.
     *
     * @param builder the process, with its command
     * @throws IOException when it cannot be started, or the ledger is closed
     */
    public synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the control plane is stopping");
        }
        List<String> command = new ArrayList<>(ownSession());
        command.addAll(builder.command());
        Process process = builder.command(command).start();
        running.put(process.pid(), process);
        write();
        var _ = process.onExit().thenRun(() -> forget(process));
        return process;
    }

    private synchronized void forget(Process process) {
        running.remove(process.pid());
        if (!closed) {
            write();
        }
    }

    private void write() {
        try {
            Files.writeString(
                    file,
                    running.keySet().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining("\n", "", "\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many processes run. */
    public synchronized int size() {
        return running.size();
    }

    /** Stops all processes at once, the stubborn ones by force, and returns when none is left. */
    public void stopAll(Duration grace) {
        List<Process> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running.values());
        }
        left.forEach(Process::destroy);
        long end = System.nanoTime() + grace.toNanos();
        for (Process process : left) {
            waitFor(process, end - System.nanoTime());
        }
        left.forEach(Process::destroyForcibly);
        for (Process process : left) {
            waitFor(process, TimeUnit.SECONDS.toNanos(5));
        }
        synchronized (this) {
            running.values().removeIf(process -> !process.isAlive());
        }
    }

    private static void waitFor(Process process, long nanos) {
        try {
            process.waitFor(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stopAll(Duration.ZERO);
        Files.writeString(file, "");
        guard.getOutputStream().close();
        waitFor(guard, TimeUnit.SECONDS.toNanos(2));
        guard.destroyForcibly();
    }
}
