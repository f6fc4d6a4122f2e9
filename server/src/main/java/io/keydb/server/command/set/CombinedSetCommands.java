package io.keydb.server.command.set;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.counted;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.value.Element;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.set.SetValue;
import java.util.List;

/**
 * Sets made of other sets: intersection, union, difference, replied or stored. How they are worked
 * out is {@link Combination}'s business.
 */
public final class CombinedSetCommands {
    private static final CommandError NO_KEYS =
            new CommandError("ERR numkeys should be greater than 0");
    private static final CommandError TOO_MANY_KEYS =
            new CommandError("ERR Number of keys can't be greater than number of args");
    private static final CommandError NEGATIVE_LIMIT =
            new CommandError("ERR LIMIT can't be negative");

    private static final String INTERSECTION_COST =
            "O(N*M) where N is the size of the smallest set and M is the number of sets.";
    private static final String SUM_COST = "O(N) where N is the number of members of all sets.";

    static final Command SINTER =
            command("SINTER", SET)
                    .arity(-2)
                    .flags(READONLY)
                    .keys(range(1, -1, 1, RO, ACCESS))
                    .syntax("key [key ...]")
                    .summary("Gives the members that all of the sets have.")
                    .complexity(INTERSECTION_COST)
                    .tips("nondeterministic_output_order")
                    .handledBy(CombinedSetCommands::sinter);

    static final Command SINTERCARD =
            command("SINTERCARD", SET)
                    .since("7.0.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(counted(1, RO, ACCESS))
                    .syntax("numkeys key [key ...] [LIMIT limit]")
                    .summary("Tells how many members all of the sets have, up to a limit.")
                    .complexity(INTERSECTION_COST)
                    .handledBy(CombinedSetCommands::sintercard);

    static final Command SINTERSTORE =
            command("SINTERSTORE", SET)
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, UPDATE), range(2, -1, 1, RO, ACCESS))
                    .syntax("destination key [key ...]")
                    .summary("Makes a set of the members that all of the sets have.")
                    .complexity(INTERSECTION_COST)
                    .handledBy(call -> store(call, "sinterstore", Combination::intersect));

    static final Command SUNION =
            command("SUNION", SET)
                    .arity(-2)
                    .flags(READONLY)
                    .keys(range(1, -1, 1, RO, ACCESS))
                    .syntax("key [key ...]")
                    .summary("Gives the members that any of the sets has.")
                    .complexity(SUM_COST)
                    .tips("nondeterministic_output_order")
                    .handledBy(call -> reply(call, Combination::unite));

    static final Command SUNIONSTORE =
            command("SUNIONSTORE", SET)
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), range(2, -1, 1, RO, ACCESS))
                    .syntax("destination key [key ...]")
                    .summary("Makes a set of the members that any of the sets has.")
                    .complexity(SUM_COST)
                    .handledBy(call -> store(call, "sunionstore", Combination::unite));

    static final Command SDIFF =
            command("SDIFF", SET)
                    .arity(-2)
                    .flags(READONLY)
                    .keys(range(1, -1, 1, RO, ACCESS))
                    .syntax("key [key ...]")
                    .summary("Gives the members of a set that none of the others has.")
                    .complexity(SUM_COST)
                    .tips("nondeterministic_output_order")
                    .handledBy(call -> reply(call, Combination::subtract));

    static final Command SDIFFSTORE =
            command("SDIFFSTORE", SET)
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, OW, UPDATE), range(2, -1, 1, RO, ACCESS))
                    .syntax("destination key [key ...]")
                    .summary("Makes a set of the members that none of the other sets has.")
                    .complexity(SUM_COST)
                    .handledBy(call -> store(call, "sdiffstore", Combination::subtract));

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(SINTER, SINTERCARD, SINTERSTORE, SUNION, SUNIONSTORE, SDIFF, SDIFFSTORE);

    private CombinedSetCommands() {}

    /** What makes one set of several. */
    private interface Operation {
        void run(Combination sets, Draft result);
    }

    private static void sinter(Call call) {
        try (Combination sets = Combination.of(call, 1)) {
            call.expectWork(sets.leastSize());
            long mark = call.reply().reserveAggregate();
            long count = 0;
            Element member = sets.beginIntersection();
            while (sets.nextCommon()) {
                call.bulk(member);
                count++;
            }
            call.reply().completeSet(mark, count);
        }
    }

    private static void sintercard(Call call) {
        long keys = call.integer(1, NO_KEYS);
        if (keys < 1) {
            throw NO_KEYS;
        }
        if (keys > call.count() - 2) {
            throw TOO_MANY_KEYS;
        }
        long limit = 0;
        for (int i = (int) keys + 2; i < call.count(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
                throw Errors.SYNTAX;
            }
            limit = call.integer(i + 1, NEGATIVE_LIMIT);
            if (limit < 0) {
                throw NEGATIVE_LIMIT;
            }
        }
        try (Combination sets = new Combination(call, 2, (int) keys)) {
            call.expectWork(sets.leastSize());
            long count = 0;
            sets.beginIntersection();
            while ((limit == 0 || count < limit) && sets.nextCommon()) {
                count++;
            }
            call.reply().integer(count);
        }
    }

    private static void reply(Call call, Operation operation) {
        try (Combination sets = Combination.of(call, 1);
                Draft result = new Draft(call.database(), call.key(1))) {
            call.expectWork(sets.sumOfSizes());
            operation.run(sets, result);
            call.reply().set(SetValue.size(result.record()));
            SetCursor cursor = new SetCursor(result.record());
            while (cursor.next()) {
                call.bulk(cursor.element());
            }
        }
    }

    private static void store(Call call, String event, Operation operation) {
        try (Combination sets = Combination.of(call, 2);
                Draft result = new Draft(call.database(), call.key(1))) {
            call.expectWork(sets.sumOfSizes());
            operation.run(sets, result);
            store(call, event, result);
        }
    }

    /** Puts the result in the place of what the first key holds; an empty one deletes it. */
    private static void store(Call call, String event, Draft result) {
        Key destination = call.key(1);
        long size = result.record() == 0 ? 0 : SetValue.size(result.record());
        if (size > 0) {
            result.publish();
            call.touched(destination);
            call.event(EventClass.SET, event, destination);
        } else if (call.database().delete(destination)) {
            call.touched(destination);
            call.event(EventClass.GENERIC, "del", destination);
        }
        call.reply().integer(size);
    }
}
