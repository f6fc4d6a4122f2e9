package io.keydb.server.command.sortedset;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.BLOCKING;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SORTED_SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.counted;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The least or greatest members taken out of sorted sets, at once or as soon as there are any. */
public final class PopCommands {
    private static final byte[] ZPOPMIN_NAME = "ZPOPMIN".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ZPOPMAX_NAME = "ZPOPMAX".getBytes(StandardCharsets.US_ASCII);

    private static final CommandError TOO_FEW_KEYS =
            new CommandError("ERR numkeys should be greater than 0");
    private static final CommandError TOO_FEW_MEMBERS =
            new CommandError("ERR count should be greater than 0");

    private static final String COST =
            "O(log(N)*M) where N is the size of the set and M the number of members taken out.";

    static final Command ZPOPMIN =
            command("ZPOPMIN", SORTED_SET)
                    .since("5.0.0")
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key [count]")
                    .summary("Takes the members with the least scores out of a sorted set.")
                    .complexity(COST)
                    .handledBy(call -> pop(call, false));

    static final Command ZPOPMAX =
            command("ZPOPMAX", SORTED_SET)
                    .since("5.0.0")
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key [count]")
                    .summary("Takes the members with the greatest scores out of a sorted set.")
                    .complexity(COST)
                    .handledBy(call -> pop(call, true));

    static final Command BZPOPMIN =
            command("BZPOPMIN", SORTED_SET)
                    .since("5.0.0")
                    .arity(-3)
                    .flags(WRITE, FAST, BLOCKING)
                    .keys(range(1, -2, 1, RW, ACCESS, DELETE))
                    .syntax("key [key ...] timeout")
                    .summary(
                            "Takes the member with the least score out of the first sorted set"
                                    + " that has any; waits for one.")
                    .complexity("O(log(N)) where N is the size of the set.")
                    .changed("6.0.0", "`timeout` is interpreted as a double instead of an integer.")
                    .handledBy(call -> waitingPop(call, false));

    static final Command BZPOPMAX =
            command("BZPOPMAX", SORTED_SET)
                    .since("5.0.0")
                    .arity(-3)
                    .flags(WRITE, FAST, BLOCKING)
                    .keys(range(1, -2, 1, RW, ACCESS, DELETE))
                    .syntax("key [key ...] timeout")
                    .summary(
                            "Takes the member with the greatest score out of the first sorted set"
                                    + " that has any; waits for one.")
                    .complexity("O(log(N)) where N is the size of the set.")
                    .changed("6.0.0", "`timeout` is interpreted as a double instead of an integer.")
                    .handledBy(call -> waitingPop(call, true));

    static final Command ZMPOP =
            command("ZMPOP", SORTED_SET)
                    .since("7.0.0")
                    .arity(-4)
                    .flags(WRITE)
                    .keys(counted(1, RW, ACCESS, DELETE))
                    .syntax("numkeys key [key ...] <MIN | MAX> [COUNT count]")
                    .summary("Takes members out of the first sorted set that has any.")
                    .complexity("O(K)+" + COST)
                    .handledBy(call -> popOfSeveral(call, 1));

    static final Command BZMPOP =
            command("BZMPOP", SORTED_SET)
                    .since("7.0.0")
                    .arity(-5)
                    .flags(WRITE, BLOCKING)
                    .keys(counted(2, RW, ACCESS, DELETE))
                    .syntax("timeout numkeys key [key ...] <MIN | MAX> [COUNT count]")
                    .summary(
                            "Takes members out of the first sorted set that has any; waits for"
                                    + " one.")
                    .complexity("O(K)+" + COST)
                    .handledBy(call -> popOfSeveral(call, 2));

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(ZPOPMIN, ZPOPMAX, BZPOPMIN, BZPOPMAX, ZMPOP, BZMPOP);

    private PopCommands() {}

    private static void pop(Call call, boolean greatest) {
        if (call.count() > 3) {
            throw Errors.SYNTAX;
        }
        boolean counts = call.count() == 3;
        long count = counts ? call.integer(2, Errors.NOT_POSITIVE) : 1;
        if (count < 0) {
            throw Errors.NOT_POSITIVE;
        }
        Entry set = call.entry(1, Record.SORTED_SET);
        long taken = Math.min(count, SortedSet.size(set.record()));
        call.expectWork(taken);
        boolean nested = counts && call.reply().protocol() > 2;
        call.reply().array(nested ? taken : taken * 2);
        take(call, set, taken, greatest, nested);
    }

