package io.keydb.server.command.generic;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Locking;
import io.keydb.server.command.ScanArguments;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.Globs;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.support.GlobPattern;
import io.keydb.server.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Walking databases, emptying and exchanging them. KEYS, SCAN and RANDOMKEY look at one partition
 * at a time, so other clients are never stopped.
 */
public final class KeyspaceCommands {
    private static final CommandError INVALID_FIRST =
            new CommandError("ERR invalid first DB index");
    private static final CommandError INVALID_SECOND =
            new CommandError("ERR invalid second DB index");
    private static final CommandError SWAP_WHILE_ACTIVE =
            new CommandError("ERR SWAPDB is not possible on an active replica");

    static final Command KEYS =
            command("KEYS", GENERIC)
                    .arity(2)
                    .flags(READONLY)
                    .categories(AclCategory.DANGEROUS)
                    .locking(Locking.SLICES)
                    .slow()
                    .syntax("pattern")
                    .summary("Gives the names of all keys that match a pattern.")
                    .complexity("O(N) where N is the number of keys of the database.")
                    .tips("request_policy:all_shards", "nondeterministic_output_order")
                    .handledBy(KeyspaceCommands::keys);

    static final Command SCAN =
            command("SCAN", GENERIC)
                    .since("2.8.0")
                    .arity(-2)
                    .flags(READONLY)
                    .locking(Locking.SLICES)
                    .syntax("cursor [MATCH pattern] [COUNT count] [TYPE type]")
                    .summary("Gives the names of keys in portions.")
                    .complexity("O(1) for every call, O(N) for a complete walk.")
                    .changed("6.0.0", "Added the `TYPE` subcommand.")
                    .tips("nondeterministic_output", "request_policy:special")
                    .handledBy(KeyspaceCommands::scan);

    static final Command RANDOMKEY =
            command("RANDOMKEY", GENERIC)
                    .arity(1)
                    .flags(READONLY)
                    .locking(Locking.SLICES)
                    .summary("Gives the name of a random key.")
                    .tips("request_policy:all_shards", "nondeterministic_output")
                    .handledBy(KeyspaceCommands::randomkey);

    static final Command DBSIZE =
            command("DBSIZE", SERVER)
                    .arity(1)
                    .flags(READONLY, FAST)
                    .categories(AclCategory.KEYSPACE)
                    .summary("Counts the keys of the database.")
                    .tips("request_policy:all_shards", "response_policy:agg_sum")
                    .handledBy(call -> call.reply().integer(call.database().size()));

    static final Command FLUSHDB =
            command("FLUSHDB", SERVER)
                    .arity(-1)
                    .flags(WRITE)
                    .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
                    .locking(Locking.ALL)
                    .slow()
                    .syntax("[ASYNC | SYNC]")
                    .summary("Removes all keys of the database.")
                    .complexity("O(N) where N is the number of keys of the database.")
                    .changed("4.0.0", "Added the `ASYNC` flushing mode modifier.")
                    .changed("6.2.0", "Added the `SYNC` flushing mode modifier.")
                    .tips("request_policy:all_shards", "response_policy:all_succeeded")
                    .handledBy(KeyspaceCommands::flushdb);

    static final Command FLUSHALL =
            command("FLUSHALL", SERVER)
                    .arity(-1)
                    .flags(WRITE)
                    .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
                    .locking(Locking.ALL)
                    .slow()
                    .syntax("[ASYNC | SYNC]")
                    .summary("Removes all keys of all databases.")
                    .complexity("O(N) where N is the number of keys of all databases.")
                    .changed("4.0.0", "Added the `ASYNC` flushing mode modifier.")
                    .changed("6.2.0", "Added the `SYNC` flushing mode modifier.")
                    .tips("request_policy:all_shards", "response_policy:all_succeeded")
                    .handledBy(KeyspaceCommands::flushall);

    static final Command SWAPDB =
            command("SWAPDB", SERVER)
                    .since("4.0.0")
                    .arity(3)
                    .flags(WRITE, FAST)
                    .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
                    .locking(Locking.ALL)
                    .syntax("index1 index2")
                    .summary("Exchanges two databases.")
                    .complexity("O(N) where N is the number of watched keys of both databases.")
                    .handledBy(KeyspaceCommands::swapdb);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(KEYS, SCAN, RANDOMKEY, DBSIZE, FLUSHDB, FLUSHALL, SWAPDB);

    private KeyspaceCommands() {}

    private static void keys(Call call) {
        GlobPattern pattern = ScanArguments.pattern(call, 1);
        Selection selection = new Selection(call.nowMillis(), pattern, null);
        long mark = call.reply().reserveAggregate();
        long[] count = new long[1];
        call.keyspace()
                .traversal()
                .walk(
                        call.database().index(),
                        record -> {
                            if (selection.accepts(record)) {
                                count[0]++;
                                call.reply()
                                        .bulk(Record.keyAddress(record), Record.keyLength(record));
                            }
                        });
        call.reply().completeArray(mark, count[0]);
    }

