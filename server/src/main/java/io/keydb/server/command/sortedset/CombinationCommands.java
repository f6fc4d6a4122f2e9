package io.keydb.server.command.sortedset;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SORTED_SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.counted;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.sortedset.Combination.Operation;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.value.sortedset.SortedSet;
import java.util.List;

/** Unions, intersections and differences of sorted sets; sets are taken as inputs, too. */
public final class CombinationCommands {
    private static final String UNION_COST =
            "O(N)+O(M*log(M)) where N is the sum of the sizes and M that of the result.";
    private static final String INTERSECTION_COST =
            "O(N*K)+O(M*log(M)) where N is the smallest size, K the number of inputs and M the"
                    + " size of the result.";
    private static final String DIFFERENCE_COST =
            "O(N*K)+O(M*log(M)) where N is the size of the first input, K the number of inputs"
                    + " and M the size of the result.";
    private static final String AGGREGATED =
            " [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]";

    static final Command ZUNION =
            command("ZUNION", SORTED_SET)
                    .since("6.2.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(counted(1, RO, ACCESS))
                    .syntax("numkeys key [key ...]" + AGGREGATED + " [WITHSCORES]")
                    .summary("Shows the members of any of the sorted sets.")
                    .complexity(UNION_COST)
                    .handledBy(call -> show(call, Operation.UNION));

    static final Command ZINTER =
            command("ZINTER", SORTED_SET)
                    .since("6.2.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(counted(1, RO, ACCESS))
                    .syntax("numkeys key [key ...]" + AGGREGATED + " [WITHSCORES]")
                    .summary("Shows the members that all of the sorted sets have.")
                    .complexity(INTERSECTION_COST)
                    .handledBy(call -> show(call, Operation.INTERSECTION));

    static final Command ZDIFF =
            command("ZDIFF", SORTED_SET)
                    .since("6.2.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(counted(1, RO, ACCESS))
                    .syntax("numkeys key [key ...] [WITHSCORES]")
                    .summary("Shows the members of the first sorted set that no other has.")
                    .complexity(DIFFERENCE_COST)
                    .handledBy(call -> show(call, Operation.DIFFERENCE));

    static final Command ZUNIONSTORE =
            command("ZUNIONSTORE", SORTED_SET)
                    .since("2.0.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), counted(2, RO, ACCESS))
                    .syntax("destination numkeys key [key ...]" + AGGREGATED)
                    .summary("Stores the members of any of the sorted sets.")
                    .complexity(UNION_COST)
                    .handledBy(call -> store(call, Operation.UNION, "zunionstore"));

    static final Command ZINTERSTORE =
            command("ZINTERSTORE", SORTED_SET)
                    .since("2.0.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), counted(2, RO, ACCESS))
                    .syntax("destination numkeys key [key ...]" + AGGREGATED)
                    .summary("Stores the members that all of the sorted sets have.")
                    .complexity(INTERSECTION_COST)
                    .handledBy(call -> store(call, Operation.INTERSECTION, "zinterstore"));

    static final Command ZDIFFSTORE =
            command("ZDIFFSTORE", SORTED_SET)
                    .since("6.2.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), counted(2, RO, ACCESS))
                    .syntax("destination numkeys key [key ...]")
                    .summary("Stores the members of the first sorted set that no other has.")
                    .complexity(DIFFERENCE_COST)
                    .handledBy(call -> store(call, Operation.DIFFERENCE, "zdiffstore"));

    static final Command ZINTERCARD =
            command("ZINTERCARD", SORTED_SET)
                    .since("7.0.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(counted(1, RO, ACCESS))
                    .syntax("numkeys key [key ...] [LIMIT limit]")
                    .summary("Counts the members that all of the sorted sets have.")
                    .complexity("O(N*K) where N is the smallest size and K the number of inputs.")
                    .handledBy(CombinationCommands::zintercard);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(ZUNION, ZINTER, ZDIFF, ZUNIONSTORE, ZINTERSTORE, ZDIFFSTORE, ZINTERCARD);

    private CombinationCommands() {}

    private static void show(Call call, Operation operation) {
        Combination combination = new Combination(call, 1, operation, false);
        call.expectWork(combination.work());
        try (Draft result = new Draft(call.database(), call.key(2))) {
            combination.combineInto(result);
            Span all = new Span(0, SortedSet.size(result.record()));
            MemberReply.range(call, result.record(), all, false, combination.isWithScores());
        }
    }

    private static void store(Call call, Operation operation, String event) {
        Combination combination = new Combination(call, 2, operation, false);
        call.expectWork(combination.work());
        try (Draft result = new Draft(call.database(), call.key(1))) {
            combination.combineInto(result);
            SortedSet.compact(result);
            Results.store(call, result, event);
        }
    }

    private static void zintercard(Call call) {
        Combination combination = new Combination(call, 1, Operation.INTERSECTION, true);
        call.expectWork(combination.work());
        Allocator allocator = call.database().allocator(call.key(2));
        long scratch = allocator.allocate(DecimalText.LONGEST);
        call.reply().integer(combination.countCommon(scratch));
        allocator.free(scratch, DecimalText.LONGEST);
    }
}
