package io.keydb.server.command.list;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.Group.LIST;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.structure.Record;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.list.ListType;
import io.keydb.server.value.list.SoughtText;
import java.util.List;

/** Searching lists for an element. */
public final class PositionCommands {
    private static final CommandError ZERO_RANK =
            new CommandError(
                    "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second"
                            + " ... or use negative to start from the end of the list");
    private static final CommandError LEAST_RANK =
            new CommandError(
                    "ERR value is out of range, value must between -9223372036854775807 and"
                            + " 9223372036854775807");
    private static final CommandError NEGATIVE_COUNT =
            new CommandError("ERR COUNT can't be negative");
    private static final CommandError NEGATIVE_MAXLEN =
            new CommandError("ERR MAXLEN can't be negative");

    static final Command LPOS =
            command("LPOS", LIST)
                    .since("6.0.6")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key element [RANK rank] [COUNT num-matches] [MAXLEN len]")
                    .summary("Gives the positions of elements that equal a given one.")
                    .complexity(
                            "O(N) where N is the number of elements in the list, for the average"
                                    + " case. When searching for elements near the head or the tail"
                                    + " of the list, or when the MAXLEN option is provided, the"
                                    + " command may run in constant time.")
                    .handledBy(PositionCommands::position);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(LPOS);

    private PositionCommands() {}

    /**
     * The options.
     *
     * @param rank which match is the first given; negative: from the end
     * @param count how many are given, 0 for all; negative: one, and not as an array
     * @param most how many elements are looked at
     */
    private record Options(long rank, long count, long most) {
        boolean severalWanted() {
            return count >= 0;
        }

        long limit() {
            return count < 0 ? 1 : count == 0 ? Long.MAX_VALUE : count;
        }
    }

    private static Options options(Call call) {
        long rank = 1;
        long count = -1;
        long most = 0;
        for (int i = 3; i < call.count(); i += 2) {
            boolean more = i + 1 < call.count();
            if (more && call.is(i, "RANK")) {
                rank = call.integer(i + 1);
                if (rank == 0) {
                    throw ZERO_RANK;
                }
                if (rank == Long.MIN_VALUE) {
                    throw LEAST_RANK;
                }
            } else if (more && call.is(i, "COUNT")) {
                count = notNegative(call, i + 1, NEGATIVE_COUNT);
            } else if (more && call.is(i, "MAXLEN")) {
                most = notNegative(call, i + 1, NEGATIVE_MAXLEN);
            } else {
                throw Errors.SYNTAX;
            }
        }
        return new Options(rank, count, most == 0 ? Long.MAX_VALUE : most);
    }

    private static long notNegative(Call call, int i, CommandError otherwise) {
        long value = call.integer(i, otherwise);
        if (value < 0) {
            throw otherwise;
        }
        return value;
    }

    private static void position(Call call) {
        Options options = options(call);
        long record = call.find(1, Record.LIST);
        if (record != 0) {
            call.expectWork(Math.min(options.most(), ListType.sizeOf(record)));
        }
        long mark = call.reply().reserveAggregate();
        long found = record == 0 ? 0 : search(call, record, options);
        if (options.severalWanted()) {
            call.reply().completeArray(mark, found);
        } else if (found == 0) {
            call.reply().nullBulk();
        }
    }

    /** Replies the positions; gives how many they are. */
    private static long search(Call call, long record, Options options) {
        SoughtText sought =
                new SoughtText().set(call.request().address(2), call.request().length(2));
        boolean forward = options.rank() > 0;
        long toSkip = Math.abs(options.rank()) - 1;
        long size = ListType.sizeOf(record);
        long most = Math.min(options.most(), size);
        long limit = options.limit();
        long found = 0;
        ListCursor cursor = ListCursor.ofThread();
        cursor.goToEnd(record, forward);
        for (long i = 0; i < most && found < limit; i++) {
            if (sought.is(cursor.entry()) && --toSkip < 0) {
                call.reply().integer(forward ? i : size - 1 - i);
                found++;
            }
            if (forward) {
                cursor.next();
            } else {
                cursor.previous();
            }
        }
        return found;
    }
}
