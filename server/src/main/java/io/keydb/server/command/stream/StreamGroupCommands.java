package io.keydb.server.command.stream;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STREAM;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.HelpText;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Stream;
import io.keydb.server.value.stream.StreamId;
import java.util.List;

/** Consumer groups and acknowledging. */
public final class StreamGroupCommands {
    private static final CommandError NO_KEY =
            new CommandError(
                    "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you"
                            + " may want to use the MKSTREAM option to create an empty stream"
                            + " automatically.");
    private static final CommandError NEGATIVE_READ =
            new CommandError("ERR value for ENTRIESREAD must be positive or -1");
    private static final CommandError GROUP_EXISTS =
            new CommandError("BUSYGROUP Consumer Group name already exists");

    static final Command CREATE =
            command("XGROUP|CREATE", STREAM)
                    .since("5.0.0")
                    .arity(-5)
                    .flags(WRITE, DENYOOM)
                    .keys(at(2, RW, INSERT))
                    .syntax("key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]")
                    .summary("Makes a consumer group.")
                    .changed("7.0.0", "Added the `entries_read` named argument.")
                    .handledBy(StreamGroupCommands::create);

    static final Command SETID =
            command("XGROUP|SETID", STREAM)
                    .since("5.0.0")
                    .arity(-5)
                    .flags(WRITE)
                    .keys(at(2, RW, UPDATE))
                    .syntax("key group <id | $> [ENTRIESREAD entries-read]")
                    .summary("Sets the id a consumer group got last.")
                    .changed("7.0.0", "Added the optional `entries_read` argument.")
                    .handledBy(StreamGroupCommands::setId);

    static final Command DESTROY =
            command("XGROUP|DESTROY", STREAM)
                    .since("5.0.0")
                    .arity(4)
                    .flags(WRITE)
                    .keys(at(2, RW, DELETE))
                    .syntax("key group")
                    .summary("Removes a consumer group.")
                    .complexity("O(N) where N is the number of pending entries.")
                    .handledBy(StreamGroupCommands::destroy);

    static final Command CREATECONSUMER =
            command("XGROUP|CREATECONSUMER", STREAM)
                    .since("6.2.0")
                    .arity(5)
                    .flags(WRITE, DENYOOM)
                    .keys(at(2, RW, INSERT))
                    .syntax("key group consumer")
                    .summary("Makes a consumer of a group.")
                    .handledBy(StreamGroupCommands::createConsumer);

    static final Command DELCONSUMER =
            command("XGROUP|DELCONSUMER", STREAM)
                    .since("5.0.0")
                    .arity(5)
                    .flags(WRITE)
                    .keys(at(2, RW, DELETE))
                    .syntax("key group consumer")
                    .summary("Removes a consumer and what is pending for it.")
                    .handledBy(StreamGroupCommands::deleteConsumer);

    static final Command HELP =
            command("XGROUP|HELP", STREAM)
                    .since("5.0.0")
                    .arity(2)
                    .flags(LOADING, STALE)
                    .summary("Tells what the subcommands do.")
                    .handledBy(StreamGroupCommands::help);

    static final Command XGROUP =
            command("XGROUP", STREAM)
                    .since("5.0.0")
                    .arity(-2)
                    .summary("Makes, changes and removes consumer groups.")
                    .complexity("Depends on subcommand.")
                    .subcommands(CREATE, CREATECONSUMER, DELCONSUMER, DESTROY, HELP, SETID)
                    .container();

    static final Command XACK =
            command("XACK", STREAM)
                    .since("5.0.0")
                    .arity(-4)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key group id [id ...]")
                    .summary("Acknowledges entries, which are pending no longer.")
                    .complexity("O(1) for each entry.")
                    .handledBy(StreamGroupCommands::xack);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(XGROUP, XACK);

    private StreamGroupCommands() {}

    /** The group that argument {@code i} names, or 0. */
    static long group(Call call, long root, int i) {
        return ConsumerGroup.find(root, call.request().address(i), call.request().length(i));
    }

    /** The consumer of the group that argument {@code i} names, or 0. */
    static long consumer(Call call, long group, int i) {
        return Consumer.find(group, call.request().address(i), call.request().length(i));
    }

    /**
     * The consumer of the group that argument {@code i} names, made when there is none; it is here
     * now.
     */
    static long presentConsumer(Call call, Entry entry, long group, int i) {
        long consumer = consumer(call, group, i);
        if (consumer == 0) {
            consumer = newConsumer(call, entry, group, i);
            StreamEffects.consumerCreated(call, entry, group, consumer);
        } else {
            Consumer.setSeen(consumer, call.nowMillis());
        }
        return consumer;
    }

    private static long newConsumer(Call call, Entry entry, long group, int i) {
        entry.beforeUnwatchedChange();
        long consumer =
                Consumer.create(
                        entry.allocator(),
                        group,
                        call.request().address(i),
                        call.request().length(i),
                        call.nowMillis());
        changed(call, entry, "xgroup-createconsumer");
        return consumer;
    }

