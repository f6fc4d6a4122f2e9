package io.keydb.server.observability;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.command.HelpText;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * MEMORY: how much a key takes, exactly, and what the memory of the server is used for. Fields that
 * stock has and this server has no use for are zero.
 */
public final class MemoryCommands {
    private static final int FIXED_FIELDS = 27;

    private final MemorySection section;
    private final List<Command> all;

    /**
     * @param section where the figures come from
     */
    public MemoryCommands(MemorySection section) {
        this.section = section;
        this.all = List.of(memory());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private Command memory() {
        return command("MEMORY", SERVER)
                .since("4.0.0")
                .arity(-2)
                .summary("Tells what memory is used for.")
                .complexity("Depends on subcommand.")
                .subcommands(doctor(), help(), mallocStats(), purge(), stats(), usage())
                .container();
    }

    private static Command.Builder asking(String name, String summary) {
        return command("MEMORY|" + name, SERVER).since("4.0.0").arity(2).summary(summary);
    }

    private static Command help() {
        return asking("HELP", "Tells what the subcommands do.")
                .flags(LOADING, STALE)
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "MEMORY",
                                        "DOCTOR",
                                        "    Return memory problems reports.",
                                        "MALLOC-STATS",
                                        "    Return internal statistics report from the memory"
                                                + " allocator.",
                                        "PURGE",
                                        "    Attempt to purge dirty pages for reclamation by the"
                                                + " allocator.",
                                        "STATS",
                                        "    Return information about the memory usage of the"
                                                + " server.",
                                        "USAGE <key> [SAMPLES <count>]",
                                        "    Return memory in bytes used by <key> and its value."
                                                + " Nested values are",
                                        "    sampled up to <count> times (default: 5, 0 means"
                                                + " sample all)."));
    }

    private static Command usage() {
        return command("MEMORY|USAGE", SERVER)
                .since("4.0.0")
                .arity(-3)
                .flags(READONLY)
                .keys(at(2, RO))
                .syntax("key [SAMPLES count]")
                .summary("Tells how many bytes a key takes with its value.")
                .handledBy(MemoryCommands::usage);
    }

    /**
     * SAMPLES is checked and then of no consequence: the sum is kept, nothing has to be sampled.
     */
    private static void usage(Call call) {
        for (int i = 3; i < call.count(); i += 2) {
            if (!call.is(i, "SAMPLES") || i + 1 == call.count()) {
                throw Errors.SYNTAX;
            }
            if (call.integer(i + 1) < 0) {
                throw Errors.SYNTAX;
            }
        }
        long record = call.database().peek(call.key(2));
        if (record == 0) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(Values.memoryUsage(record));
        }
    }

    private Command purge() {
        return asking("PURGE", "Gives free memory back to the system.")
                .complexity("O(N) where N is the number of free pages.")
                .tips("request_policy:all_shards", "response_policy:all_succeeded")
                .handledBy(
                        call -> {
                            call.keyspace().pages().purge();
                            call.reply().ok();
                        });
    }

    private Command doctor() {
        return asking("DOCTOR", "Tells what is wrong with the memory, if anything is.")
                .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                .handledBy(call -> text(call, MemoryDoctor.report(section.figures())));
    }

    private Command mallocStats() {
        return asking("MALLOC-STATS", "Tells how the memory is laid out.")
                .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                .handledBy(call -> text(call, mallocText(call.keyspace(), section.figures())));
    }

    private static void text(Call call, String text) {
        call.reply().verbatim("txt", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String mallocText(Keyspace keyspace, MemoryFigures figures) {
        StringBuilder text = new StringBuilder("___ Begin memory statistics ___\n");
        text.append(
                String.format(
                        Locale.ROOT,
                        "Allocated: %d, active: %d, resident: %d, buffers: %d%n",
                        figures.used(),
                        figures.active(),
                        figures.retained(),
                        figures.buffers()));
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            partition.lock();
            try {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "Partition %d: allocated %d, active %d%n",
                                i,
                                partition.allocator().allocatedBytes(),
                                partition.allocator().committedBytes()));
            } finally {
                partition.unlock();
            }
        }
        return text.append("--- End memory statistics ---\n").toString();
    }

    private Command stats() {
        return asking("STATS", "Tells what memory is used for, field by field.")
                .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                .handledBy(this::stats);
    }

    private void stats(Call call) {
        Keyspace keyspace = call.keyspace();
        List<Database> used = new ArrayList<>();
        long keys = 0;
        for (int i = 0; i < keyspace.databases(); i++) {
            Database database = keyspace.database(i);
            keys += database.size();
            if (database.size() > 0) {
                used.add(database);
            }
        }
        MemoryFigures figures = section.figures();
        ReplyWriter reply = call.reply();
        reply.map(FIXED_FIELDS + used.size());
        number(reply, "peak.allocated", figures.peak());
        number(reply, "total.allocated", figures.used());
        number(reply, "startup.allocated", figures.startup());
        number(reply, "replication.backlog", figures.backlog());
        number(reply, "clients.slaves", figures.slowReplicas());
        number(reply, "clients.normal", figures.connections());
        number(reply, "cluster.links", 0);
        number(reply, "aof.buffer", 0);
        number(reply, "lua.caches", section.scriptBytes());
        number(reply, "functions.caches", section.libraryBytes());
        used.forEach(database -> database(reply, database));
        dataset(reply, figures, keys);
        allocator(reply, figures);
    }

    private static void dataset(ReplyWriter reply, MemoryFigures figures, long keys) {
        long dataset = figures.dataset();
        long net = figures.used() - figures.startup();
        number(reply, "overhead.total", figures.used() - dataset);
        number(reply, "keys.count", keys);
        number(reply, "keys.bytes-per-key", keys == 0 ? 0 : dataset / keys);
        number(reply, "dataset.bytes", dataset);
        fraction(reply, "dataset.percentage", 100 * MemoryFigures.ratio(dataset, net));
        double ofPeak = MemoryFigures.ratio(figures.used(), figures.peak());
        fraction(reply, "peak.percentage", 100 * ofPeak);
    }

    private static void allocator(ReplyWriter reply, MemoryFigures figures) {
        number(reply, "allocator.allocated", figures.used());
        number(reply, "allocator.active", figures.active());
        number(reply, "allocator.resident", figures.retained());
        pair(reply, "allocator-fragmentation", figures.active(), figures.used());
        pair(reply, "allocator-rss", figures.retained(), figures.active());
        pair(reply, "rss-overhead", figures.resident(), figures.retained());
        double ratio = MemoryFigures.ratio(figures.resident(), figures.used());
        fraction(reply, "fragmentation", ratio);
        number(reply, "fragmentation.bytes", figures.resident() - figures.used());
    }

    private static void pair(ReplyWriter reply, String name, long part, long whole) {
        fraction(reply, name + ".ratio", MemoryFigures.ratio(part, whole));
        number(reply, name + ".bytes", part - whole);
    }

    /** The bytes of a database's tables. */
    private static void database(ReplyWriter reply, Database database) {
        Keyspace keyspace = database.keyspace();
        long records = 0;
        long expires = 0;
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            partition.lock();
            try {
                records += RecordTable.bytes(partition.records(database.index()));
                expires += RecordTable.bytes(partition.expires(database.index()));
            } finally {
                partition.unlock();
            }
        }
        reply.bulk("db." + database.index());
        reply.map(3);
        number(reply, "overhead.hashtable.main", records);
        number(reply, "overhead.hashtable.expires", expires);
        number(reply, "overhead.hashtable.slot-to-keys", 0);
    }

    private static void number(ReplyWriter reply, String name, long value) {
        reply.bulk(name);
        reply.integer(value);
    }

    private static void fraction(ReplyWriter reply, String name, double value) {
        reply.bulk(name);
        reply.doubleValue(value);
    }
}
