package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.QueuedRequests;
import io.keydb.server.client.Trait;
import io.keydb.server.client.Transaction;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.LockWait;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs a unit (one command, or the queue of an EXEC) under its locks and hands its effects to the
 * log before the locks are released, so that the log's order is the commit order of every key.
 *
 * <p>A command of one key takes one lock and nothing else; everything else takes a set of locks,
 * lowest partition first.
 *
 * <p>An event loop never waits long for a lock: what cannot have it soon, as somebody reads a huge
 * value under it, throws {@link MoveToWorker} and begins again on a worker.
 *
 * <p>Threads: safe; everything that belongs to one unit is in its {@link Call}.
 */
final class Execution {
    /** How event loops wait. */
    static final LockWait IMPATIENT =
            new LockWait() {
                @Override
                public long nanos() {
                    return LockWait.EVENT_LOOP_NANOS;
                }

                @Override
                public void waited() {
                    throw MoveToWorker.INSTANCE;
                }
            };

    private final Keyspace keyspace;
    private final Statistics statistics;
    private final Blocking blocking;
    private final Observation observation;
    private final Permissions permissions;
    private final DeltaRule deltas = new DeltaRule();
    private volatile EffectLog log = EffectLog.unwanted();
    private ReadTracking tracking = ReadTracking.none();
    private volatile StateForm stateForm =
            (record, to) -> {
                throw new IllegalStateException("nobody said how values travel");
            };

    Execution(
            Keyspace keyspace,
            Statistics statistics,
            Blocking blocking,
            Observation observation,
            Permissions permissions) {
        this.permissions = permissions;
        this.keyspace = keyspace;
        this.statistics = statistics;
        this.blocking = blocking;
        this.observation = observation;
    }

    void stateForm(StateForm form) {
        stateForm = form;
    }

    DeltaRule deltas() {
        return deltas;
    }

    StateSender newStateSender() {
        return new StateSender(keyspace, log, stateForm);
    }

    void readTracking(ReadTracking newTracking) {
        tracking = newTracking;
    }

    void effectLog(EffectLog newLog) {
        log = newLog;
    }

    /** Runs the command; throws what its body throws, after the locks are released. */
    void run(Call call, Client client, Request request, ReplyWriter reply, Command command) {
        switch (command.locking(request)) {
            case QUEUE -> runQueue(call, client, request, reply, command);
            case NONE, SLICES -> {
                beginUnit(call, false);
                call.begin(client, request, reply, command);
                runUnlocked(call, command);
            }
            case KEYS -> runOnKeys(call, client, request, reply, command);
            case ALL -> {
                beginUnit(call, false);
                call.begin(client, request, reply, command);
                runLocked(keyspace.allPartitions(), call, command);
            }
        }
    }

    /** Whether any command queued by the client fulfils the test. */
    static boolean queueHas(Client client, Predicate<Command> test) {
        if (!client.transaction().isOpen()) {
            return false;
        }
        QueuedRequests queue = client.transaction().queue();
        for (int i = 0; i < queue.count(); i++) {
            Command command = (Command) queue.command(i);
            if (test.test(command.isCheckedByRequest() ? checked(queue, i) : command)) {
                return true;
            }
        }
        return false;
    }

    private static Command checked(QueuedRequests queue, int i) {
        try (Request request = new Request()) {
            queue.load(i, request);
            return ((Command) queue.command(i)).checkedAs(request);
        }
    }

    /** The body may take locks itself, one at a time; it must not stop the event loop either. */
    private void runUnlocked(Call call, Command command) {
        if (!call.isOnEventLoop()) {
            runUnit(call, command);
            return;
        }
        keyspace.lockWait(IMPATIENT);
        try {
            runUnit(call, command);
        } finally {
            keyspace.lockWait(null);
        }
    }

    private void runOnKeys(
            Call call, Client client, Request request, ReplyWriter reply, Command command) {
        beginUnit(call, false);
        call.begin(client, request, reply, command);
        int single = command.singleKeyIndex();
        if (single > 0) {
            Partition partition = keyspace.partitionOf(call.locate(single));
            lock(call, partition);
            try {
                runUnit(call, command);
            } finally {
                partition.unlock();
            }
        } else {
            runLocked(partitionsOf(call, command, request), call, command);
        }
    }

    private void runLocked(long partitions, Call call, Command command) {
        lock(call, partitions);
        try {
            runUnit(call, command);
        } finally {
            keyspace.unlock(partitions);
        }
    }

    private static void lock(Call call, Partition partition) {
        long moment = moment(call, call.client());
        if (!call.isOnEventLoop()) {
            partition.lock(moment);
        } else if (!partition.tryLock(moment, LockWait.EVENT_LOOP_NANOS)) {
            throw MoveToWorker.INSTANCE;
        }
    }

