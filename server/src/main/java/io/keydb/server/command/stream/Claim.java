package io.keydb.server.command.stream;

import io.keydb.server.command.Call;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.StreamId;

/**
 * Gives entries of a group to one of its consumers, one by one. Reusable.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class Claim {
    /** The entry is as it was. */
    static final int LEFT = 0;

    /** The entry is the consumer's now; the workspace's cursor is at it. */
    static final int CLAIMED = 1;

    /** The stream has no such entry, so it is pending no longer. */
    static final int DELETED = 2;

    private Call call;
    private Entry entry;
    private long group;
    private long consumer;
    private long idle;
    private long claimed;
    private long changes;

    @SuppressWarnings("NullAway.Init") // begun before anything else is asked of it
    Claim() {}

    /**
     * Begins for one consumer.
     *
     * @param leastIdle milliseconds for which an entry was not delivered at least
     */
    Claim begin(Call newCall, Entry newEntry, long ofGroup, long forConsumer, long leastIdle) {
        call = newCall;
        entry = newEntry;
        group = ofGroup;
        consumer = forConsumer;
        idle = leastIdle;
        claimed = 0;
        changes = 0;
        return this;
    }

    long group() {
        return group;
    }

    long claimed() {
        return claimed;
    }

    /** Entries whose state was changed. */
    long changes() {
        return changes;
    }

    /**
     * Claims an entry if possible.
     *
     * @param isPending whether the workspace's pending entry is this one
     */
    int claim(StreamId id, boolean isPending, ClaimOptions options) {
        Workspace work = Workspace.mine();
        Pending pending = work.pending;
        long root = StreamCommands.root(entry);
        if (!work.cursor.find(root, id.millis(), id.sequence())) {
            if (isPending) {
                StreamEffects.pendingChanged(call, entry, group, pending, work.scratch);
                change();
                pending.remove(entry.allocator());
            }
            return isPending ? DELETED : LEFT;
        }
        long now = call.nowMillis();
        if (isPending ? idle > 0 && now - pending.time() < idle : !options.isForced()) {
            return LEFT;
        }
        change();
        if (isPending) {
            pending.assign(entry.allocator(), consumer);
        } else {
            pending.add(entry.allocator(), group, consumer, id.millis(), id.sequence());
            pending.deliver(now, 1);
        }
        pending.deliver(options.time(), options.times(pending.times()));
        Consumer.setActive(consumer, now);
        claimed++;
        StreamEffects.pendingChanged(call, entry, group, pending, work.scratch);
        return CLAIMED;
    }

    private void change() {
        if (changes++ == 0) {
            entry.beforeUnwatchedChange();
        }
    }
}
