package io.keydb.server.command.sortedset;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.Group.SORTED_SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.structure.Record;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** ZRANDMEMBER. Members are drawn by their positions. */
public final class SampleCommands {
    private static final CommandError COUNT_TOO_LOW =
            new CommandError(
                    "ERR value is out of range, value must between -9223372036854775807 and"
                            + " 9223372036854775807");

    static final Command ZRANDMEMBER =
            command("ZRANDMEMBER", SORTED_SET)
                    .since("6.2.0")
                    .arity(-2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [count [WITHSCORES]]")
                    .summary("Shows members of a sorted set at random.")
                    .complexity("O(N*log(M)) for N members shown of a set of M.")
                    .tips("nondeterministic_output")
                    .handledBy(SampleCommands::zrandmember);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(ZRANDMEMBER);

    private SampleCommands() {}

    private static void zrandmember(Call call) {
        if (call.count() == 2) {
            one(call);
            return;
        }
        long count = call.integer(2);
        if (count == Long.MIN_VALUE) {
            throw COUNT_TOO_LOW;
        }
        boolean withScores = call.count() == 4 && call.is(3, "WITHSCORES");
        if (call.count() > 3 && !withScores) {
            throw Errors.SYNTAX;
        }
        if (withScores && Math.abs(count) > Long.MAX_VALUE / 2) {
            throw Errors.VALUE_OUT_OF_RANGE;
        }
        long record = call.find(1, Record.SORTED_SET);
        long size = SortedSet.size(record);
        if (size == 0 || count == 0) {
            call.reply().array(0);
        } else if (count < 0) {
            call.expectWork(-count);
            repeating(call, record, -count, withScores);
        } else {
            call.expectWork(Math.min(count, size));
            distinct(call, record, Math.min(count, size), withScores);
        }
    }

    private static void one(Call call) {
        long record = call.find(1, Record.SORTED_SET);
        if (record == 0) {
            call.reply().nullBulk();
            return;
        }
        SortedSetCursor cursor = new SortedSetCursor();
        cursor.at(record, random().nextLong(SortedSet.size(record)));
        call.bulk(cursor.member());
    }

    /** Each drawn from all members. */
    private static void repeating(Call call, long record, long count, boolean withScores) {
        MemberReply.header(call, count, withScores);
        SortedSetCursor cursor = new SortedSetCursor();
        long size = SortedSet.size(record);
        for (long i = 0; i < count; i++) {
            cursor.at(record, random().nextLong(size));
            MemberReply.member(call, cursor, withScores);
        }
    }

    /** Each member at most once. */
    private static void distinct(Call call, long record, long count, boolean withScores) {
        MemberReply.header(call, count, withScores);
        SortedSetCursor cursor = new SortedSetCursor();
        long size = SortedSet.size(record);
        if (count * 4 > size) {
            // Goes through all, and takes each with the chance that is left for it.
            long needed = count;
            boolean is = cursor.at(record, 0);
            for (long left = size; needed > 0 && is; left--) {
                if (random().nextLong(left) < needed) {
                    MemberReply.member(call, cursor, withScores);
                    needed--;
                }
                is = needed > 0 && cursor.next();
            }
            return;
        }
        PositionSet drawn = new PositionSet((int) count);
        while (drawn.size() < count) {
            long position = random().nextLong(size);
            if (drawn.add(position)) {
                cursor.at(record, position);
                MemberReply.member(call, cursor, withScores);
            }
        }
    }

    private static RandomGenerator random() {
        return ThreadLocalRandom.current();
    }
}
