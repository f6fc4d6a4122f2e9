package io.keydb.server.boot;

import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Pause;
import io.keydb.server.persistence.Persistence;
import io.keydb.server.replication.CatchUp;
import io.keydb.server.scripting.Scripting;
import io.keydb.server.shutdown.Shutdown;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps in which a server ends when a client or a signal wants it.
 *
 * <p>Writes are paused while the file is written, and the server stops behind it; so a file that
 * cannot be written leaves a server that goes on. What was on its way into the data when the pause
 * began is written after the stop.
 *
 * <p>Threads: confined to the thread of {@link Shutdown}, except {@link #pauseWrites} and {@link
 * #insist}.
 */
final class ServerEnd implements Shutdown.Steps {
    private static final Logger LOG = LoggerFactory.getLogger(ServerEnd.class);

    /** How long clients have for their last replies; well within what supervisors allow. */
    private static final long GRACE_MILLIS = 5000;

    private final Conditions conditions;
    private final Pause pause;
    private final CatchUp replicas;
    private final Persistence persistence;
    private final Scripting scripting;
    private final BooleanSupplier isCronPaused;
    private final LongConsumer stop;
    private final Runnable stopAccepting;
    private final Host host;
    private Persistence.Ending saved = Persistence.Ending.NO_SAVE;

    /**
     * @param stop stops the server in order, with a grace in milliseconds
     */
    ServerEnd(
            Conditions conditions,
            Pause pause,
            CatchUp replicas,
            Persistence persistence,
            Scripting scripting,
            BooleanSupplier isCronPaused,
            LongConsumer stop,
            Runnable stopAccepting,
            Host host) {
        this.conditions = conditions;
        this.pause = pause;
        this.replicas = replicas;
        this.persistence = persistence;
        this.scripting = scripting;
        this.isCronPaused = isCronPaused;
        this.stop = stop;
        this.stopAccepting = stopAccepting;
        this.host = host;
    }

    @Override
    public boolean isCronPaused() {
        return isCronPaused.getAsBoolean();
    }

    @Override
    public void announce() {
        host.stopping();
    }

    @Override
    public void pauseWrites(boolean yes) {
        pause.holdWrites(yes);
    }

    @Override
    public boolean replicasHaveAll() {
        return replicas.isComplete();
    }

    @Override
    public void tellReplicas() {
        replicas.tell();
    }

    @Override
    public void save(Persistence.Ending ending, boolean isForced) throws IOException {
        saved = Persistence.Ending.NO_SAVE;
        scripting.serverEnds(true);
        try {
            persistence.end(ending, isForced);
            saved = ending;
        } catch (IOException goesOn) {
            scripting.serverEnds(isForced);
            throw goesOn;
        }
    }

    @Override
    public void end() {
        if (conditions.holds(Condition.BUSY_SCRIPT) || conditions.holds(Condition.BUSY_FUNCTION)) {
            stopAccepting.run(); // for the rest the script would have to end
            host.stopped(true);
            return;
        }
        stop.accept(GRACE_MILLIS);
        boolean inOrder = true;
        try {
            persistence.endAnew(saved);
        } catch (IOException failed) {
            LOG.error("The last changes could not be saved: {}", failed.toString());
            inOrder = false;
        }
        host.stopped(inOrder);
    }

    @Override
    public void insist() {
        persistence.abandon();
        host.exitAtOnce();
    }
}
