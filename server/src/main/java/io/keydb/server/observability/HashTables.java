package io.keydb.server.observability;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.TableFigures;
import io.keydb.server.value.Values;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * DEBUG HTSTATS and HTSTATS-KEY: how the hash tables of a database, or of one value, are filled, in
 * the form in which stock tells it. Tables here have no chains: in their place stands how far
 * records lie behind the slot where a search for them begins.
 *
 * <p>Threads: stateless; takes the lock of one partition at a time.
 */
final class HashTables {
    private static final CommandError OUT_OF_RANGE = new CommandError("ERR Out of range database");
    private static final CommandError NO_TABLE =
            new CommandError(
                    "ERR The value stored at the specified key is not represented using an hash"
                            + " table");

    private HashTables() {}

    /** DEBUG HTSTATS dbid [full]. */
    static void ofDatabase(Call call) {
        long index = call.integer(2);
        Keyspace keyspace = call.keyspace();
        if (index < 0 || index >= keyspace.databases()) {
            throw OUT_OF_RANGE;
        }
        int database = (int) index;
        boolean full = isFull(call);
        String records = text(sum(keyspace, part -> part.records(database)), full);
        String expires = text(sum(keyspace, part -> part.expires(database)), full);
        reply(call, "[Dictionary HT]\n" + records + "[Expires HT]\n" + expires);
    }

    private static TableFigures sum(Keyspace keyspace, ToLongFunction<Partition> table) {
        TableFigures figures = new TableFigures();
        for (int i = 0; i < keyspace.partitions(); i++) {
            Partition partition = keyspace.partition(i);
            partition.lock();
            try {
                figures.add(table.applyAsLong(partition));
            } finally {
                partition.unlock();
            }
        }
        return figures;
    }

    /** DEBUG HTSTATS-KEY key [full]. */
    static void ofKey(Call call) {
        TableFigures figures = new TableFigures();
        try (KeptKey kept = new KeptKey(call.keyspace().pages())) {
            Key key = kept.keep(call.request().bytes(2));
            Partition partition = call.keyspace().partitionOf(key);
            partition.lock();
            try {
                long record = call.database().stored(key);
                if (record == 0) {
                    throw Errors.NO_SUCH_KEY;
                }
                figures.add(tableOf(record));
            } finally {
                partition.unlock();
            }
        }
        reply(call, text(figures, isFull(call)));
    }

    private static long tableOf(long record) {
        return switch (Values.encodingName(record)) {
            case "hashtable", "skiplist" -> Record.number(record);
            default -> throw NO_TABLE;
        };
    }

    private static boolean isFull(Call call) {
        return call.count() > 3 && call.is(3, "FULL");
    }

    private static String text(TableFigures figures, boolean full) {
        StringBuilder text = new StringBuilder("Hash table 0 stats (main hash table):\n");
        if (figures.records() == 0) {
            return text.append("No stats available for empty dictionaries\n").toString();
        }
        text.append(" table size: ").append(figures.slots()).append('\n');
        text.append(" number of elements: ").append(figures.records()).append('\n');
        if (full) {
            text.append(" segments: ").append(figures.segments()).append('\n');
            text.append(" Probe distance distribution:\n");
            for (int distance = 0; distance < figures.distances(); distance++) {
                appendDistance(text, figures, distance);
            }
        }
        return text.toString();
    }

    private static void appendDistance(StringBuilder text, TableFigures figures, int distance) {
        long count = figures.atDistance(distance);
        if (count > 0) {
            double percent = 100.0 * count / figures.records();
            text.append(
                    String.format(Locale.ROOT, "   %d: %d (%.2f%%)\n", distance, count, percent));
        }
    }

    private static void reply(Call call, String text) {
        call.reply().verbatim("txt", text.getBytes(StandardCharsets.US_ASCII));
    }
}
