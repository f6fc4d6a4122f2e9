package io.keydb.server.command.stream;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STREAM;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.structure.Record;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.StreamId;
import java.util.List;

/** Entries that were delivered and not acknowledged: who has them, and giving them to others. */
public final class StreamPendingCommands {
    private static final CommandError INVALID_CLAIM_IDLE =
            new CommandError("ERR Invalid min-idle-time argument for XCLAIM");
    private static final CommandError INVALID_AUTOCLAIM_IDLE =
            new CommandError("ERR Invalid min-idle-time argument for XAUTOCLAIM");
    private static final CommandError COUNT_NOT_POSITIVE =
            new CommandError("ERR COUNT must be > 0");

    /** Pending entries that XAUTOCLAIM looks at for each it may claim. */
    private static final int ATTEMPTS = 10;

    private static final int DEFAULT_CLAIMS = 100;
    private static final long MOST_CLAIMS = Long.MAX_VALUE / 16;

    static final Command XPENDING =
            command("XPENDING", STREAM)
                    .since("5.0.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key group [[IDLE min-idle-time] start end count [consumer]]")
                    .summary("Tells which entries of a group are pending.")
                    .complexity(
                            "O(N) where N is the number of entries looked at; of the summary, the"
                                    + " number of consumers.")
                    .changed("6.2.0", "Added the `IDLE` option and exclusive range intervals.")
                    .tips("nondeterministic_output")
                    .handledBy(StreamPendingCommands::xpending);

    static final Command XCLAIM =
            command("XCLAIM", STREAM)
                    .since("5.0.0")
                    .arity(-6)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax(
                            "key group consumer min-idle-time id [id ...] [IDLE ms]"
                                    + " [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE]"
                                    + " [JUSTID] [LASTID lastid]")
                    .summary("Gives pending entries to another consumer.")
                    .complexity("O(log N) where N is the number of pending entries.")
                    .tips("nondeterministic_output")
                    .handledBy(StreamPendingCommands::xclaim);

