package io.keydb.server.command.stream;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.BLOCKING;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STREAM;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.firstHalf;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.structure.Record;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.Stream;
import io.keydb.server.value.stream.StreamId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading from several streams at once, alone or as a consumer of a group, and waiting there. */
public final class StreamReadCommands {
    private static final String IN_READ_GROUP = " in XREADGROUP with GROUP option";

    static final Command XREAD =
            command("XREAD", STREAM)
                    .since("5.0.0")
                    .arity(-4)
                    .flags(READONLY, BLOCKING)
                    .keys(firstHalf("STREAMS", 1, RO, ACCESS))
                    .syntax(
                            "[COUNT count] [BLOCK milliseconds] STREAMS <key [key ...] id [id ...]>")
                    .summary("Gives the entries of streams behind ids, or waits for some.")
                    .handledBy(StreamReadCommands::xread);

    static final Command XREADGROUP =
            command("XREADGROUP", STREAM)
                    .since("5.0.0")
                    .arity(-7)
                    .flags(WRITE, BLOCKING)
                    .keys(firstHalf("STREAMS", 4, RO, ACCESS))
                    .syntax(
                            "GROUP <group consumer> [COUNT count] [BLOCK milliseconds] [NOACK]"
                                    + " STREAMS <key [key ...] id [id ...]>")
                    .summary("Gives a consumer of a group its next entries, or those it has.")
                    .complexity("For each stream, O(M) where M is the number of entries returned.")
                    .handledBy(StreamReadCommands::xreadgroup);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(XREAD, XREADGROUP);

    private StreamReadCommands() {}

    private static void xread(Call call) {
        Workspace work = Workspace.mine();
        ReadOptions options = work.reading;
        options.parse(call, false);
        long @Nullable [] resolved = call.waitState() instanceof long[] ids ? ids : null;
        for (int i = 0; i < options.streams(); i++) {
            call.entry(options.key(i), Record.STREAM);
            options.checkId(call, i, work.id);
        }
        ReplyWriter reply = call.reply();
        long mark = reply.reserveAggregate();
        int served = 0;
        for (int i = 0; i < options.streams(); i++) {
            Entry entry = call.entry(options.key(i), Record.STREAM);
            if (entry.exists() && Stream.length(StreamCommands.root(entry)) > 0) {
                long root = StreamCommands.root(entry);
                after(call, options, i, root, resolved);
                boolean behind = work.start.increment();
                long most = behind ? mostEntries(work, root, options.count()) : 0;
                work.end.set(StreamId.GREATEST, StreamId.GREATEST);
                if (behind && work.cursor.forward(root, work.start, work.end).next()) {
                    call.expectWork(most);
                    work.cursor.forward(root, work.start, work.end);
                    beginStream(call, options.key(i));
                    StreamReplies.entries(reply, work.cursor, options.count());
                    served++;
                }
            }
        }
        if (served > 0) {
            completeStreams(reply, mark, served);
        } else if (options.blocks()) {
            block(call, options, false, resolved == null ? resolve(call, options) : resolved);
        } else {
            reply.nullArray();
        }
    }

    private static long mostEntries(Workspace work, long root, long count) {
        long length = Stream.length(root);
        long most = count > 0 ? Math.min(count, length) : length;
        if (most < Stream.FEW) {
            return most;
        }
        work.end.set(StreamId.GREATEST, StreamId.GREATEST);
        return Math.min(most, work.cursor.estimate(root, work.start, work.end));
    }

    /** Sets {@code work.start} to the id behind which a stream is read. */
    private static void after(
            Call call, ReadOptions options, int i, long root, long @Nullable [] resolved) {
        StreamId out = Workspace.mine().start;
        if (!options.isLast(call, i)) {
            Ids.strict(call, options.id(i), out);
        } else if (resolved != null) {
            out.set(resolved[2 * i], resolved[2 * i + 1]);
        } else {
            Stream.lastId(root, out);
        }
    }

    /** What {@code $} stands for in each stream, for as long as the command waits. */
    private static long[] resolve(Call call, ReadOptions options) {
        long[] ids = new long[2 * options.streams()];
        StreamId id = new StreamId();
        for (int i = 0; i < options.streams(); i++) {
            Entry entry = call.entry(options.key(i), Record.STREAM);
            if (options.isLast(call, i) && entry.exists()) {
                Stream.lastId(StreamCommands.root(entry), id);
                ids[2 * i] = id.millis();
                ids[2 * i + 1] = id.sequence();
            }
        }
        return ids;
    }

    private static void block(Call call, ReadOptions options, boolean ofGroup, Object state) {
        call.block(
                options.blockMillis(),
                Record.STREAM,
                options.key(0),
                options.key(options.streams() - 1),
                ofGroup,
                state);
    }

    /** The head of a stream's part of the reply: its key, before its entries. */
    private static void beginStream(Call call, int key) {
        if (call.reply().protocol() == 2) {
            call.reply().array(2);
        }
        call.reply().bulk(call.request().address(key), call.request().length(key));
    }

