package io.keydb.server.log;

import io.keydb.server.command.EffectLog;
import io.keydb.server.command.Effects;
import io.keydb.server.memory.Memory;

/**
 * The engine's way into the log: writes what units of this node leave behind, with SELECT, MULTI
 * and EXEC where they are needed, and the DEL of keys whose time has come.
 *
 * <pre>
 *   role             own writes          expired keys
 *   primary          when wanted         DEL, when wanted
 *   active           always              DEL for plain replicas only, when there are any
 *   replica          never               never (they are hidden)
 * </pre>
 *
 * "Wanted" by replicas, or by the append-only file. On a replica the file reads what the primary
 * says.
 *
 * <p>Threads: safe; called with the partition locks of the unit held, writes under the lock of the
 * log.
 */
public final class UnitAppender implements EffectLog {
    private final OrderedLog log;
    private final HybridClock clock;
    private final SelectCommands selects;
    private boolean isReplica;
    private boolean readersWantUnits;
    private boolean readersWantExpiries;
    private boolean fileWants;
    private boolean isSuspended;
    private volatile boolean unitsWanted;
    private volatile boolean expiriesWanted;

    public UnitAppender(OrderedLog log, HybridClock clock, SelectCommands selects) {
        this.log = log;
        this.clock = clock;
        this.selects = selects;
    }

    /** Says what the role of the node and its readers ask for. */
    public synchronized void wanted(boolean units, boolean expiries) {
        isReplica = false;
        readersWantUnits = units;
        readersWantExpiries = expiries;
        decide();
    }

    /** This node applies what a primary says, and says nothing itself. */
    public synchronized void replica() {
        isReplica = true;
        decide();
    }

    /** Says whether the append-only file of a plain node reads the log. */
    public synchronized void wantedByFile(boolean yes) {
        fileWants = yes;
        decide();
    }

    /** While what is read from files is applied, nothing of it is told. */
    public synchronized void suspended(boolean yes) {
        isSuspended = yes;
        decide();
    }

    private void decide() {
        unitsWanted = !isSuspended && !isReplica && (readersWantUnits || fileWants);
        expiriesWanted = !isSuspended && !isReplica && (readersWantExpiries || fileWants);
    }

    @Override
    public boolean isWanted() {
        return unitsWanted;
    }

    @Override
    public long nextStamp() {
        return clock.next();
    }

    @Override
    public int ownOrigin() {
        return 0;
    }

    @Override
    public void append(Effects unit, long stamp) {
        if (unitsWanted && unit.commands() == 0) {
            log.appendUntold();
        } else if (unitsWanted) {
            PeerBytes delta =
                    unit.hasPeerBytes()
                            ? new PeerBytes(
                                    unit.peerAddress(),
                                    Math.toIntExact(unit.peerLength()),
                                    unit.database(0))
                            : null;
            log.appendOwn(new EffectsUnit(unit, selects), delta, stamp);
        }
    }

    @Override
    public boolean areExpiriesWanted() {
        return expiriesWanted;
    }

    @Override
    public void appendExpiry(Effects unit) {
        log.appendPlain(new EffectsUnit(unit, selects));
    }

    /** The effects of a unit in the plain dialect. */
    private record EffectsUnit(Effects effects, SelectCommands selects) implements PlainUnit {
        private boolean isWrapped() {
            return effects.commands() > 1;
        }

        @Override
        public int length(int database) {
            long length = isWrapped() ? RespText.MULTI.length + RespText.EXEC.length : 0;
            int current = database;
            for (int i = 0; i < effects.commands(); i++) {
                int wanted = effects.database(i);
                length += selects.length(current, wanted) + effects.length(i);
                current = wanted;
            }
            return Math.toIntExact(length);
        }

        @Override
        public int write(long to, int database) {
            long at = isWrapped() ? RespText.put(to, RespText.MULTI) : to;
            int current = database;
            for (int i = 0; i < effects.commands(); i++) {
                int wanted = effects.database(i);
                at = selects.write(at, current, wanted);
                Memory.copy(effects.address(i), at, effects.length(i));
                at += effects.length(i);
                current = wanted;
            }
            if (isWrapped()) {
                RespText.put(at, RespText.EXEC);
            }
            return current;
        }
    }
}
