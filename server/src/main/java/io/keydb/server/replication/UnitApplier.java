package io.keydb.server.replication;

import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.Replay;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.LockWait;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.OrderedLog.RemoteUnit;
import io.keydb.server.log.PeerBytes;
import io.keydb.server.log.PlainUnit;
import io.keydb.server.log.RespBytes;
import io.keydb.server.log.SelectCommands;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.replication.LastWriteWins.Change;
import io.keydb.server.replication.UnitCommands.Step;
import io.keydb.server.structure.Record;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the units of other nodes and forwards them.
 *
 * <ol>
 *   <li>A unit whose number the vector covers is dropped: it came on another way before.
 *   <li>A unit whose number is not the next of its origin is refused: the link has lost something
 *       and starts again.
 *   <li>The locks of the partitions of its keys are taken, each state is applied where it
 *       {@linkplain LastWriteWins wins}; a delta is run where the key has the state it is based on,
 *       and where it should win but cannot be followed, the key is {@link Behind}.
 *   <li>The unit goes to the log with its own origin, number and stamp, which advances the vector;
 *       then the locks are released.
 * </ol>
 *
 * Properties kept: every unit is applied and forwarded once, in the order of its origin; a cut of
 * the log never covers a unit that is not applied. A unit that empties databases does so before it
 * takes the other locks, partition by partition; until it is in the log it counts as not applied,
 * and whoever sees it twice sees the same. A unit whose locks an event loop cannot have soon, as a
 * script has them, has not happened.
 *
 * <p>Locks are taken in this order: origin, partitions, log. One applier for each link; the lock of
 * the origin keeps two links from applying the same unit.
 *
 * <p>Threads: confined to the link's event loop.
 */
final class UnitApplier implements AutoCloseable {
    /** What became of a unit. */
    enum Outcome {
        APPLIED,
        KNOWN,
        /** Something before it is missing. */
        GAP,
        /** Somebody has the locks of its keys for long: it is to come again. */
        NOT_NOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(UnitApplier.class);
    private static final byte[] CRLF = {'\r', '\n'};

    private final Keyspace keyspace;
    private final OrderedLog log;
    private final LastWriteWins rule;
    private final OriginLocks originLocks;
    private final SelectCommands selects;
    private final Runnable historyBroken;
    private final UnitCommands commands;
    private final StringState state = new StringState();
    private final DumpPayload payloads;
    private final PayloadState payload;
    private final OffHeapBuffer winners;
    private boolean[] won = new boolean[16];
    private final Supplier<Dispatcher> dispatcher;
    private final Behind behind;
    private final boolean isPatient;
    private @Nullable Replay replay;

    /** What all appliers of a node share. */
    record Shared(
            Keyspace keyspace,
            OrderedLog log,
            LastWriteWins rule,
            OriginLocks originLocks,
            SelectCommands selects,
            Runnable historyBroken,
            Behind behind,
            Supplier<Dispatcher> dispatcher) {}

    /**
     * @param isPatient whether it may wait for locks as long as it takes; on an event loop it may
     *     not, but for units that empty databases
     */
    UnitApplier(Shared shared, boolean isPatient) {
        this.isPatient = isPatient;
        this.keyspace = shared.keyspace();
        this.log = shared.log();
        this.rule = shared.rule();
        this.originLocks = shared.originLocks();
        this.selects = shared.selects();
        this.historyBroken = shared.historyBroken();
        this.behind = shared.behind();
        this.dispatcher = shared.dispatcher();
        this.commands = new UnitCommands(keyspace.databases());
        this.winners = new OffHeapBuffer(keyspace.pages());
        this.payloads = new DumpPayload(keyspace.pages(), Integer.MAX_VALUE);
        this.payload = new PayloadState(payloads);
    }

    /** Applies a unit whose commands begin in {@code database}. */
    Outcome apply(RemoteUnit unit, int database, long address, int length)
            throws PeerProtocolException {
        synchronized (originLocks.lock(unit.origin())) {
            if (log.covers(unit.origin(), unit.number())) {
                return Outcome.KNOWN;
            }
            if (unit.number() != log.lastNumber(unit.origin()) + 1) {
                return Outcome.GAP;
            }
            commands.parse(database, address, length);
            return apply(
                    unit,
                    new RespBytes(address, length, database, commands.endDatabase(), selects));
        }
    }

    private Outcome apply(RemoteUnit unit, RespBytes bytes) throws PeerProtocolException {
        Change change = new Change(unit.stamp(), unit.origin());
        if (won.length < commands.count()) {
            won = new boolean[commands.count() * 2];
        }
        boolean everythingFlushed = !commands.flushes() || flush(change);
        long partitions = partitions();
        if (!lock(partitions)) {
            return Outcome.NOT_NOW;
        }
        try {
            boolean allWon = true;
            for (int i = 0; i < commands.count(); i++) {
                won[i] = apply(commands.step(i), change);
                allWon &= won[i];
            }
            append(unit, bytes, allWon);
            if (isLone(UnitCommands.Action.BEHIND)) {
                Step step = commands.step(0);
                Database database = keyspace.database(step.database);
                behind.asked(database, step.key, step.base, step.asksAnybody);
            } else if (isLone(UnitCommands.Action.DELTA) && !won[0]) {
                missed(commands.step(0), change);
            }
        } finally {
            keyspace.unlock(partitions);
        }
        if (!everythingFlushed) {
            historyBroken.run();
        }
        return Outcome.APPLIED;
    }