    private void lock(Call call, long partitions) {
        long moment = moment(call, call.client());
        if (!call.isOnEventLoop()) {
            keyspace.lock(partitions, moment);
        } else if (!keyspace.tryLock(partitions, moment, LockWait.EVENT_LOOP_NANOS)) {
            throw MoveToWorker.INSTANCE;
        }
    }

    private void runQueue(
            Call call, Client client, Request request, ReplyWriter reply, Command exec) {
        Transaction transaction = client.transaction();
        long began = call.lapStart();
        boolean moved = false;
        boolean succeeded = false;
        try {
            if (!transaction.isOpen()) {
                throw Errors.NO_TRANSACTION;
            }
            if (transaction.isAborted()) {
                throw Errors.TRANSACTION_ABORTED;
            }
            QueuedRequests queue = transaction.queue();
            Request queued = call.queuedRequest();
            call.begin(client, request, reply, exec);
            long partitions = partitionsOf(call, client, queue, queued);
            lockForTransaction(call, partitions);
            try {
                if (client.has(Trait.TRACKS)) {
                    beginTracked(call, client, reply);
                }
                if (transaction.isInvalidated() || transaction.hasExpiredKey()) {
                    reply.nullArray();
                } else {
                    runQueued(call, client, queue, queued, reply);
                }
            } finally {
                tracking.unitEnds();
                keyspace.unlock(partitions);
            }
            succeeded = true;
        } catch (MoveToWorker busy) {
            moved = true;
            throw busy;
        } finally {
            if (!moved) {
                concludeQueue(call, client, request, reply, exec, succeeded, began);
            }
        }
    }

    private void concludeQueue(
            Call call,
            Client client,
            Request request,
            ReplyWriter reply,
            Command exec,
            boolean succeeded,
            long began) {
        Transaction transaction = client.transaction();
        if (transaction.isOpen()) {
            transaction.close();
            transaction.unwatchAll();
        }
        call.begin(client, request, reply, exec);
        long now = keyspace.clock().nanos();
        call.lap(now);
        if (!succeeded) {
            call.statistics().countFailed(exec);
        }
        call.statistics().called(exec, now - began);
        observation.ran(client, request, exec, now - began);
    }

    private void lockForTransaction(Call call, long partitions) {
        try {
            lock(call, partitions);
        } catch (CommandError busy) {
            throw new CommandError(Refusals.transaction(busy.text()));
        }
    }

    private void runQueued(
            Call call, Client client, QueuedRequests queue, Request queued, ReplyWriter reply) {
        reply.array(queue.count());
        record(call);
        try {
            for (int i = 0; i < queue.count(); i++) {
                Command command = (Command) queue.command(i);
                queue.load(i, queued);
                long start = reply.length();
                call.begin(client, queued, reply, command);
                try {
                    if (!client.isUnrestricted()) {
                        requirePermission(client, command, queued);
                    }
                    body(call, command);
                } catch (CommandError error) {
                    reply.truncate(start);
                    statistics.error(error.text());
                    reply.error(error.text());
                }
            }
        } finally {
            commit(call);
        }
    }

    /** The rules may have changed since the command was queued. */
    private void requirePermission(Client client, Command command, Request queued) {
        Denial denial = permissions.denial(client, command, queued, AccessContext.MULTI);
        if (denial != null) {
            throw denial.errorWithinExec();
        }
    }

    /**
     * Runs a command within the unit of another one, which holds the locks of all partitions.
     *
     * @param told whether what it leaves behind goes to the log
     * @throws CommandError as its body does
     */
    void runInner(
            Call call,
            Client client,
            Request request,
            ReplyWriter reply,
            Command command,
            boolean told) {
        call.beginInner(client, request, reply, command);
        Effects effects = call.effects();
        boolean recording = effects.isRecording();
        effects.recording(recording && told);
        call.commits().untold(!told);
        try {
            body(call, command);
        } finally {
            effects.recording(recording);
            call.commits().untold(false);
        }
    }

    /**
     * The moment as of which a unit looks at keys: when its batch was read, so that nothing expires
     * halfway through; but what a primary says is applied as if nothing had expired yet.
     */
    private static long moment(Call call, Client client) {
        return client.isPrimary() ? Partition.BEFORE_ANY_EXPIRY : call.nowMillis();
    }

    private static void beginUnit(Call call, boolean transaction) {
        call.beginUnit(false, transaction);
    }

    /**
     * Decides whether effects are built. Only under the locks: a full sync makes the log wanted and
     * then takes all locks, so every unit is either in its snapshot or in the log behind it.
     */
    private void record(Call call) {
        call.effects().recording(log.isWanted());
    }

