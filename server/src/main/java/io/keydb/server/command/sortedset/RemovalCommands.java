package io.keydb.server.command.sortedset;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SORTED_SET;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.sortedset.SortedSet;
import java.util.List;

/** Ranges removed from sorted sets, by rank, score and text. */
public final class RemovalCommands {
    private static final String COST =
            "O(log(N)+M) where N is the size of the set and M the number of members removed.";

    static final Command ZREMRANGEBYRANK =
            command("ZREMRANGEBYRANK", SORTED_SET)
                    .since("2.0.0")
                    .arity(4)
                    .flags(WRITE)
                    .keys(at(1, RW, DELETE))
                    .syntax("key start stop")
                    .summary("Removes the members within a range of ranks.")
                    .complexity(COST)
                    .handledBy(call -> remove(call, Range.Kind.RANK, "zremrangebyrank"));

    static final Command ZREMRANGEBYSCORE =
            command("ZREMRANGEBYSCORE", SORTED_SET)
                    .since("1.2.0")
                    .arity(4)
                    .flags(WRITE)
                    .keys(at(1, RW, DELETE))
                    .syntax("key min max")
                    .summary("Removes the members within a range of scores.")
                    .complexity(COST)
                    .handledBy(call -> remove(call, Range.Kind.SCORE, "zremrangebyscore"));

    static final Command ZREMRANGEBYLEX =
            command("ZREMRANGEBYLEX", SORTED_SET)
                    .since("2.8.9")
                    .arity(4)
                    .flags(WRITE)
                    .keys(at(1, RW, DELETE))
                    .syntax("key min max")
                    .summary("Removes the members within a range of text.")
                    .complexity(COST)
                    .handledBy(call -> remove(call, Range.Kind.TEXT, "zremrangebylex"));

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(ZREMRANGEBYRANK, ZREMRANGEBYSCORE, ZREMRANGEBYLEX);

    private RemovalCommands() {}

    private static void remove(Call call, Range.Kind kind, String event) {
        Range range = Range.of(call, kind, 2, 3, false);
        Entry set = call.entry(1, Record.SORTED_SET);
        Span span = set.exists() ? range.span(set.record()) : Span.EMPTY;
        long removed = span.count();
        if (removed > 0) {
            call.expectWork(removed);
            if (removed == SortedSet.size(set.record())) {
                set.remove();
            } else {
                SortedSet.removeRange(set, span.from(), removed);
            }
            call.touched(set.key(), removed);
            call.event(EventClass.SORTED_SET, event, set.key());
            if (!set.exists()) {
                call.event(EventClass.GENERIC, "del", set.key());
            }
        }
        call.reply().integer(removed);
    }
}
