package io.keydb.server.command.hash;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.Group.HASH;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.ScanArguments;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.structure.Record;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Members;
import io.keydb.server.value.hash.HashCursor;
import io.keydb.server.value.hash.HashValue;
import io.keydb.server.value.hash.RandomFields;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Walking over the fields of a hash in portions, and fields at random. */
public final class FieldWalkCommands {
    private static final CommandError COUNT_OUT_OF_RANGE =
            new CommandError(
                    "ERR value is out of range, value must between -9223372036854775807 and"
                            + " 9223372036854775807");

    /** An empty field takes so many bytes of a reply. */
    private static final int LEAST_BYTES_PER_FIELD = 6;

    static final Command HSCAN =
            command("HSCAN", HASH)
                    .since("2.8.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key cursor [MATCH pattern] [COUNT count]")
                    .summary("Walks over the fields of a hash in portions.")
                    .complexity(
                            "O(1) for every call. O(N) for a complete iteration, including enough"
                                    + " command calls for the cursor to return back to 0. N is the"
                                    + " number of elements inside the collection.")
                    .tips("nondeterministic_output")
                    .handledBy(FieldWalkCommands::hscan);

    static final Command HRANDFIELD =
            command("HRANDFIELD", HASH)
                    .since("6.2.0")
                    .arity(-2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [count [WITHVALUES]]")
                    .summary("Gives fields of a hash at random.")
                    .complexity("O(N) where N is the number of fields returned")
                    .tips("nondeterministic_output")
                    .handledBy(FieldWalkCommands::hrandfield);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(HSCAN, HRANDFIELD);

    private FieldWalkCommands() {}

    private static void hscan(Call call) {
        long cursor = ScanArguments.cursor(call, 2);
        Entry hash = call.entry(1, Record.HASH);
        if (!hash.exists()) {
            call.reply().array(2);
            call.reply().bulkInteger(0);
            call.reply().array(0);
            return;
        }
        ScanArguments arguments = ScanArguments.of(call, 3);
        call.expectWork(Math.min(arguments.count(), HashValue.size(hash.record())));
        Portion portion = new Portion(call, arguments);
        call.reply().array(2);
        if (HashValue.isTable(hash.record())) {
            portion.ofTable(hash, cursor);
        } else {
            portion.ofListpack(hash);
        }
    }

    /** What one call of HSCAN shows. */
    private static final class Portion {
        private final Call call;
        private final ScanArguments arguments;
        private final HashCursor cursor = new HashCursor();
        private long shown;

        Portion(Call call, ScanArguments arguments) {
            this.call = call;
            this.arguments = arguments;
        }

        /** A listpack is shown at once. */
        void ofListpack(Entry hash) {
            call.reply().bulkInteger(0);
            long mark = call.reply().reserveAggregate();
            for (cursor.begin(hash.record(), hash.moment()); cursor.next(); ) {
                show();
            }
            call.reply().completeArray(mark, shown);
        }

        /** The next cursor comes before the fields, so it has to be found out first. */
        void ofTable(Entry hash, long from) {
            long root = Record.number(hash.record());
            long moment = hash.moment();
            long next = RecordTable.scan(root, from, arguments.count(), field -> {});
            call.reply().bulk(Long.toUnsignedString(next));
            long mark = call.reply().reserveAggregate();
            RecordTable.scan(
                    root,
                    from,
                    arguments.count(),
                    field -> {
                        if (!Members.isExpired(field, moment)) {
                            cursor.show(field);
                            show();
                        }
                    });
            call.reply().completeArray(mark, shown);
        }

        private void show() {
            if (arguments.accepts(cursor.field(), call.scratch())) {
                call.bulk(cursor.field());
                call.bulk(cursor.value());
                shown += 2;
            }
        }
    }

    private static void hrandfield(Call call) {
        if (call.count() == 2) {
            Entry hash = call.entry(1, Record.HASH);
            RandomFields fields = fields(hash);
            if (fields == null) {
                call.reply().nullBulk();
            } else {
                fields.draw();
                call.bulk(fields.field());
            }
            return;
        }
        long count = call.integer(2);
        if (count == Long.MIN_VALUE) {
            throw COUNT_OUT_OF_RANGE;
        }
        boolean withValues = call.count() == 4 && call.is(3, "WITHVALUES");
        if (call.count() > 4 || (call.count() == 4 && !withValues)) {
            throw Errors.SYNTAX;
        }
        if (withValues && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
            throw Errors.VALUE_OUT_OF_RANGE;
        }
        Entry hash = call.entry(1, Record.HASH);
        RandomFields fields = fields(hash);
        if (fields == null || count == 0) {
            call.reply().array(0);
        } else if (count < 0) {
            drawRepeatedly(call, fields, -count, withValues);
        } else {
            drawDistinct(call, fields, Math.min(count, fields.size()), withValues);
        }
    }

    private static @Nullable RandomFields fields(Entry hash) {
        if (!hash.exists()) {
            return null;
        }
        RandomFields fields =
                new RandomFields(hash.record(), hash.moment(), ThreadLocalRandom.current());
        return fields.size() == 0 ? null : fields;
    }

    private static void drawRepeatedly(
            Call call, RandomFields fields, long count, boolean withValues) {
        if (count > call.memoryForReply() / LEAST_BYTES_PER_FIELD) {
            throw Errors.VALUE_OUT_OF_RANGE;
        }
        call.expectWork(count);
        beginReply(call, count, withValues);
        for (long i = 0; i < count; i++) {
            fields.draw();
            reply(call, fields, withValues);
        }
    }

    private static void drawDistinct(
            Call call, RandomFields fields, long count, boolean withValues) {
        call.expectWork(count);
        beginReply(call, count, withValues);
        fields.beginDistinct(count);
        while (fields.nextDistinct()) {
            reply(call, fields, withValues);
        }
    }

    private static void beginReply(Call call, long count, boolean withValues) {
        boolean flat = withValues && call.reply().protocol() == 2;
        call.reply().array(flat ? count * 2 : count);
    }

    private static void reply(Call call, RandomFields fields, boolean withValues) {
        if (withValues && call.reply().protocol() > 2) {
            call.reply().array(2);
        }
        call.bulk(fields.field());
        if (withValues) {
            call.bulk(fields.value());
        }
    }
}