    private static void scan(Call call) {
        long cursor = ScanArguments.cursor(call, 1);
        GlobPattern pattern = null;
        String type = null;
        long count = 10;
        for (int i = 2; i < call.count(); i += 2) {
            if (i + 1 >= call.count()) {
                throw Errors.SYNTAX;
            }
            if (call.is(i, "COUNT")) {
                count = ScanArguments.count(call, i + 1);
            } else if (call.is(i, "MATCH")) {
                pattern = ScanArguments.pattern(call, i + 1);
            } else if (call.is(i, "TYPE")) {
                type = call.text(i + 1).toLowerCase(Locale.ROOT);
            } else {
                throw Errors.SYNTAX;
            }
        }
        Selection selection = new Selection(call.nowMillis(), pattern, type);
        long next =
                call.keyspace()
                        .traversal()
                        .scan(
                                call.database().index(),
                                cursor,
                                (int) Math.min(count, Integer.MAX_VALUE),
                                selection::collect);
        selection.expire(call);
        call.reply().array(2);
        call.reply().bulk(Long.toUnsignedString(next));
        call.reply().array(selection.found.size());
        selection.found.forEach(call.reply()::bulk);
    }

    private static void randomkey(Call call) {
        byte[] key =
                call.keyspace()
                        .traversal()
                        .randomKey(call.database().index(), ThreadLocalRandom.current());
        if (key == null) {
            call.reply().nullBulk();
        } else {
            call.reply().bulk(key);
        }
    }

    private static void flushdb(Call call) {
        requireFlushMode(call);
        int database = call.database().index();
        call.keyspace().allChanging();
        call.flushed(database, call.keyspace().clear(database));
        call.reply().ok();
    }

    private static void flushall(Call call) {
        requireFlushMode(call);
        call.keyspace().allChanging();
        for (int i = 0; i < call.keyspace().databases(); i++) {
            call.flushed(i, call.keyspace().clear(i));
        }
        call.reply().ok();
    }

    private static void requireFlushMode(Call call) {
        boolean known =
                call.count() == 1
                        || (call.count() == 2 && (call.is(1, "ASYNC") || call.is(1, "SYNC")));
        if (!known) {
            throw Errors.SYNTAX;
        }
    }

    private static void swapdb(Call call) {
        int first = index(call, 1, INVALID_FIRST);
        int second = index(call, 2, INVALID_SECOND);
        Keyspace keyspace = call.keyspace();
        if (first < 0
                || second < 0
                || first >= keyspace.databases()
                || second >= keyspace.databases()) {
            throw Errors.DATABASE_OUT_OF_RANGE;
        }
        if (keyspace.isStamped()) {
            throw SWAP_WHILE_ACTIVE;
        }
        keyspace.allChanging();
        keyspace.swap(first, second);
        call.swapped();
        call.reply().ok();
    }

    private static int index(Call call, int i, CommandError otherwise) {
        long index = call.integer(i, otherwise);
        if (index != (int) index) {
            throw otherwise;
        }
        return (int) index;
    }

    /** Collects the keys that match a pattern and a type and have not expired. */
    private static final class Selection {
        private final long nowMillis;
        private final @Nullable GlobPattern pattern;
        private final @Nullable String type;
        private final List<byte[]> found = new ArrayList<>();
        private final List<byte[]> expired = new ArrayList<>(0);

        Selection(long nowMillis, @Nullable GlobPattern pattern, @Nullable String type) {
            this.nowMillis = nowMillis;
            this.pattern = pattern;
            this.type = type;
        }

        boolean accepts(long record) {
            return matches(record)
                    && (type == null || type.equals(Values.typeName(record)))
                    && !isExpired(record);
        }

        private boolean matches(long record) {
            return pattern == null
                    || Globs.matches(pattern, Record.keyAddress(record), Record.keyLength(record));
        }

        private boolean isExpired(long record) {
            return Record.hasExpiry(record) && Record.expiry(record) < nowMillis;
        }

        void collect(long record) {
            if (accepts(record)) {
                found.add(Memory.bytes(Record.keyAddress(record), Record.keyLength(record)));
            } else if (isExpired(record) && matches(record)) {
                expired.add(Memory.bytes(Record.keyAddress(record), Record.keyLength(record)));
            }
        }

        /** Whoever is met after its time is removed, as by any other command that looks at it. */
        void expire(Call call) {
            if (expired.isEmpty()) {
                return;
            }
            try (KeptKey kept = new KeptKey(call.keyspace().pages())) {
                for (byte[] bytes : expired) {
                    Key key = kept.keep(bytes);
                    Partition partition = call.keyspace().partitionOf(key);
                    partition.lock();
                    try {
                        call.database().peek(key);
                    } finally {
                        partition.unlock();
                    }
                }
            }
        }
    }
}