    /**
     * A body that fails may have changed something before: that must reach the log all the same.
     */
    private void runUnit(Call call, Command command) {
        record(call);
        boolean isTracked = call.client().has(Trait.TRACKS);
        if (isTracked) {
            beginTracked(call, call.client(), call.reply());
        }
        try {
            body(call, command);
        } finally {
            if (isTracked) {
                tracking.unitEnds();
            }
            commit(call);
        }
        if (call.blocks() && !call.hasWaited()) {
            call.waiter(blocking.register(call, partitionsOf(call, command, call.request())));
        }
    }

    private void beginTracked(Call call, Client client, ReplyWriter reply) {
        tracking.unitBegins(client, reply);
        call.replyStart(reply.length());
    }

    /** Runs a body and notes what it leaves behind. */
    private void body(Call call, Command command) {
        long before = call.commits().changes();
        call.effects().beginCommand();
        boolean succeeded = false;
        boolean moved = false;
        boolean isUntouched = call.client().has(Trait.TOUCHES_NOTHING);
        if (isUntouched) {
            keyspace.untouched(!command.name().equals("TOUCH"));
        }
        try {
            command.handler().run(call);
            succeeded = true;
        } catch (MoveToWorker muchWork) {
            moved = true;
            throw muchWork;
        } finally {
            if (isUntouched) {
                keyspace.untouched(false);
            }
            if (!moved) {
                conclude(call, command, succeeded, before);
            }
        }
    }

    private void conclude(Call call, Command command, boolean succeeded, long changesBefore) {
        Effects effects = call.effects();
        long took = call.lap(keyspace.clock().nanos());
        if (call.blocks()) {
            beginsToWait(call, command, took); // it counts as called when it has waited
            return;
        }
        if (!succeeded) {
            call.statistics().countFailed(command);
        }
        if (call.reader().has(Trait.TRACKS)) {
            remember(call, command);
        }
        if (call.hasWaited()) {
            took += call.spentNanos();
            observation.hasWaited(call.client(), call.request(), command, took);
        } else {
            observation.ran(call.client(), call.request(), command, took);
        }
        call.statistics().called(command, took);
        boolean leavesSomething = effects.isForced() || call.commits().changes() != changesBefore;
        if (leavesSomething && !effects.isExplicit()) {
            leave(call, effects, effects.stateKey());
        }
    }

    /** Of a script it counts what its commands read, not what keys it declares. */
    private void remember(Call call, Command command) {
        if (command.has(CommandFlag.READONLY) && !command.runsScript()) {
            tracking.read(call.reader(), command, call.request());
        }
    }

    private void leave(Call call, Effects effects, @Nullable Key key) {
        if (key == null) {
            effects.verbatim(call.database().index(), call.request());
        } else if (effects.isRecording()) {
            StateEffects.write(effects, call.database(), key, stateForm);
        }
    }

    private void beginsToWait(Call call, Command command, long took) {
        call.spent(took);
        if (!call.hasWaited()) {
            observation.waits(call.client(), call.request(), command, took);
        }
    }

    private void commit(Call call) {
        long changes = call.commits().changes();
        Effects effects = call.effects();
        if (changes == 0 && (keyspace.isStamped() || !effects.isAnyForced())) {
            return;
        }
        call.statistics().changed(call.commits().counted());
        EffectLog current = log;
        if (keyspace.isStamped()) {
            long stamp = current.nextStamp();
            int origin = current.ownOrigin();
            if (!call.commits().writeDelta(effects, deltas, stamp, origin)) {
                call.commits().writeStates(keyspace, effects, stateForm, stamp, origin);
            }
            current.append(effects, stamp);
        } else if (effects.commands() > 0) {
            effects.transaction(call.inTransaction() || effects.commands() > 1);
            current.append(effects, 0);
        }
    }

    private long partitionsOf(Call call, Command command, Request request) {
        return switch (command.locking(request)) {
            case NONE, QUEUE -> 0;
            case SLICES, ALL -> keyspace.allPartitions();
            case KEYS -> {
                PartitionSet set = new PartitionSet(call);
                KeyFinder.find(command, request, set);
                yield set.partitions;
            }
        };
    }

    private long partitionsOf(Call call, Client client, QueuedRequests queue, Request queued) {
        long partitions = client.transaction().watchedPartitions();
        for (int i = 0; i < queue.count(); i++) {
            Command command = (Command) queue.command(i);
            queue.load(i, queued);
            call.begin(client, queued, call.reply(), command);
            partitions |= partitionsOf(call, command, queued);
        }
        beginUnit(call, true);
        return partitions;
    }

    /** Collects the partitions of the keys it is told. */
    private final class PartitionSet implements KeyFinder.KeySink {
        private final Call call;
        private long partitions;

        PartitionSet(Call call) {
            this.call = call;
        }

        @Override
        public void key(int argumentIndex, KeySpec spec) {
            partitions |= keyspace.partitionBit(call.locate(argumentIndex));
        }
    }
}
