package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Waiting;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.LockWait;
import io.keydb.server.resp.ReplyWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients that wait for keys: BLPOP and its kind.
 *
 * <p>A handler that finds nothing to do calls {@link Call#block} and returns without a reply. Its
 * request is kept, its client is put into the queue of each of its keys while their locks are still
 * held, so no change can slip by, and its connection is parked. It costs no thread and, but for the
 * request, no memory outside the heap.
 *
 * <pre>
 *   a unit touches a key ──► WaitedKey is ready
 *   its locks are about to be released ──► {@link Serving}: the commands of those who wait for it run again,
 *                                          from the start, in order of arrival, each a unit of its own
 *                              finds something ──► the reply goes to its connection, the client waits no longer
 *                              finds nothing   ──► it waits on, in its old place
 * </pre>
 *
 * <p>Threads: safe. A waiter's state is guarded by the locks of its keys.
 */
public final class Blocking {
    /** How long somebody who holds locks, within a transaction, waits for those of a waiter. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private final Keyspace keyspace;
    private final Clients clients;
    private final Workers workers;
    private final Pause pause;
    private final Dispatcher dispatcher;
    private final AtomicInteger blocked = new AtomicInteger();
    private volatile IntSupplier waitingForCopies = () -> 0;
    private final AtomicInteger timed = new AtomicInteger();

    /** Calls that nobody uses at the moment. */
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    Blocking(
            Keyspace keyspace,
            Clients clients,
            Workers workers,
            Pause pause,
            Dispatcher dispatcher) {
        this.keyspace = keyspace;
        this.pause = pause;
        this.clients = clients;
        this.workers = workers;
        this.dispatcher = dispatcher;
    }

    /** Clients that wait for keys, for the end of a pause, or for copies. */
    public int blocked() {
        return blocked.get() + pause.postponedClients() + waitingForCopies.getAsInt();
    }

    /** Who counts clients that wait for copies: WAIT. */
    public void waitingForCopies(IntSupplier count) {
        waitingForCopies = count;
    }

    /** Clients among them that wait for a limited time. */
    public int timed() {
        return timed.get();
    }

    /** Keys for which somebody waits. */
    public long keys() {
        return keyspace.waitedKeys();
    }

    /** Keys among them for whose end somebody waits. */
    public long keysWaitedToEnd() {
        return keyspace.keysWaitedToEnd();
    }

    /** Ends all waiting with an error and closes the connections; for a change of the role. */
    public void failAll(byte[] error) {
        for (Client client : clients.all()) {
            Waiting waiting = client.waiting();
            if (waiting != null && waiting.fail(error) && client.connection() != null) {
                client.connection().closeAfterReplies();
            }
        }
    }

    /**
     * Puts the caller into the queues of the keys it asked for. Needs the locks of all its keys.
     */
    Waiter register(Call call, long partitions) {
        Waiter waiter = new Waiter(this, call, partitions);
        BlockTerms terms = waiter.terms();
        Key key = new Key();
        for (int i = terms.firstKey(); i <= terms.lastKey(); i++) {
            if (!isRepeated(call, terms.firstKey(), i)) {
                waiter.waitFor(key.set(call.request().address(i), call.request().length(i)));
            }
        }
        blocked.incrementAndGet();
        timed.addAndGet(terms.timeoutMillis() > 0 ? 1 : 0);
        call.client().waiting(waiter);
        return waiter;
    }

    private static boolean isRepeated(Call call, int first, int i) {
        Key key = new Key().set(call.request().address(i), call.request().length(i));
        Key other = new Key();
        for (int j = first; j < i; j++) {
            if (key.sameAs(other.set(call.request().address(j), call.request().length(j)))) {
                return true;
            }
        }
        return false;
    }

    /** Serves who waits for touched keys; the locks of these partitions are held. */
    void serve(long partitionSet) {
        new Serving(this, keyspace, workers).run(partitionSet);
    }

    /** Runs the waiter's command again; gives whether it is over. Needs the locks of its keys. */
    boolean runAgain(Waiter waiter) {
        LateReply reply = new LateReply(waiter.client());
        Call call = lend();
        boolean waits;
        waiter.client().holdPushes();
        try {
            waits = dispatcher.runAgain(call, waiter, reply.writer());
        } finally {
            calls.add(call);
        }
        if (waits) {
            reply.close();
            waiter.client().releasePushes();
            return false;
        }
        over(waiter);
        waiter.deliver(reply);
        return true;
    }

    /** Ends it with this reply, unless it is over; gives whether it was not. */
    boolean end(Waiter waiter, Consumer<ReplyWriter> answer, byte @Nullable [] error) {
        Call call = lend();
        boolean ended = cancel(waiter, () -> counted(call, waiter, error));
        calls.add(call);
        if (!ended) {
            return false;
        }
        LateReply reply = new LateReply(waiter.client());
        answer.accept(reply.writer());
        waiter.deliver(reply);
        return true;
    }

    /** What was waited for has not come; the command counts all the same. */
    private void counted(Call call, Waiter waiter, byte @Nullable [] error) {
        Command command = waiter.command();
        call.statistics().called(command, waiter.spentNanos());
        if (error != null) {
            call.statistics().countFailed(command);
            dispatcher.statistics().error(error);
        }
        waiter.load(call.queuedRequest());
        dispatcher
                .observation()
                .hasWaited(waiter.client(), call.queuedRequest(), command, waiter.spentNanos());
    }

    /** Takes the locks of the waiter's keys if they are free soon; gives whether it has them. */
    boolean lockSoon(Waiter waiter) {
        return keyspace.tryLock(
                waiter.partitions(), keyspace.clock().millis(), LockWait.EVENT_LOOP_NANOS);
    }

    void unlock(Waiter waiter) {
        keyspace.unlock(waiter.partitions());
    }

    /** Ends it without a reply, unless it is over; gives whether it was not. */
    boolean cancel(Waiter waiter) {
        return cancel(waiter, () -> {});
    }

    private boolean cancel(Waiter waiter, Runnable before) {
        if (!keyspace.isLockedByMe()) {
            keyspace.lock(waiter.partitions());
        } else if (!keyspace.tryLock(
                waiter.partitions(), keyspace.clock().millis(), PATIENCE_NANOS)) {
            return false; // somebody else works with its keys: that may be its end
        }
        try {
            if (waiter.isOver()) {
                return false;
            }
            before.run();
            over(waiter);
            return true;
        } finally {
            keyspace.unlock(waiter.partitions());
        }
    }

    private void over(Waiter waiter) {
        waiter.over();
        blocked.decrementAndGet();
        timed.addAndGet(waiter.terms().timeoutMillis() > 0 ? -1 : 0);
    }

    private Call lend() {
        Call lent = calls.poll();
        return lent == null ? dispatcher.newCall() : lent;
    }
}