    static final Command XAUTOCLAIM =
            command("XAUTOCLAIM", STREAM)
                    .since("6.2.0")
                    .arity(-6)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, DELETE))
                    .syntax("key group consumer min-idle-time start [COUNT count] [JUSTID]")
                    .summary("Gives entries that were pending for long to another consumer.")
                    .complexity("O(1) if COUNT is small.")
                    .changed(
                            "7.0.0",
                            "Added an element to the reply array, containing deleted entries the"
                                    + " command cleared from the PEL")
                    .tips("nondeterministic_output")
                    .handledBy(StreamPendingCommands::xautoclaim);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(XPENDING, XCLAIM, XAUTOCLAIM);

    private StreamPendingCommands() {}

    private static void xpending(Call call) {
        if (call.count() != 3 && (call.count() < 6 || call.count() > 9)) {
            throw Errors.SYNTAX;
        }
        Workspace work = Workspace.mine();
        int startAt = 3;
        long idle = 0;
        long count = 0;
        if (call.count() > 3) {
            if (call.is(3, "IDLE")) {
                idle = call.integer(4);
                if (call.count() < 8) {
                    throw Errors.SYNTAX;
                }
                startAt = 5;
            }
            count = Math.max(0, call.integer(startAt + 2));
            Ids.start(call, startAt, work.start);
            Ids.end(call, startAt + 1, work.end);
        }
        Entry entry = call.entry(1, Record.STREAM);
        long group = requiredGroup(call, entry);
        if (call.count() == 3) {
            summary(call, group);
            return;
        }
        long consumer = 0;
        if (startAt + 3 < call.count()) {
            consumer = StreamGroupCommands.consumer(call, group, startAt + 3);
            if (consumer == 0) {
                call.reply().array(0);
                return;
            }
        }
        if (count > 0) {
            pending(call, group, consumer, idle, count);
        } else {
            call.reply().array(0);
        }
    }

    private static long requiredGroup(Call call, Entry entry) {
        long group =
                entry.exists() ? StreamGroupCommands.group(call, StreamCommands.root(entry), 2) : 0;
        if (group == 0) {
            throw StreamErrors.noKeyOrGroup(call, 1, 2, "");
        }
        return group;
    }

    private static void summary(Call call, long group) {
        ReplyWriter reply = call.reply();
        Pending pending = Workspace.mine().pending;
        reply.array(4);
        reply.integer(ConsumerGroup.pending(group));
        if (!pending.seek(group, 0, 0, 0)) {
            reply.nullBulk();
            reply.nullBulk();
            reply.nullArray();
            return;
        }
        StreamReplies.id(reply, pending.millis(), pending.sequence());
        pending.last(group);
        StreamReplies.id(reply, pending.millis(), pending.sequence());
        long mark = reply.reserveAggregate();
        int consumers = 0;
        for (int i = 0; i < Consumer.count(group); i++) {
            long consumer = Consumer.at(group, i);
            if (Consumer.pending(consumer) > 0) {
                reply.array(2);
                reply.bulk(Consumer.name(consumer), Consumer.nameLength(consumer));
                reply.bulkInteger(Consumer.pending(consumer));
                consumers++;
            }
        }
        reply.completeArray(mark, consumers);
    }

    private static void pending(Call call, long group, long consumer, long idle, long count) {
        ReplyWriter reply = call.reply();
        Workspace work = Workspace.mine();
        Pending pending = work.pending;
        call.expectWork(Math.min(idle > 0 ? Long.MAX_VALUE : count, ConsumerGroup.pending(group)));
        long mark = reply.reserveAggregate();
        long found = 0;
        boolean more = pending.seek(group, consumer, work.start.millis(), work.start.sequence());
        while (more && found < count && isUpTo(pending, work.end)) {
            long elapsed = call.nowMillis() - pending.time();
            if (idle == 0 || elapsed >= idle) {
                reply.array(4);
                StreamReplies.id(reply, pending.millis(), pending.sequence());
                long owner = pending.consumer();
                reply.bulk(Consumer.name(owner), Consumer.nameLength(owner));
                reply.integer(Math.max(0, elapsed));
                reply.integer(pending.times());
                found++;
            }
            more = pending.next();
        }
        reply.completeArray(mark, found);
    }

    private static boolean isUpTo(Pending pending, StreamId end) {
        return StreamId.compare(pending.millis(), pending.sequence(), end.millis(), end.sequence())
                <= 0;
    }

    private static void xclaim(Call call) {
        Entry entry = call.entry(1, Record.STREAM);
        long group = requiredGroup(call, entry);
        Workspace work = Workspace.mine();
        long idle = Math.max(0, call.integer(4, INVALID_CLAIM_IDLE));
        ClaimOptions options = work.claiming;
        options.parse(call);
        boolean moved = options.last().compareTo(ConsumerGroup.last(group, work.last)) > 0;
        call.effects().none();
        if (moved) {
            entry.beforeUnwatchedChange();
            ConsumerGroup.setLast(group, options.last());
        }
        long consumer = StreamGroupCommands.presentConsumer(call, entry, group, 3);
        Claim claim = work.claim.begin(call, entry, group, consumer, idle);
        ReplyWriter reply = call.reply();
        long mark = reply.reserveAggregate();
        for (int i = 5; i < options.behindIds(); i++) {
            StreamId id = Ids.strict(call, i, work.id);
            boolean pending = work.pending.find(group, id.millis(), id.sequence());
            if (claim.claim(id, pending, options) == Claim.CLAIMED) {
                replyClaimed(reply, work, options.onlyIds());
            }
        }
        reply.completeArray(mark, claim.claimed());
        if (moved && claim.changes() == 0) {
            StreamEffects.groupMoved(call, entry, group, work.scratch);
        }
        touch(call, entry, claim.changes() + (moved ? 1 : 0));
    }

    private static void touch(Call call, Entry entry, long changes) {
        if (changes > 0) {
            call.touched(entry.key(), changes);
        }
    }

    /** The entry {@code work.id}, where the cursor is. */
    private static void replyClaimed(ReplyWriter reply, Workspace work, boolean onlyId) {
        if (onlyId) {
            StreamReplies.id(reply, work.id);
        } else {
            StreamReplies.entry(reply, work.cursor);
        }
    }

    private static void xautoclaim(Call call) {
        Workspace work = Workspace.mine();
        long idle = Math.max(0, call.integer(4, INVALID_AUTOCLAIM_IDLE));
        Ids.start(call, 5, work.start);
        ClaimOptions options = work.claiming;
        long count = DEFAULT_CLAIMS;
        boolean onlyIds = false;
        for (int i = 6; i < call.count(); i++) {
            if (i + 1 < call.count() && call.is(i, "COUNT")) {
                count = call.integer(++i, COUNT_NOT_POSITIVE);
                if (count < 1 || count > MOST_CLAIMS) {
                    throw COUNT_NOT_POSITIVE;
                }
            } else if (call.is(i, "JUSTID")) {
                onlyIds = true;
            } else {
                throw Errors.SYNTAX;
            }
        }
        options.forAutoClaim(call, onlyIds);
        Entry entry = call.entry(1, Record.STREAM);
        long group = requiredGroup(call, entry);
        call.expectWork(Math.min(count * ATTEMPTS, ConsumerGroup.pending(group)));
        call.effects().none();
        long consumer = StreamGroupCommands.presentConsumer(call, entry, group, 3);
        Claim claim = work.claim.begin(call, entry, group, consumer, idle);
        claimFrom(claim, work, count, options);
        touch(call, entry, claim.changes());
        replyAutoClaimed(call.reply(), entry, work, onlyIds);
    }

    /** Claims what is pending from {@code work.start} on; {@code work.end} is where to go on. */
    private static void claimFrom(Claim claim, Workspace work, long count, ClaimOptions options) {
        Pending pending = work.pending;
        StreamId id = work.start;
        work.claimed.clear();
        work.deleted.clear();
        long attempts = count * ATTEMPTS;
        long left = count;
        boolean more = pending.seek(claim.group(), 0, id.millis(), id.sequence());
        while (more && attempts-- > 0 && left > 0) {
            id.set(pending.millis(), pending.sequence());
            int outcome = claim.claim(id, true, options);
            if (outcome == Claim.DELETED) {
                work.deleted.add(id);
                more = pending.seek(claim.group(), 0, id.millis(), id.sequence());
            } else {
                if (outcome == Claim.CLAIMED) {
                    work.claimed.add(id);
                }
                more = pending.next();
            }
            left -= outcome == Claim.LEFT ? 0 : 1;
        }
        work.end.set(more ? pending.millis() : 0, more ? pending.sequence() : 0);
    }

    private static void replyAutoClaimed(
            ReplyWriter reply, Entry entry, Workspace work, boolean onlyIds) {
        reply.array(3);
        StreamReplies.id(reply, work.end);
        reply.array(work.claimed.count());
        for (int i = 0; i < work.claimed.count(); i++) {
            work.claimed.get(i, work.id);
            if (!onlyIds) {
                long root = StreamCommands.root(entry);
                work.cursor.find(root, work.id.millis(), work.id.sequence());
            }
            replyClaimed(reply, work, onlyIds);
        }
        reply.array(work.deleted.count());
        for (int i = 0; i < work.deleted.count(); i++) {
            StreamReplies.id(reply, work.deleted.get(i, work.id));
        }
    }
}