    private static void create(Call call) {
        boolean makesStream = false;
        long read = ConsumerGroup.UNKNOWN;
        for (int i = 5; i < call.count(); i++) {
            if (call.is(i, "MKSTREAM")) {
                makesStream = true;
            } else {
                read = entriesRead(call, i++);
            }
        }
        Entry entry = call.entry(2, Record.STREAM);
        if (!entry.exists() && !makesStream) {
            throw NO_KEY;
        }
        if (call.count() > 8) {
            throw StreamErrors.subcommandSyntax(call);
        }
        StreamId id = Workspace.mine().id.set(0, 0);
        if (!isDollar(call, 4)) {
            Ids.strict(call, 4, id);
        } else if (entry.exists()) {
            Stream.lastId(StreamCommands.root(entry), id);
        }
        if (entry.exists()) {
            if (group(call, StreamCommands.root(entry), 3) != 0) {
                throw GROUP_EXISTS;
            }
            entry.beforeUnwatchedChange();
        } else {
            StreamCommands.create(entry);
        }
        long group =
                ConsumerGroup.create(
                        entry.allocator(),
                        StreamCommands.root(entry),
                        call.request().address(3),
                        call.request().length(3),
                        id);
        ConsumerGroup.setRead(group, read);
        changed(call, entry, "xgroup-create");
        call.reply().ok();
    }

    private static void changed(Call call, Entry entry, String event) {
        call.touched(entry.key());
        call.event(EventClass.STREAM, event, entry.key());
    }

    /** The number behind ENTRIESREAD, which argument {@code i} must be. */
    private static long entriesRead(Call call, int i) {
        if (!call.is(i, "ENTRIESREAD") || i + 1 >= call.count()) {
            throw StreamErrors.subcommandSyntax(call);
        }
        long read = call.integer(i + 1);
        if (read < ConsumerGroup.UNKNOWN) {
            throw NEGATIVE_READ;
        }
        return read;
    }

    private static boolean isDollar(Call call, int i) {
        return call.request().length(i) == 1 && Memory.getByte(call.request().address(i)) == '$';
    }

    /** The group of the request; the key and the group must exist. */
    private static long requiredGroup(Call call, Entry entry) {
        if (!entry.exists()) {
            throw NO_KEY;
        }
        long group = group(call, StreamCommands.root(entry), 3);
        if (group == 0) {
            throw StreamErrors.noGroup(call, 2, 3);
        }
        return group;
    }

    private static void setId(Call call) {
        long read = ConsumerGroup.UNKNOWN;
        for (int i = 5; i < call.count(); i += 2) {
            read = entriesRead(call, i);
        }
        Entry entry = call.entry(2, Record.STREAM);
        long group = requiredGroup(call, entry);
        if (call.count() > 7) {
            throw StreamErrors.subcommandSyntax(call);
        }
        StreamId id = Workspace.mine().id;
        if (isDollar(call, 4)) {
            Stream.lastId(StreamCommands.root(entry), id);
        } else {
            Ids.any(call, 4, id);
        }
        entry.beforeUnwatchedChange();
        ConsumerGroup.setLast(group, id);
        ConsumerGroup.setRead(group, read);
        changed(call, entry, "xgroup-setid");
        call.reply().ok();
    }

    private static void destroy(Call call) {
        Entry entry = call.entry(2, Record.STREAM);
        if (!entry.exists()) {
            throw NO_KEY;
        }
        long root = StreamCommands.root(entry);
        long group = group(call, root, 3);
        if (group != 0) {
            entry.beforeUnwatchedChange();
            ConsumerGroup.remove(entry.allocator(), root, group);
            entry.database().wake(entry.key());
            changed(call, entry, "xgroup-destroy");
        }
        call.reply().integer(group == 0 ? 0 : 1);
    }

    private static void createConsumer(Call call) {
        Entry entry = call.entry(2, Record.STREAM);
        long group = requiredGroup(call, entry);
        boolean absent = consumer(call, group, 4) == 0;
        if (absent) {
            newConsumer(call, entry, group, 4);
        }
        call.reply().integer(absent ? 1 : 0);
    }

    private static void deleteConsumer(Call call) {
        Entry entry = call.entry(2, Record.STREAM);
        long group = requiredGroup(call, entry);
        long consumer = consumer(call, group, 4);
        long pending = 0;
        if (consumer != 0) {
            pending = Consumer.pending(consumer);
            entry.beforeUnwatchedChange();
            Consumer.remove(entry.allocator(), group, consumer);
            changed(call, entry, "xgroup-delconsumer");
        }
        call.reply().integer(pending);
    }

    private static void xack(Call call) {
        Entry entry = call.entry(1, Record.STREAM);
        long group = entry.exists() ? group(call, StreamCommands.root(entry), 2) : 0;
        if (group == 0) {
            call.reply().integer(0);
            return;
        }
        Workspace work = Workspace.mine();
        Ids.requireFrom(call, 3, work.id);
        long acknowledged = 0;
        for (int i = 3; i < call.count(); i++) {
            StreamId id = Ids.strict(call, i, work.id);
            if (work.pending.find(group, id.millis(), id.sequence())) {
                if (acknowledged++ == 0) {
                    entry.beforeUnwatchedChange();
                }
                work.pending.remove(entry.allocator());
            }
        }
        if (acknowledged > 0) {
            call.touched(entry.key(), acknowledged);
        }
        call.reply().integer(acknowledged);
    }

    private static void help(Call call) {
        HelpText.reply(
                call,
                "XGROUP",
                "CREATE <key> <groupname> <id|$> [option]",
                "    Create a new consumer group. Options are:",
                "    * MKSTREAM",
                "      Create the empty stream if it does not exist.",
                "    * ENTRIESREAD entries_read",
                "      Set the group's entries_read counter (internal use).",
                "CREATECONSUMER <key> <groupname> <consumer>",
                "    Create a new consumer in the specified group.",
                "DELCONSUMER <key> <groupname> <consumer>",
                "    Remove the specified consumer.",
                "DESTROY <key> <groupname>",
                "    Remove the specified group.",
                "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
                "    Set the current group ID and entries_read counter.");
    }
}
