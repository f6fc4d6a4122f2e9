package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.QueuedRequests;
import io.keydb.server.keyspace.eviction.Eviction.Outcome;
import io.keydb.server.resp.Request;

/**
 * Lets requests through that find room below {@code maxmemory}, and makes the room. A command that
 * stores nothing always passes.
 *
 * <p>A small request is held up for a moment at most; then it passes while keys are still being
 * evicted in the background. A big one could bring the memory in use far beyond the limit, so it
 * {@linkplain #mustWait waits} on a worker until there is room.
 *
 * <p>For a script room is made at its begin; whether there {@linkplain #isExceeded is none} then
 * decides for all of its commands.
 *
 * <p>Threads: safe; called on the thread that serves the client.
 */
final class MemoryGate {
    /** What an argument takes besides its bytes when it becomes an element of its own. */
    private static final long BYTES_PER_ARGUMENT = 24;

    /** Requests of fewer bytes do not wait. */
    private static final long BIG = 64 << 10;

    private volatile MemoryLimit limit = MemoryLimit.none();

    void limit(MemoryLimit newLimit) {
        limit = newLimit;
    }

    /** Whether there is no room and none can be made. */
    boolean isExceeded() {
        return limit.isExceeded();
    }

    /** Whether the command must be refused, since there is no room and none can be made. */
    boolean refuses(Client client, Command command, Request request) {
        boolean stores = stores(client, command);
        if (!stores && !command.has(CommandFlag.MAY_REPLICATE)) {
            return false;
        }
        long bytes = bytes(client, command, request);
        Outcome outcome = limit.makeRoom(bytes, false);
        client.lacksBytes(outcome == Outcome.UNDERWAY && bytes >= BIG ? bytes : 0);
        return stores && outcome == Outcome.NONE;
    }

    /** Whether the request, which was let through, waits on a worker until there is room. */
    static boolean mustWait(Client client) {
        return client.lackingBytes() != 0;
    }

    /** Waits until there is room for the request; false when none can be made. */
    boolean waitForRoom(Client client) {
        long bytes = client.lackingBytes();
        client.lacksBytes(0);
        return bytes == 0 || limit.makeRoom(bytes, true) != Outcome.NONE;
    }

    /** Whether it stores something, be it in the queue of a transaction. */
    private static boolean stores(Client client, Command command) {
        if (command.locking() == Locking.QUEUE) {
            return Execution.queueHas(client, queued -> queued.has(CommandFlag.DENYOOM));
        }
        // What is queued takes memory too, whatever it does.
        boolean queues = client.transaction().isOpen() && !command.isNeverQueued();
        return queues || command.has(CommandFlag.DENYOOM);
    }

    /** About as many bytes as it may store, but for what it computes. */
    private static long bytes(Client client, Command command, Request request) {
        if (command.locking() == Locking.QUEUE) {
            QueuedRequests queue = client.transaction().queue();
            return queue.memoryUsage() + queue.arguments() * BYTES_PER_ARGUMENT;
        }
        int last = request.count() - 1;
        long span = request.address(last) + request.length(last) - request.address(0);
        return span + request.count() * BYTES_PER_ARGUMENT;
    }
}
