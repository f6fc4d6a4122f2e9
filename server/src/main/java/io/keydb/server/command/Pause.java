package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Waiting;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.net.Connection;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * CLIENT PAUSE: for a while commands wait, all of them or those that may change something; those
 * also while the server is about to end. Meanwhile nothing expires and nothing is evicted, so the
 * data set stands still.
 *
 * <p>A command that must wait goes back into the input of its connection, which is paused and costs
 * no thread and no more memory than the bytes of the request. At the end all connections go on, one
 * after the other in order of arrival, whatever event loops they belong to.
 *
 * <pre>
 *   a command comes ── holds()? ── postpone(): connection paused, client "blocked"
 *   end() or the time is over ──► the first one: a task of its loop ──► the next one: a task of its loop ...
 * </pre>
 *
 * <p>Threads: safe. The dispatcher asks only while {@link Conditions} says that there is a pause.
 */
public final class Pause {
    private final Keyspace keyspace;
    private final Conditions conditions;
    private final AtomicInteger count = new AtomicInteger();
    private Set<Postponed> postponed = new LinkedHashSet<>();
    private volatile boolean writesOnly;
    private volatile long endMillis;
    private volatile boolean holdsWrites;

    public Pause(Keyspace keyspace, Conditions conditions) {
        this.keyspace = keyspace;
        this.conditions = conditions;
    }

    /**
     * Begins a pause. While there is one already, the later end holds, and all commands wait if any
     * of the two says so.
     *
     * @param millis how long; 0 begins none
     */
    public synchronized void begin(long millis, boolean ofWritesOnly) {
        long now = keyspace.clock().millis();
        endIfOver(now);
        if (millis == 0) {
            return;
        }
        writesOnly = ofWritesOnly && (endMillis == 0 || writesOnly);
        endMillis = Math.max(endMillis, now + millis);
        applied();
    }

    /** Ends the pause, if there is one: who waited goes on. */
    public void end() {
        change(() -> endMillis = 0);
    }

    /**
     * Lets commands that may change something wait until further notice, or no longer; independent
     * of a pause that has an end.
     */
    public void holdWrites(boolean yes) {
        change(() -> holdsWrites = yes);
    }

    /** Who waited looks again whether there is something to wait for. */
    private void change(Runnable changing) {
        Set<Postponed> waited;
        synchronized (this) {
            changing.run();
            applied();
            waited = postponed;
            postponed = new LinkedHashSet<>();
        }
        next(new ArrayDeque<>(waited));
    }

    private void applied() {
        conditions.paused(isOn());
        keyspace.standsStill(isOn());
    }

    /** Ends the pause if its time is over; to be called again and again. */
    public void tick() {
        if (endMillis != 0) {
            endIfOver(keyspace.clock().millis());
        }
    }

    private void endIfOver(long now) {
        if (endMillis != 0 && endMillis <= now) {
            end();
        }
    }

    public boolean isOn() {
        return endMillis != 0 || holdsWrites;
    }

    /** Clients that wait for the end. */
    int postponedClients() {
        return count.get();
    }

    /**
     * Lets the request that the client's connection handles wait for the end, if it must. On the
     * loop of the connection; callers inside the server never wait.
     */
    boolean postpones(Client client, Command command) {
        Connection connection = client.connection();
        if (connection == null || !holds(client, command)) {
            return false;
        }
        postpone(client, connection);
        return true;
    }

    private boolean holds(Client client, Command command) {
        tick();
        return isOn()
                && client.kind() != ClientKind.REPLICA
                && ((endMillis != 0 && !writesOnly)
                        || mayReplicate(command)
                        || (command.locking() == Locking.QUEUE
                                && Execution.queueHas(client, Pause::mayReplicate)));
    }

    private static boolean mayReplicate(Command command) {
        return command.has(CommandFlag.WRITE) || command.has(CommandFlag.MAY_REPLICATE);
    }

    private void postpone(Client client, Connection connection) {
        connection.postpone();
        Postponed waits = new Postponed(client, connection);
        client.waiting(waits);
        count.incrementAndGet();
        boolean tooLate;
        synchronized (this) {
            tooLate = !isOn();
            if (!tooLate) {
                postponed.add(waits);
            }
        }
        if (tooLate) {
            waits.goOn();
        }
    }

    /** Has the first go on, then the others behind it. */
    private static void next(Queue<Postponed> waited) {
        Postponed first = waited.poll();
        if (first != null) {
            first.goOn();
            first.connection.execute(() -> next(waited)); // behind its command
        }
    }

    /** One client whose command waits. */
    private final class Postponed implements Waiting {
        private final Client client;
        private final Connection connection;
        private final AtomicBoolean isOver = new AtomicBoolean();

        Postponed(Client client, Connection connection) {
            this.client = client;
            this.connection = connection;
        }

        /** Any thread. */
        void goOn() {
            if (isOver.compareAndSet(false, true)) {
                client.waiting(null);
                count.decrementAndGet();
                connection.resume();
            }
        }

        @Override
        public boolean timeOut() {
            return false;
        }

        @Override
        public boolean fail(byte[] error) {
            return false;
        }

        @Override
        public void connectionLost() {
            synchronized (Pause.this) {
                postponed.remove(this);
            }
            goOn();
        }
    }
}
