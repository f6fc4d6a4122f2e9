package io.keydb.server.replication;

import io.keydb.server.support.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all who read from this node have what is written: asked again and again before the server
 * ends. A reader that still gets its first snapshot does not have it.
 *
 * <p>Threads: confined to who asks.
 */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final long MILLIS = 1000;

    private final Replication replication;
    private final Clock clock;
    private Waiters.@Nullable Target target;
    private long offsetAsked;

    CatchUp(Replication replication, Clock clock) {
        this.replication = replication;
        this.clock = clock;
    }

    /** Whether all have all; asks them to say what they have when something new was written. */
    public boolean isComplete() {
        Waiters.Target aim = target;
        if (aim == null
                || aim.number() != replication.log().lastNumber(0)
                || offsetAsked != replication.log().plainOffset()) {
            aim = target();
            target = aim;
            if (lagging(aim) > 0) {
                ReplicationCommands.askForAcknowledgements(replication);
            }
            offsetAsked = replication.log().plainOffset(); // asking is written, too
        }
        return lagging(aim) == 0;
    }

    /** Logs who lags and how many do not. */
    public void tell() {
        int all = 0;
        int lagging = 0;
        Waiters.Target known = target;
        Waiters.Target aim = known == null ? target() : known;
        for (ReplicaSession session : replication.replicas().readers()) {
            all++;
            if (!aim.isReachedBy(session)) {
                lagging++;
                LOG.info(
                        "Lagging replica {}:{} reported offset {} behind master, lag={}, state={}.",
                        session.address(),
                        session.listeningPort(),
                        aim.missing(session),
                        (clock.millis() - session.lastHeardMillis()) / MILLIS,
                        session.stage().wireName());
            }
        }
        if (all > 0) {
            LOG.info("{} of {} replicas are in sync when shutting down.", all - lagging, all);
        }
    }

    private Waiters.Target target() {
        return replication.position();
    }

    private int lagging(Waiters.Target aim) {
        int lagging = 0;
        for (ReplicaSession session : replication.replicas().readers()) {
            if (!aim.isReachedBy(session)) {
                lagging++;
            }
        }
        return lagging;
    }
}
