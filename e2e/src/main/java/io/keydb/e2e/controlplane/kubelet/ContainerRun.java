package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of one container: started, probed, restarted in place when it exits or its liveness
 * probe fails, stopped.
 *
 * <pre>
 *   waiting ── start ──► running ── exit ──► waiting (back-off) ──► running …
 *                          └─ started? ─ ready?   by the probes
 * </pre>
 *
 * <p>Threads: confined to the pod's executor.
 */
final class ContainerRun {

    /** What a container needs from its pod. */
    interface Host {
        /** Starts the container's process. */
        Process launch(JsonNode container) throws IOException, PodVolumes.NotMounted;

        /** Something in {@link ContainerRun#status()} has changed. */
        void changed();

        /** Records an event on the pod. */
        void event(String type, String reason, String message);

        String address();

        /** The end of what the container wrote; empty when it wrote nothing. */
        String lastWords();
    }

    private final JsonNode container;
    private final Host host;
    private final PodExecutor executor;
    private final BackOff backOff;
    private final Duration grace;
    private final List<Prober> probers = new ArrayList<>();
    private ObjectNode state = waiting("ContainerCreating", "");
    private @Nullable ObjectNode lastState;
    private @Nullable Process process;
    private Instant startedAt = Instant.EPOCH;
    private int restarts;
    private int quickExits;
    private boolean started;
    private boolean ready;
    private boolean stopping;

    ContainerRun(
            JsonNode container, Host host, PodExecutor executor, BackOff backOff, Duration grace) {
        this.container = container;
        this.host = host;
        this.executor = executor;
        this.backOff = backOff;
        this.grace = grace;
    }

    private String name() {
        return Json.text(container, "name");
    }

    boolean isReady() {
        return ready;
    }

    boolean isRunning() {
        return process != null;
    }

    private static ObjectNode waiting(String reason, String message) {
        ObjectNode state = Json.object();
        ObjectNode waiting = state.putObject("waiting").put("reason", reason);
        if (!message.isEmpty()) {
            waiting.put("message", message);
        }
        return state;
    }

    /** Starts the process; a volume or variable that is missing is waited for. */
    void start() {
        if (stopping) {
            return;
        }
        try {
            Process launched = host.launch(container);
            process = launched;
            startedAt = Instant.now();
            state = Json.object();
            state.putObject("running").put("startedAt", stamp(startedAt));
            var _ = launched.onExit().thenAccept(exited -> executor.execute(() -> exited(exited)));
            host.event("Normal", "Started", "Started container " + name());
            startProbes();
        } catch (IOException e) {
            state = waiting("RunContainerError", String.valueOf(e.getMessage()));
            host.event("Warning", "Failed", "Error: " + e.getMessage());
            executor.schedule(this::start, backOff.delay(++quickExits + 1));
        } catch (PodVolumes.NotMounted e) {
            state = waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
            executor.schedule(this::start, Duration.ofSeconds(1));
        }
        host.changed();
    }

    private void startProbes() {
        if (container.has("startupProbe")) {
            started = false;
            add(
                    "startupProbe",
                    this::hasStarted,
                    why -> restart("Startup probe failed: " + why, "failed startup probe"));
        } else {
            hasStarted();
        }
    }

    private void hasStarted() {
        if (started) {
            return;
        }
        started = true;
        stopProbes();
        if (container.has("livenessProbe")) {
            add(
                    "livenessProbe",
                    () -> {},
                    why -> restart("Liveness probe failed: " + why, "failed liveness probe"));
        }
        if (container.has("readinessProbe")) {
            add("readinessProbe", () -> setReady(true, ""), why -> setReady(false, why));
        } else {
            setReady(true, "");
        }
        host.changed();
    }

    private void add(String field, Runnable success, java.util.function.Consumer<String> failure) {
        Prober prober =
                new Prober(
                        new Probe(container.path(field), container, host.address()),
                        executor,
                        new Prober.Listener() {
                            @Override
                            public void succeeded() {
                                success.run();
                            }

                            @Override
                            public void failed(String why) {
                                failure.accept(why);
                            }
                        });
        probers.add(prober);
        prober.start();
    }

    private void stopProbes() {
        probers.forEach(Prober::stop);
        probers.clear();
    }

    private void setReady(boolean value, String why) {
        if (ready != value) {
            ready = value;
            if (!value) {
                host.event("Warning", "Unhealthy", "Readiness probe failed: " + why);
            }
            host.changed();
        }
    }

    /** Kills the process so that it is restarted; what a failed startup or liveness probe means. */
    private void restart(String event, String why) {
        host.event("Warning", "Unhealthy", event);
        host.event("Normal", "Killing", "Container " + name() + " " + why + ", will be restarted");
        stopProbes();
        terminate(grace);
    }

    private void terminate(Duration patience) {
        Process running = process;
        if (running == null) {
            return;
        }
        if (patience.isZero()) {
            running.destroyForcibly();
            return;
        }
        running.destroy();
        executor.schedule(
                () -> {
                    if (running.isAlive()) {
                        running.destroyForcibly();
                    }
                },
                patience);
    }

    private void exited(Process exited) {
        if (exited != process) { // an old process of a run that was abandoned
            return;
        }
        stopProbes();
        process = null;
        started = false;
        ready = false;
        int code = exited.exitValue();
        Instant finishedAt = Instant.now();
        ObjectNode terminated = Json.object();
        terminated
                .putObject("terminated")
                .put("exitCode", (long) code)
                .put("reason", code == 0 ? "Completed" : "Error")
                .put("startedAt", stamp(startedAt))
                .put("finishedAt", stamp(finishedAt));
        if (stopping) {
            state = terminated;
            host.changed();
            return;
        }
        if (code != 0) {
            Json.ensure(terminated, "terminated").put("message", host.lastWords());
        }
        lastState = terminated;
        restarts++;
        boolean healthy =
                Duration.between(startedAt, finishedAt).compareTo(backOff.forgottenAfter()) > 0;
        quickExits = healthy ? 1 : quickExits + 1;
        Duration delay = backOff.delay(quickExits);
        if (delay.isZero()) {
            state = terminated;
        } else {
            String message =
                    "back-off " + delay.toSeconds() + "s restarting failed container=" + name();
            state = waiting("CrashLoopBackOff", message);
            host.event("Warning", "BackOff", "Back-off restarting failed container " + name());
        }
        host.changed();
        executor.schedule(this::start, delay);
    }

    /** Stops for good: SIGTERM, and SIGKILL when the patience is over. */
    void stop(Duration patience) {
        stopping = true;
        stopProbes();
        ready = false;
        terminate(patience);
    }

    /** The container's entry in the pod's status. */
    ObjectNode status() {
        ObjectNode status = Json.object().put("name", name());
        status.put("image", Json.text(container, "image")).put("imageID", "local");
        status.put("containerID", process == null ? "" : "process://" + process.pid());
        status.put("ready", ready).put("started", started).put("restartCount", (long) restarts);
        status.set("state", state);
        status.set("lastState", lastState == null ? Json.object() : lastState);
        return status;
    }

    static String stamp(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
