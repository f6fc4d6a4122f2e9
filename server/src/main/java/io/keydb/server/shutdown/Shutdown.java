package io.keydb.server.shutdown;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.command.Command;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.config.Configuration;
import io.keydb.server.persistence.Persistence.Ending;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the server, at the wish of a client or of a signal.
 *
 * <pre>
 *   begin ──► WAITING for replicas, writes paused ──► SAVING ──► the end: no way back
 *                  │ SHUTDOWN ABORT                     │ failed, without FORCE
 *                  └───────────► cancelled ◄────────────┘   who has called SHUTDOWN gets an error, writes go on
 *
 *   SHUTDOWN SOFT ──► nobody is let in, PING is refused ──► the last client has left ──► begin
 * </pre>
 *
 * <p>Who calls SHUTDOWN waits with its connection parked, and never hears of a success.
 *
 * <p>Threads: safe, the state is guarded by the monitor; each attempt has a thread of its own.
 */
public final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long POLL_MILLIS = 5;

    private final Configuration configuration;
    private final Conditions conditions;
    private final Clients clients;
    private final Clock clock;
    private final Steps steps;
    private final ShutdownCallers callers = new ShutdownCallers();
    private volatile @Nullable Attempt current;
    private @Nullable Set<ShutdownOption> requested;

    /** What the end consists of; implemented by who has put the server together. */
    public interface Steps {
        /** Whether background rounds are paused, for tests: signals wait for them then. */
        boolean isCronPaused();

        /** The server is about to end: tells its supervisor. */
        void announce();

        /** Lets commands that may change something wait, or go on. */
        void pauseWrites(boolean yes);

        /** Whether all replicas have all; when not, asks them to say what they have. */
        boolean replicasHaveAll();

        /** Logs which replicas lag. */
        void tellReplicas();

        /**
         * Writes what is to be kept.
         *
         * @param isForced whether the server ends even when that fails
         * @throws IOException when that has failed, and the server is as it was
         */
        void save(Ending ending, boolean isForced) throws IOException;

        /** Ends everything, and the process if it is the server's own. */
        void end();

        /** Ends the process at once, whatever gets lost. */
        void insist();
    }

    /** A signal that ends a server. */
    public enum Signal {
        /** Of supervisors: told again, it changes nothing. */
        TERM,
        /** Of a person at the keyboard: told again, it means at once. */
        INT
    }

    /** One try to end. */
    private static final class Attempt {
        private final Set<ShutdownOption> options;
        private volatile long deadlineMillis;
        private boolean isFinal;

        private Attempt(Set<ShutdownOption> options) {
            this.options = options;
        }
    }

    public Shutdown(
            Configuration configuration,
            Conditions conditions,
            Clients clients,
            Clock clock,
            Steps steps) {
        this.configuration = configuration;
        this.conditions = conditions;
        this.clients = clients;
        this.clock = clock;
        this.steps = steps;
    }

    /** SHUTDOWN. */
    public List<Command> commands() {
        return List.of(new ShutdownCommand(this, conditions).declared());
    }

    /** Whether the server is about to end, so that it should be given no more traffic. */
    public boolean isPending() {
        return current != null || isSoft();
    }

    /** Milliseconds for which it waits for replicas at most, or -1 when it does not wait. */
    public long remainingMillis() {
        Attempt attempt = current;
        long deadline = attempt == null ? 0 : attempt.deadlineMillis;
        return deadline == 0 ? -1 : Math.max(0, deadline - clock.millis());
    }

    /** Clients that wait for the end. */
    public int callers() {
        return callers.count();
    }

    /** A signal has come. */
    public synchronized void signal(Signal signal) {
        LOG.warn("Received SIG{} scheduling shutdown...", signal);
        Set<ShutdownOption> options =
                configuration.value(
                        signal == Signal.INT
                                ? ShutdownDirectives.SHUTDOWN_ON_SIGINT
                                : ShutdownDirectives.SHUTDOWN_ON_SIGTERM);
        if (current != null) {
            if (signal == Signal.INT) {
                LOG.warn("You insist... exiting now.");
                steps.insist();
            }
        } else if (configuration.value(ShutdownDirectives.SOFT_SHUTDOWN) && !isSoft()) {
            beginSoft();
        } else if (steps.isCronPaused()) {
            requested = options;
        } else {
            begin(options);
        }
    }

    /** A client wants the end, and waits for it. On the loop of its connection. */
    synchronized void begin(Client caller, Set<ShutdownOption> options) {
        callers.add(caller);
        begin(options);
    }

    /** Ends it without waiting for replicas; saves as save points say. */
    public synchronized void beginNow() {
        begin(Set.of(ShutdownOption.NOW));
    }

    private void begin(Set<ShutdownOption> options) {
        if (current != null) {
            return;
        }
        Set<ShutdownOption> effective = EnumSet.noneOf(ShutdownOption.class);
        effective.addAll(options);
        if (conditions.holds(Condition.LOADING)) { // what is half read must not be written
            effective.remove(ShutdownOption.SAVE);
            effective.add(ShutdownOption.NOSAVE);
        }
        LOG.info("User requested shutdown...");
        Attempt attempt = new Attempt(effective);
        current = attempt;
        Thread.ofPlatform().daemon().name("shutdown").start(() -> run(attempt));
    }

    /** Lets nobody in any more; {@link #tick} begins the end when the last client has left. */
    synchronized void beginSoft() {
        LOG.warn("Soft Shutdown Initiated");
        conditions.raise(Condition.SOFT_SHUTDOWN);
    }

    private boolean isSoft() {
        return conditions.holds(Condition.SOFT_SHUTDOWN);
    }

    /** Cancels it; false when there is nothing to cancel, or no way back. */
    synchronized boolean abort() {
        Attempt attempt = current;
        boolean isRequested = requested != null;
        requested = null;
        if (attempt == null ? !isSoft() && !isRequested : attempt.isFinal) {
            return false;
        }
        cancel();
        LOG.info("Shutdown manually aborted.");
        return true;
    }

    /** From time to time: begins what is due, as when the last client has left. */
    public synchronized void tick() {
        Set<ShutdownOption> options = requested;
        if (options != null) {
            requested = null;
            begin(options);
        }
        if (isSoft() && current == null && !isAnyoneActive()) {
            LOG.warn(
                    "All active clients have disconnected while a soft shutdown is pending."
                            + "  Shutting down now.");
            begin(Set.of());
        }
    }

    private boolean isAnyoneActive() {
        for (Client client : clients.all()) {
            boolean counts =
                    client.connection() != null
                            && (client.kind() == ClientKind.NORMAL
                                    || client.kind() == ClientKind.PUBSUB)
                            && client.waiting() == null
                            && !client.isMonitor();
            if (counts) {
                return true;
            }
        }
        return false;
    }

    // ---- the thread of an attempt

    private void run(Attempt attempt) {
        try {
            steps.announce();
            if (!attempt.options.contains(ShutdownOption.NOW)) {
                waitForReplicas(attempt);
            }
            if (goesOn(attempt) && saves(attempt)) {
                steps.end();
            }
        } catch (RuntimeException bug) {
            LOG.error("The server could not be ended; please report this", bug);
            giveUp(attempt);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            giveUp(attempt);
        }
    }

    private void waitForReplicas(Attempt attempt) throws InterruptedException {
        long timeout =
                TimeUnit.SECONDS.toMillis(configuration.value(ShutdownDirectives.SHUTDOWN_TIMEOUT));
        if (timeout == 0 || steps.replicasHaveAll()) {
            return;
        }
        synchronized (this) {
            if (current != attempt) {
                return;
            }
            steps.pauseWrites(true);
            attempt.deadlineMillis = clock.millis() + timeout;
        }
        LOG.info("Waiting for replicas before shutting down.");
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeout);
        while (clock.nanos() < deadline && !steps.replicasHaveAll()) {
            synchronized (this) {
                if (current != attempt) {
                    return;
                }
                wait(POLL_MILLIS);
            }
        }
        attempt.deadlineMillis = 0;
    }

    private synchronized boolean goesOn(Attempt attempt) {
        if (current != attempt) {
            return false;
        }
        attempt.isFinal = true;
        steps.pauseWrites(true);
        return true;
    }

    private boolean saves(Attempt attempt) {
        steps.tellReplicas();
        boolean isForced = attempt.options.contains(ShutdownOption.FORCE);
        try {
            steps.save(ShutdownOption.ending(attempt.options), isForced);
            return true;
        } catch (IOException failed) {
            if (isForced) {
                LOG.warn("Error trying to save the DB. Exit anyway.");
                return true;
            }
            LOG.warn("Error trying to save the DB, can't exit: {}", failed.getMessage());
            giveUp(attempt);
            return false;
        }
    }

    private synchronized void giveUp(Attempt attempt) {
        LOG.warn("Errors trying to shut down the server. Check the logs for more information.");
        if (current == attempt) {
            cancel();
        }
    }

    private synchronized void cancel() {
        conditions.clear(Condition.SOFT_SHUTDOWN);
        if (current != null) {
            current = null;
            notifyAll();
            steps.pauseWrites(false);
            callers.fail();
        }
    }
}
