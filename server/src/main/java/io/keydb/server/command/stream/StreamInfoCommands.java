package io.keydb.server.command.stream;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.STREAM;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.command.HelpText;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.structure.Record;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.Stream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What streams, groups and consumers are like. */
public final class StreamInfoCommands {
    private static final long DEFAULT_COUNT = 10;
    private static final byte[] NAME = ascii("name");
    private static final byte[] PENDING = ascii("pending");
    private static final byte[] PEL_COUNT = ascii("pel-count");
    private static final byte[] CONSUMERS_WORD = ascii("consumers");
    private static final byte[] LAST_DELIVERED = ascii("last-delivered-id");
    private static final byte[] ENTRIES_READ = ascii("entries-read");
    private static final byte[] LAG = ascii("lag");

    static final Command CONSUMERS =
            command("XINFO|CONSUMERS", STREAM)
                    .since("5.0.0")
                    .arity(4)
                    .flags(READONLY)
                    .keys(at(2, RO, ACCESS))
                    .syntax("key group")
                    .summary("Lists the consumers of a group.")
                    .changed("7.2.0", "Added the `inactive` field.")
                    .tips("nondeterministic_output")
                    .handledBy(StreamInfoCommands::consumers);

    static final Command GROUPS =
            command("XINFO|GROUPS", STREAM)
                    .since("5.0.0")
                    .arity(3)
                    .flags(READONLY)
                    .keys(at(2, RO, ACCESS))
                    .syntax("key")
                    .summary("Lists the consumer groups of a stream.")
                    .changed("7.0.0", "Added the `entries-read` and `lag` fields")
                    .handledBy(StreamInfoCommands::groups);

