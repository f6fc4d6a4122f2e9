package io.keydb.server.command.sortedset;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SORTED_SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.structure.Record;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import java.util.List;

/** Ranges of sorted sets, by rank, score and text: shown, counted and stored. */
public final class RangeCommands {
    private static final String COST =
            "O(log(N)+M) where N is the size of the set and M the number of members shown.";
    private static final String LIMITED = "[LIMIT offset count]";

    static final Command ZRANGE =
            command("ZRANGE", SORTED_SET)
                    .since("1.2.0")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax(
                            "key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count]"
                                    + " [WITHSCORES]")
                    .summary("Shows members of a sorted set within a range.")
                    .complexity(COST)
                    .changed("6.2.0", "Added the `REV`, `BYSCORE`, `BYLEX` and `LIMIT` options.")
                    .handledBy(call -> show(call, RangeArguments.of(call, 2, false)));

    static final Command ZREVRANGE =
            command("ZREVRANGE", SORTED_SET)
                    .since("1.2.0")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key start stop [WITHSCORES]")
                    .summary("Shows members within a range of ranks, the greatest first.")
                    .complexity(COST)
                    .deprecated("6.2.0", "`ZRANGE` with the `REV` argument")
                    .handledBy(call -> show(call, Range.Kind.RANK, true));

    static final Command ZRANGEBYSCORE =
            command("ZRANGEBYSCORE", SORTED_SET)
                    .since("1.0.5")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key min max [WITHSCORES] " + LIMITED)
                    .summary("Shows members within a range of scores.")
                    .complexity(COST)
                    .changed("2.0.0", "Added the `WITHSCORES` modifier.")
                    .deprecated("6.2.0", "`ZRANGE` with the `BYSCORE` argument")
                    .handledBy(call -> show(call, Range.Kind.SCORE, false));

    static final Command ZREVRANGEBYSCORE =
            command("ZREVRANGEBYSCORE", SORTED_SET)
                    .since("2.2.0")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key max min [WITHSCORES] " + LIMITED)
                    .summary("Shows members within a range of scores, the greatest first.")
                    .complexity(COST)
                    .changed("2.1.6", "`min` and `max` can be exclusive.")
                    .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments")
                    .handledBy(call -> show(call, Range.Kind.SCORE, true));

    static final Command ZRANGEBYLEX =
            command("ZRANGEBYLEX", SORTED_SET)
                    .since("2.8.9")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key min max " + LIMITED)
                    .summary("Shows members within a range of text; all scores are to be equal.")
                    .complexity(COST)
                    .deprecated("6.2.0", "`ZRANGE` with the `BYLEX` argument")
                    .handledBy(call -> show(call, Range.Kind.TEXT, false));

    static final Command ZREVRANGEBYLEX =
            command("ZREVRANGEBYLEX", SORTED_SET)
                    .since("2.8.9")
                    .arity(-4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key max min " + LIMITED)
                    .summary("Shows members within a range of text, the greatest first.")
                    .complexity(COST)
                    .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments")
                    .handledBy(call -> show(call, Range.Kind.TEXT, true));

    static final Command ZCOUNT =
            command("ZCOUNT", SORTED_SET)
                    .since("2.0.0")
                    .arity(4)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key min max")
                    .summary("Counts the members within a range of scores.")
                    .complexity("O(log(N))")
                    .handledBy(call -> count(call, Range.Kind.SCORE));

    static final Command ZLEXCOUNT =
            command("ZLEXCOUNT", SORTED_SET)
                    .since("2.8.9")
                    .arity(4)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key min max")
                    .summary("Counts the members within a range of text.")
                    .complexity("O(log(N))")
                    .handledBy(call -> count(call, Range.Kind.TEXT));

    static final Command ZRANGESTORE =
            command("ZRANGESTORE", SORTED_SET)
                    .since("6.2.0")
                    .arity(-5)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), at(2, RO, ACCESS))
                    .syntax("dst src min max [BYSCORE | BYLEX] [REV] " + LIMITED)
                    .summary("Stores members within a range as a sorted set.")
                    .complexity(
                            "O(log(N)+M) where N is the size of the set and M the number of"
                                    + " members stored.")
                    .handledBy(RangeCommands::store);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(
                    ZRANGE,
                    ZREVRANGE,
                    ZRANGEBYSCORE,
                    ZREVRANGEBYSCORE,
                    ZRANGEBYLEX,
                    ZREVRANGEBYLEX,
                    ZCOUNT,
                    ZLEXCOUNT,
                    ZRANGESTORE);

    private RangeCommands() {}

    private static void show(Call call, Range.Kind kind, boolean reverse) {
        show(call, RangeArguments.of(call, kind, reverse));
    }

    private static void show(Call call, RangeArguments arguments) {
        long record = call.find(1, Record.SORTED_SET);
        Span span = arguments.span(record);
        call.expectWork(span.count());
        MemberReply.range(call, record, span, arguments.isReverse(), arguments.isWithScores());
    }

    private static void count(Call call, Range.Kind kind) {
        Range range = Range.of(call, kind, 2, 3, false);
        long record = call.find(1, Record.SORTED_SET);
        call.reply().integer(record == 0 ? 0 : range.span(record).count());
    }

    private static void store(Call call) {
        RangeArguments arguments = RangeArguments.of(call, 3, true);
        long record = call.find(2, Record.SORTED_SET);
        Span span = arguments.span(record);
        call.expectWork(span.count());
        try (Draft draft = new Draft(call.database(), call.key(1))) {
            SortedSetCursor cursor = new SortedSetCursor();
            boolean is = span.count() > 0 && cursor.at(record, span.from());
            for (long left = span.count(); left > 0 && is; left--) {
                SortedSet.insert(draft, cursor.member(), cursor.score());
                is = cursor.next();
            }
            Results.store(call, draft, "zrangestore");
        }
    }
}
