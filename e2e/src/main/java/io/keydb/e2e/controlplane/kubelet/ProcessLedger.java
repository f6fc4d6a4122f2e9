package io.keydb.e2e.controlplane.kubelet;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All processes the control plane has started and that still run; none of them outlives it.
 *
 * <p>A normal end stops them: SIGTERM, then SIGKILL. Against a sudden end (SIGKILL, a crash) a
 * shell stands by as a guard: it is told of every process over a pipe that this process holds open,
 * and when the pipe breaks it kills those that are left. It needs no file, so it works even when
 * the state directory goes at the same time.
 *
 * <p>Children run in sessions of their own where {@code setsid} is installed, so that Ctrl-C
 * reaches the control plane alone and the children are stopped in order.
 *
 * <p>Threads: safe, guarded by this object.
 */
public final class ProcessLedger implements AutoCloseable {

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /**
     * Keeps a list of processes by lines of {@code + pid} and {@code - pid}; kills them at the end
     * of its input.
     */
    private static final String GUARD =
            """
            left=" "
            while read -r change process; do
              case $change in
                +) left="$left$process " ;;
                -) left="${left%% $process *} ${left#* $process }" ;;
              esac
            done
            for process in $left; do kill -9 "$process"; done
            """;

    private static final Logger LOG = System.getLogger(ProcessLedger.class.getName());

    private final Map<Long, Process> running = new LinkedHashMap<>();
    private final Process guard;
    private boolean closed;

    /** Opens a ledger. */
    public ProcessLedger() throws IOException {
        List<String> command = new ArrayList<>(ownSession());
        command.addAll(List.of("/bin/sh", "-c", GUARD));
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
        tellGuard("+", process);
        var _ = process.onExit().thenRun(() -> forget(process));
        return process;
    }

    private synchronized void forget(Process process) {
        if (running.remove(process.pid()) != null) {
            tellGuard("-", process);
        }
    }

    private void tellGuard(String change, Process process) {
        try {
            OutputStream pipe = guard.getOutputStream();
            pipe.write((change + " " + process.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "the guard of the processes has gone: " + e.getMessage());
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
        left.stream().filter(process -> !process.isAlive()).forEach(this::forget);
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
        guard.getOutputStream().close();
        waitFor(guard, TimeUnit.SECONDS.toNanos(2));
        guard.destroyForcibly();
    }
}