    static final Command STREAM_INFO =
            command("XINFO|STREAM", STREAM)
                    .since("5.0.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(2, RO, ACCESS))
                    .syntax("key [FULL [COUNT count]]")
                    .summary("Tells all about a stream.")
                    .changed("6.0.0", "Added the `FULL` modifier.")
                    .changed(
                            "7.0.0",
                            "Added the `max-deleted-entry-id`, `entries-added`,"
                                    + " `recorded-first-entry-id`, `entries-read` and `lag` fields")
                    .changed(
                            "7.2.0",
                            "Added the `active-time` field, and changed the meaning of"
                                    + " `seen-time`.")
                    .handledBy(StreamInfoCommands::stream);

    static final Command HELP =
            command("XINFO|HELP", STREAM)
                    .since("5.0.0")
                    .arity(2)
                    .flags(LOADING, STALE)
                    .summary("Tells what the subcommands do.")
                    .handledBy(
                            call ->
                                    HelpText.reply(
                                            call,
                                            "XINFO",
                                            "CONSUMERS <key> <groupname>",
                                            "    Show consumers of <groupname>.",
                                            "GROUPS <key>",
                                            "    Show the stream consumer groups.",
                                            "STREAM <key> [FULL [COUNT <count>]",
                                            "    Show information about the stream."));

    static final Command XINFO =
            command("XINFO", STREAM)
                    .since("5.0.0")
                    .arity(-2)
                    .summary("Tells about streams, their groups and consumers.")
                    .complexity("Depends on subcommand.")
                    .subcommands(CONSUMERS, GROUPS, HELP, STREAM_INFO)
                    .container();

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(XINFO);

    private StreamInfoCommands() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static long requiredRoot(Call call) {
        Entry entry = call.entry(2, Record.STREAM);
        if (!entry.exists()) {
            throw Errors.NO_SUCH_KEY;
        }
        return StreamCommands.root(entry);
    }

    private static void consumers(Call call) {
        long group = StreamGroupCommands.group(call, requiredRoot(call), 3);
        if (group == 0) {
            throw StreamErrors.noGroup(call, 2, 3);
        }
        ReplyWriter reply = call.reply();
        reply.array(Consumer.count(group));
        for (int i = 0; i < Consumer.count(group); i++) {
            long consumer = Consumer.at(group, i);
            reply.map(4);
            reply.bulk(NAME);
            reply.bulk(Consumer.name(consumer), Consumer.nameLength(consumer));
            reply.bulk(PENDING);
            reply.integer(Consumer.pending(consumer));
            reply.bulk("idle");
            reply.integer(Math.max(0, call.nowMillis() - Consumer.seen(consumer)));
            long active = Consumer.active(consumer);
            reply.bulk("inactive");
            reply.integer(active == -1 ? -1 : call.nowMillis() - active);
        }
    }

    private static void groups(Call call) {
        long root = requiredRoot(call);
        ReplyWriter reply = call.reply();
        reply.array(ConsumerGroup.count(root));
        for (int i = 0; i < ConsumerGroup.count(root); i++) {
            long group = ConsumerGroup.at(root, i);
            reply.map(6);
            reply.bulk(NAME);
            reply.bulk(ConsumerGroup.name(group), ConsumerGroup.nameLength(group));
            reply.bulk(CONSUMERS_WORD);
            reply.integer(Consumer.count(group));
            reply.bulk(PENDING);
            reply.integer(ConsumerGroup.pending(group));
            progress(reply, root, group);
        }
    }

    private static void progress(ReplyWriter reply, long root, long group) {
        reply.bulk(LAST_DELIVERED);
        StreamReplies.id(reply, ConsumerGroup.last(group, Workspace.mine().id));
        reply.bulk(ENTRIES_READ);
        integerOrNull(reply, ConsumerGroup.read(group), ConsumerGroup.UNKNOWN);
        reply.bulk(LAG);
        integerOrNull(reply, ConsumerGroup.lag(root, group), Long.MIN_VALUE);
    }

    private static void integerOrNull(ReplyWriter reply, long value, long unknown) {
        if (value == unknown) {
            reply.nullBulk();
        } else {
            reply.integer(value);
        }
    }

    private static void stream(Call call) {
        boolean full = call.count() > 3;
        long count = DEFAULT_COUNT;
        long root = requiredRoot(call);
        if (full) {
            if ((call.count() != 4 && call.count() != 6) || !call.is(3, "FULL")) {
                throw StreamErrors.subcommandSyntax(call);
            }
            if (call.count() == 6) {
                if (!call.is(4, "COUNT")) {
                    throw StreamErrors.subcommandSyntax(call);
                }
                count = call.integer(5);
                count = count < 0 ? DEFAULT_COUNT : count;
            }
            call.expectWork(count == 0 ? Stream.length(root) : count);
        }
        ReplyWriter reply = call.reply();
        Workspace work = Workspace.mine();
        reply.map(full ? 9 : 10);
        reply.bulk("length");
        reply.integer(Stream.length(root));
        reply.bulk("radix-tree-keys");
        reply.integer(Stream.nodes(root));
        reply.bulk("radix-tree-nodes");
        reply.integer(Stream.nodes(root) + 1);
        reply.bulk("last-generated-id");
        StreamReplies.id(reply, Stream.lastId(root, work.id));
        reply.bulk("max-deleted-entry-id");
        StreamReplies.id(reply, Stream.greatestDeletedId(root, work.id));
        reply.bulk("entries-added");
        reply.integer(Stream.added(root));
        reply.bulk("recorded-first-entry-id");
        StreamReplies.id(reply, Stream.firstId(root, work.id));
        if (full) {
            details(reply, work, root, count);
        } else {
            ends(reply, work, root);
        }
    }

    private static void ends(ReplyWriter reply, Workspace work, long root) {
        reply.bulk("groups");
        reply.integer(ConsumerGroup.count(root));
        reply.bulk("first-entry");
        entryOrNull(reply, work, work.cursor.all(root).next());
        reply.bulk("last-entry");
        entryOrNull(reply, work, work.cursor.last(root));
    }

    private static void entryOrNull(ReplyWriter reply, Workspace work, boolean exists) {
        if (exists) {
            StreamReplies.entry(reply, work.cursor);
        } else {
            reply.nullBulk();
        }
    }

    private static void details(ReplyWriter reply, Workspace work, long root, long count) {
        reply.bulk("entries");
        StreamReplies.entries(reply, work.cursor.all(root), count);
        reply.bulk("groups");
        reply.array(ConsumerGroup.count(root));
        for (int i = 0; i < ConsumerGroup.count(root); i++) {
            long group = ConsumerGroup.at(root, i);
            reply.map(7);
            reply.bulk(NAME);
            reply.bulk(ConsumerGroup.name(group), ConsumerGroup.nameLength(group));
            progress(reply, root, group);
            reply.bulk(PEL_COUNT);
            reply.integer(ConsumerGroup.pending(group));
            reply.bulk(PENDING);
            pending(reply, work.pending, group, 0, count);
            reply.bulk(CONSUMERS_WORD);
            reply.array(Consumer.count(group));
            for (int j = 0; j < Consumer.count(group); j++) {
                consumer(reply, work.pending, group, Consumer.at(group, j), count);
            }
        }
    }

    private static void consumer(
            ReplyWriter reply, Pending pending, long group, long consumer, long count) {
        reply.map(5);
        reply.bulk(NAME);
        reply.bulk(Consumer.name(consumer), Consumer.nameLength(consumer));
        reply.bulk("seen-time");
        reply.integer(Consumer.seen(consumer));
        reply.bulk("active-time");
        reply.integer(Consumer.active(consumer));
        reply.bulk(PEL_COUNT);
        reply.integer(Consumer.pending(consumer));
        reply.bulk(PENDING);
        pending(reply, pending, group, consumer, count);
    }

    /** Pending entries of a group with their owners, or of one consumer without. */
    private static void pending(
            ReplyWriter reply, Pending pending, long group, long consumer, long count) {
        long mark = reply.reserveAggregate();
        long entries = 0;
        boolean more = pending.seek(group, consumer, 0, 0);
        while (more && (count == 0 || entries < count)) {
            reply.array(consumer == 0 ? 4 : 3);
            StreamReplies.id(reply, pending.millis(), pending.sequence());
            if (consumer == 0) {
                long owner = pending.consumer();
                reply.bulk(Consumer.name(owner), Consumer.nameLength(owner));
            }
            reply.integer(pending.time());
            reply.integer(pending.times());
            entries++;
            more = pending.next();
        }
        reply.completeArray(mark, entries);
    }
}
