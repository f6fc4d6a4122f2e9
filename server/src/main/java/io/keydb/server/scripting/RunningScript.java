package io.keydb.server.scripting;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Workers;
import io.keydb.server.config.Setting;
import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The script that runs at the moment, as others see it: there is at most one, because each holds
 * the locks of all partitions.
 *
 * <pre>
 *   begins ── busy-reply-threshold ──► busy: others are answered BUSY, those who wait for locks, too
 *                                            ── ends, or SCRIPT KILL ──► others are served again
 * </pre>
 *
 * <p>Threads: safe; {@link #begin}, {@link #isStillWelcome} and {@link #end} are for who runs it.
 */
final class RunningScript {
    private static final Logger LOG = LoggerFactory.getLogger(RunningScript.class);

    /** The first script of a process begins after the library of Lua is loaded. */
    private static final long LONGEST_BEGIN_NANOS = 5_000_000_000L;

    private static final long POLL_NANOS = 100_000;

    private static final CommandError NOT_BUSY =
            new CommandError("NOTBUSY No scripts in execution right now.");
    private static final CommandError OF_PRIMARY =
            new CommandError(
                    "UNKILLABLE The busy script was sent by a master instance in the context of"
                            + " replication and cannot be killed.");
    private static final CommandError HAS_WRITTEN =
            new CommandError(
                    "UNKILLABLE Sorry the script already executed write commands against the"
                            + " dataset. You can either wait the script termination or kill the"
                            + " server in a hard way using the SHUTDOWN NOSAVE command.");

    private final Conditions conditions;
    private final Workers workers;
    private final Clock clock;
    private final Setting<Long> threshold;
    private volatile @Nullable ScriptRun current;
    private volatile boolean serverEnds;

    RunningScript(Conditions conditions, Workers workers, Clock clock, Setting<Long> threshold) {
        this.conditions = conditions;
        this.workers = workers;
        this.clock = clock;
        this.threshold = threshold;
    }

    /** What runs, or null. */
    @Nullable ScriptRun current() {
        return current;
    }

    long millisSinceStart(ScriptRun run) {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos() - run.startNanos());
    }

    void begin(ScriptRun run) {
        current = run;
    }

    void end(ScriptRun run) {
        current = null;
        if (run.isBusy()) {
            conditions.clear(condition(run));
        }
    }

    /**
     * Asked now and then while it runs; false when it is to end. Others are refused if it is late.
     *
     * @param whenLate called once, when it becomes late
     */
    boolean isStillWelcome(Runnable whenLate) {
        ScriptRun run = current;
        if (run == null) {
            return true;
        }
        if (run.isKilled()) {
            return false;
        }
        long limit = threshold.value();
        if (!run.isBusy() && limit > 0 && millisSinceStart(run) >= limit) {
            LOG.warn(
                    "Slow script detected: still in execution after {} milliseconds. You can try"
                            + " killing the script using the {} command. Script name is: {}.",
                    millisSinceStart(run),
                    run.kind() == ScriptRun.Kind.SCRIPT ? "SCRIPT KILL" : "FUNCTION KILL",
                    run.name());
            run.busy(true);
            conditions.raise(condition(run));
            workers.passOver();
            whenLate.run();
        }
        return !(serverEnds && run.isBusy() && endsForServer(run));
    }

    /**
     * Says whether the server waits for scripts in order to end. Then one that is late and has
     * written nothing is ended: it might go on for ever, and the last dump would not be written.
     */
    void serverEnds(boolean yes) {
        serverEnds = yes;
    }

    private static boolean endsForServer(ScriptRun run) {
        boolean ends = run.kill();
        if (ends) {
            LOG.warn("The server ends, so does the slow script {}", run.name());
        }
        return ends;
    }

    private static Condition condition(ScriptRun run) {
        return run.kind() == ScriptRun.Kind.SCRIPT
                ? Condition.BUSY_SCRIPT
                : Condition.BUSY_FUNCTION;
    }

    /**
     * Ends what runs. One that was sent before and is still on its way to its worker is waited for.
     *
     * @throws CommandError when nothing runs, it is of the other kind, or it cannot be ended
     */
    void kill(Call call, ScriptRun.Kind kind) {
        if (current == null && workers.hasScripts() && call.mayStandStill()) {
            awaitBegin();
        }
        ScriptRun run = current;
        if (run == null) {
            throw NOT_BUSY;
        }
        if (run.caller().isPrimary()) {
            throw OF_PRIMARY;
        }
        if (run.hasWritten()) {
            throw HAS_WRITTEN;
        }
        if (run.kind() != kind) {
            throw condition(run).error();
        }
        if (!run.kill()) {
            throw HAS_WRITTEN;
        }
    }

    private void awaitBegin() {
        long end = clock.nanos() + LONGEST_BEGIN_NANOS;
        while (current == null && workers.hasScripts() && clock.nanos() < end) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