    /** As of a time before any expiry: what has expired here had not where the unit is from. */
    private boolean lock(long partitions) {
        if (isPatient) {
            keyspace.lock(partitions, Partition.BEFORE_ANY_EXPIRY);
            return true;
        }
        return keyspace.tryLock(partitions, Partition.BEFORE_ANY_EXPIRY, LockWait.EVENT_LOOP_NANOS);
    }

    private void append(RemoteUnit unit, RespBytes bytes, boolean allWon) {
        if (allWon && !isLone(UnitCommands.Action.DELTA)) {
            log.appendRemote(unit, bytes, null);
            return;
        }
        PeerBytes whole = new PeerBytes(bytes.address(), bytes.length(), bytes.begin());
        log.appendRemote(unit, winners(), whole);
    }

    private boolean isLone(UnitCommands.Action action) {
        return commands.count() == 1 && commands.step(0).action == action;
    }

    /** A delta was not applied: it came too late, or it is one that this node could not follow. */
    private void missed(Step step, Change change) {
        Database database = keyspace.database(step.database);
        if (rule.isLatest(database, step.key, change)) {
            behind.add(database, step.key, change.stamp());
        }
    }

    private boolean applyDelta(Database database, Step step, Change change) {
        long record = database.stored(step.key);
        if (record == 0
                || Record.stamp(record) != step.base
                || Record.origin(record) != change.origin()) {
            return false;
        }
        Replay present = replay;
        if (present == null) {
            present = dispatcher.get().newReplay();
            replay = present;
        }
        if (!present.run(database, step.valueAddress, step.valueLength)) {
            LOG.error("A write of another node failed here; the data of the nodes may differ");
        }
        database.stamp(step.key, change.stamp(), change.origin());
        return true;
    }

    private boolean flush(Change change) {
        boolean everything = true;
        for (int i = 0; i < commands.count(); i++) {
            Step step = commands.step(i);
            if (step.action == UnitCommands.Action.FLUSH) {
                everything &= rule.flush(keyspace.database(step.database), change);
            }
        }
        return everything;
    }

    private long partitions() {
        long partitions = 0;
        for (int i = 0; i < commands.count(); i++) {
            Step step = commands.step(i);
            if (step.action != UnitCommands.Action.FLUSH) {
                partitions |= keyspace.partitionBit(step.key);
            }
        }
        return partitions;
    }

    private boolean apply(Step step, Change change) throws PeerProtocolException {
        try {
            return applyState(step, change);
        } catch (RdbException damaged) {
            throw new PeerProtocolException("a unit with " + damaged.getMessage());
        }
    }

    private boolean applyState(Step step, Change change) throws RdbException {
        Database database = keyspace.database(step.database);
        return switch (step.action) {
            case PUT -> {
                state.set(step.valueAddress, step.valueLength, step.expiryMillis);
                yield rule.put(database, step.key, state, change);
            }
            case PUT_PAYLOAD -> {
                payload.set(step.valueAddress, step.valueLength, step.expiryMillis);
                yield rule.put(database, step.key, payload, change);
            }
            case DELETE -> rule.delete(database, step.key, change);
            case DELTA -> applyDelta(database, step, change);
            case BEHIND -> false;
            case FLUSH -> true;
        };
    }

    /** What plain replicas are to see: the states that won. */
    private PlainUnit winners() {
        winners.clear();
        int begin = -1;
        int current = -1;
        for (int i = 0; i < commands.count(); i++) {
            if (won[i]) {
                Step step = commands.step(i);
                begin = begin < 0 ? step.database : begin;
                if (current >= 0 && current != step.database) {
                    encode("SELECT", Integer.toString(step.database));
                }
                current = step.database;
                encode(step);
            }
        }
        return begin < 0
                ? PlainUnit.NOTHING
                : new RespBytes(
                        winners.address(),
                        Math.toIntExact(winners.length()),
                        begin,
                        current,
                        selects);
    }

    private void encode(Step step) {
        switch (step.action) {
            case DELTA -> winners.append(step.valueAddress, step.valueLength);
            case BEHIND -> {}
            case FLUSH -> encode("FLUSHDB");
            case DELETE -> {
                header('*', 2);
                argument("DEL");
                argument(step.key);
            }
            case PUT_PAYLOAD -> {
                boolean expires = step.expiryMillis != StringState.NO_EXPIRY;
                header('*', expires ? 6 : 5);
                argument("RESTORE");
                argument(step.key);
                argument(Long.toString(expires ? step.expiryMillis : 0));
                value(step);
                argument("REPLACE");
                if (expires) {
                    argument("ABSTTL");
                }
            }
            case PUT -> {
                boolean expires = step.expiryMillis != StringState.NO_EXPIRY;
                header('*', expires ? 5 : 3);
                argument("SET");
                argument(step.key);
                value(step);
                if (expires) {
                    argument("PXAT");
                    argument(Long.toString(step.expiryMillis));
                }
            }
        }
    }

    private void value(Step step) {
        header('$', step.valueLength);
        winners.append(step.valueAddress, step.valueLength);
        winners.append(CRLF);
    }

    private void encode(String... words) {
        header('*', words.length);
        for (String word : words) {
            argument(word);
        }
    }

    private void argument(String word) {
        header('$', word.length());
        winners.append(word.getBytes(StandardCharsets.US_ASCII));
        winners.append(CRLF);
    }

    private void argument(Key key) {
        header('$', key.length());
        winners.append(key.address(), key.length());
        winners.append(CRLF);
    }

    private void header(char kind, int number) {
        winners.appendByte((byte) kind);
        winners.append(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        winners.append(CRLF);
    }

    @Override
    public void close() {
        commands.close();
        winners.close();
        payloads.close();
        if (replay != null) {
            replay.close();
        }
    }
}