    private static void waitingPop(Call call, boolean greatest) {
        int last = call.count() - 2;
        long timeout = call.timeout(last + 1);
        Entry set = firstOf(call, 1, last);
        if (set == null) {
            call.block(timeout, Record.SORTED_SET, 1, last);
            return;
        }
        call.reply().array(3);
        call.reply().bulk(set.key().address(), set.key().length());
        tell(call, set, 2, greatest);
        take(call, set, 1, greatest, false);
    }

    /** ZMPOP, and BZMPOP with a timeout before the number of keys. */
    private static void popOfSeveral(Call call, int countAt) {
        long keys = call.integer(countAt, TOO_FEW_KEYS);
        if (keys < 1) {
            throw TOO_FEW_KEYS;
        }
        if (keys >= call.count() - countAt - 1L) {
            throw Errors.SYNTAX;
        }
        int last = countAt + (int) keys;
        boolean greatest = call.is(last + 1, "MAX");
        if (!greatest && !call.is(last + 1, "MIN")) {
            throw Errors.SYNTAX;
        }
        long count = count(call, last + 2);
        boolean waits = countAt == 2;
        long timeout = waits ? call.timeout(1) : 0;
        Entry set = firstOf(call, countAt + 1, last);
        if (set != null) {
            popOf(call, set, count, greatest);
        } else if (waits) {
            call.block(timeout, Record.SORTED_SET, countAt + 1, last);
        } else {
            call.reply().nullArray();
        }
    }

    private static long count(Call call, int first) {
        if (first == call.count()) {
            return 1;
        }
        if (first + 2 > call.count() || !call.is(first, "COUNT")) {
            throw Errors.SYNTAX;
        }
        long count = call.integer(first + 1, TOO_FEW_MEMBERS);
        if (count < 1) {
            throw TOO_FEW_MEMBERS;
        }
        if (first + 2 < call.count()) {
            throw Errors.SYNTAX;
        }
        return count;
    }

    private static void popOf(Call call, Entry set, long count, boolean greatest) {
        long taken = Math.min(count, SortedSet.size(set.record()));
        call.expectWork(taken);
        call.reply().array(2);
        call.reply().bulk(set.key().address(), set.key().length());
        call.reply().array(taken);
        tell(call, set, 3, greatest).argument(taken);
        take(call, set, taken, greatest, true);
    }

    /** The first of the keys that is there; null when there is none. */
    private static @Nullable Entry firstOf(Call call, int first, int last) {
        for (int i = first; i <= last; i++) {
            Entry set = call.entry(i, Record.SORTED_SET);
            if (set.exists()) {
                return set;
            }
        }
        return null;
    }

    /** Tells the log which set it was. */
    private static Effects tell(Call call, Entry set, int arguments, boolean greatest) {
        return call.effects()
                .command(set.database().index(), arguments)
                .argument(greatest ? ZPOPMAX_NAME : ZPOPMIN_NAME)
                .argument(set.key().address(), set.key().length());
    }

    /** Replies members and scores and takes them out. */
    private static void take(Call call, Entry set, long taken, boolean greatest, boolean nested) {
        if (taken == 0) {
            return;
        }
        long size = SortedSet.size(set.record());
        SortedSetCursor cursor = new SortedSetCursor();
        boolean is = cursor.at(set.record(), greatest ? size - 1 : 0);
        for (long left = taken; left > 0 && is; left--) {
            if (nested) {
                call.reply().array(2);
            }
            call.bulk(cursor.member());
            call.reply().doubleValue(cursor.score());
            is = greatest ? cursor.previous() : cursor.next();
        }
        if (taken == size) {
            set.remove();
        } else {
            SortedSet.removeRange(set, greatest ? size - taken : 0, taken);
        }
        call.touched(set.key(), taken);
        call.event(EventClass.SORTED_SET, greatest ? "zpopmax" : "zpopmin", set.key());
        if (taken == size) {
            call.event(EventClass.GENERIC, "del", set.key());
        }
    }
}