    private static void completeStreams(ReplyWriter reply, long mark, int served) {
        if (reply.protocol() == 2) {
            reply.completeArray(mark, served);
        } else {
            reply.completeMap(mark, served);
        }
    }

    private static void xreadgroup(Call call) {
        Workspace work = Workspace.mine();
        ReadOptions options = work.reading;
        options.parse(call, true);
        for (int i = 0; i < options.streams(); i++) {
            Entry entry = call.entry(options.key(i), Record.STREAM);
            if (!entry.exists()
                    || StreamGroupCommands.group(call, StreamCommands.root(entry), options.group())
                            == 0) {
                throw StreamErrors.noKeyOrGroup(
                        call, options.key(i), options.group(), IN_READ_GROUP);
            }
            options.checkId(call, i, work.id);
        }
        ReplyWriter reply = call.reply();
        call.effects().none();
        long mark = reply.reserveAggregate();
        int served = 0;
        for (int i = 0; i < options.streams(); i++) {
            Entry entry = call.entry(options.key(i), Record.STREAM);
            long root = StreamCommands.root(entry);
            long group = StreamGroupCommands.group(call, root, options.group());
            long consumer =
                    StreamGroupCommands.presentConsumer(call, entry, group, options.consumer());
            if (!options.isNew(call, i)) {
                beginStream(call, options.key(i));
                Ids.strict(call, options.id(i), work.start).increment();
                history(call, entry, group, consumer, options.count());
                served++;
            } else if (hasNews(work, root, group)) {
                beginStream(call, options.key(i));
                deliver(call, entry, group, consumer, options);
                served++;
            }
        }
        if (served > 0) {
            completeStreams(reply, mark, served);
        } else if (options.blocks()) {
            block(call, options, true, Boolean.TRUE);
        } else {
            reply.nullArray();
        }
    }

    /** Whether the stream has entries the group has not got; they begin at {@code work.start}. */
    private static boolean hasNews(Workspace work, long root, long group) {
        if (Stream.length(root) == 0 || !ConsumerGroup.last(group, work.start).increment()) {
            return false;
        }
        work.end.set(StreamId.GREATEST, StreamId.GREATEST);
        return work.cursor.forward(root, work.start, work.end).next();
    }

    /** Gives new entries to the consumer. */
    private static void deliver(
            Call call, Entry entry, long group, long consumer, ReadOptions options) {
        Workspace work = Workspace.mine();
        long root = StreamCommands.root(entry);
        entry.beforeUnwatchedChange();
        work.cursor.forward(root, work.start, work.end);
        long mark = call.reply().reserveAggregate();
        long entries = 0;
        while ((options.count() <= 0 || entries < options.count()) && work.cursor.next()) {
            work.id.set(work.cursor.millis(), work.cursor.sequence());
            ConsumerGroup.deliver(root, group, work.id);
            StreamReplies.entry(call.reply(), work.cursor);
            if (!options.isUnacknowledged()) {
                makePending(call, entry, group, consumer, work);
            }
            entries++;
        }
        StreamEffects.groupMoved(call, entry, group, work.scratch);
        call.touched(entry.key());
        call.reply().completeArray(mark, entries);
    }

    private static void makePending(
            Call call, Entry entry, long group, long consumer, Workspace work) {
        Pending pending = work.pending;
        if (pending.find(group, work.id.millis(), work.id.sequence())) {
            pending.assign(entry.allocator(), consumer);
        } else {
            pending.add(entry.allocator(), group, consumer, work.id.millis(), work.id.sequence());
        }
        pending.deliver(call.nowMillis(), 1);
        Consumer.setActive(consumer, call.nowMillis());
        StreamEffects.pendingChanged(call, entry, group, pending, work.scratch);
    }

    /** Gives the consumer again what is pending for it, from {@code work.start} on. */
    private static void history(Call call, Entry entry, long group, long consumer, long count) {
        Workspace work = Workspace.mine();
        Pending pending = work.pending;
        StreamId start = work.start;
        ReplyWriter reply = call.reply();
        long root = StreamCommands.root(entry);
        long mark = reply.reserveAggregate();
        long entries = 0;
        long delivered = 0;
        boolean more = pending.seek(group, consumer, start.millis(), start.sequence());
        while (more && (count <= 0 || entries < count)) {
            if (work.cursor.find(root, pending.millis(), pending.sequence())) {
                StreamReplies.entry(reply, work.cursor);
                if (delivered == 0) {
                    entry.beforeUnwatchedChange();
                }
                pending.deliver(call.nowMillis(), pending.times() + 1);
                StreamEffects.pendingChanged(call, entry, group, pending, work.scratch);
                delivered++;
            } else {
                reply.array(2);
                StreamReplies.id(reply, pending.millis(), pending.sequence());
                reply.nullArray();
            }
            entries++;
            more = pending.next();
        }
        if (delivered > 0) {
            call.touched(entry.key(), delivered);
        }
        reply.completeArray(mark, entries);
    }
}
