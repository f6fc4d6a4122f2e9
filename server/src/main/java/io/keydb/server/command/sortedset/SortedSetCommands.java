package io.keydb.server.command.sortedset;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SORTED_SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Reused;
import io.keydb.server.command.ScanArguments;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.FloatText;
import io.keydb.server.resp.DoubleText;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Members;
import io.keydb.server.value.sortedset.ScoreUpdate;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetScan;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Single members of sorted sets: adding, removing, scores, ranks; and ZSCAN. */
public final class SortedSetCommands {
    private static final Reused<ScoreUpdate> SCORE_UPDATE = Reused.of(ScoreUpdate::new);
    private static final byte[] ZADD_NAME = "ZADD".getBytes(StandardCharsets.US_ASCII);

    private static final CommandError NX_AND_XX =
            new CommandError("ERR XX and NX options at the same time are not compatible");
    private static final CommandError GT_LT_NX =
            new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
    private static final CommandError SEVERAL_INCREMENTS =
            new CommandError("ERR INCR option supports a single increment-element pair");
    private static final CommandError NOT_A_NUMBER =
            new CommandError("ERR resulting score is not a number (NaN)");

    static final Command ZADD =
            command("ZADD", SORTED_SET)
                    .since("1.2.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, UPDATE))
                    .syntax(
                            "key [NX | XX] [GT | LT] [CH] [INCR] score member"
                                    + " [score member ...]")
                    .summary("Adds members to a sorted set, or gives them other scores.")
                    .complexity("O(log(N)) for each member, where N is the size of the set.")
                    .changed("2.4.0", "Accepts multiple elements.")
                    .changed("3.0.2", "Added the `XX`, `NX`, `CH` and `INCR` options.")
                    .changed("6.2.0", "Added the `GT` and `LT` options.")
                    .handledBy(SortedSetCommands::zadd);

    static final Command ZINCRBY =
            command("ZINCRBY", SORTED_SET)
                    .since("1.2.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key increment member")
                    .summary("Adds to the score of a member.")
                    .complexity("O(log(N)) where N is the size of the set.")
                    .handledBy(SortedSetCommands::zincrby);

    static final Command ZREM =
            command("ZREM", SORTED_SET)
                    .since("1.2.0")
                    .arity(-3)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, DELETE))
                    .syntax("key member [member ...]")
                    .summary("Removes members from a sorted set, and the set with its last one.")
                    .complexity("O(log(N)) for each member, where N is the size of the set.")
                    .changed("2.4.0", "Accepts multiple elements.")
                    .handledBy(SortedSetCommands::zrem);

    static final Command ZCARD =
            command("ZCARD", SORTED_SET)
                    .since("1.2.0")
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Counts the members of a sorted set.")
                    .handledBy(SortedSetCommands::zcard);

    static final Command ZSCORE =
            command("ZSCORE", SORTED_SET)
                    .since("1.2.0")
                    .arity(3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member")
                    .summary("Tells the score of a member.")
                    .handledBy(SortedSetCommands::zscore);

    static final Command ZMSCORE =
            command("ZMSCORE", SORTED_SET)
                    .since("6.2.0")
                    .arity(-3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member [member ...]")
                    .summary("Tells the scores of members.")
                    .complexity("O(N) where N is the number of members asked for.")
                    .handledBy(SortedSetCommands::zmscore);

    static final Command ZRANK =
            command("ZRANK", SORTED_SET)
                    .since("2.0.0")
                    .arity(-3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member [WITHSCORE]")
                    .summary("Counts the members before one, by ascending score.")
                    .complexity("O(log(N))")
                    .changed("7.2.0", "Added the optional `WITHSCORE` argument.")
                    .handledBy(call -> rank(call, false));

    static final Command ZREVRANK =
            command("ZREVRANK", SORTED_SET)
                    .since("2.0.0")
                    .arity(-3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member [WITHSCORE]")
                    .summary("Counts the members before one, by descending score.")
                    .complexity("O(log(N))")
                    .changed("7.2.0", "Added the optional `WITHSCORE` argument.")
                    .handledBy(call -> rank(call, true));

    static final Command ZSCAN =
            command("ZSCAN", SORTED_SET)
                    .since("2.8.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key cursor [MATCH pattern] [COUNT count]")
                    .summary("Goes through the members and scores of a sorted set in steps.")
                    .complexity("O(1) for every call, O(N) for the whole of it.")
                    .tips("nondeterministic_output")
                    .handledBy(SortedSetCommands::zscan);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(ZADD, ZINCRBY, ZREM, ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK, ZSCAN);

    private SortedSetCommands() {}

    private static void zadd(Call call) {
        ScoreUpdate update = call.reused(SCORE_UPDATE).clear();
        boolean changed = false;
        int first = 2;
        for (; first < call.count(); first++) {
            if (call.is(first, "NX")) {
                update.onlyNew();
            } else if (call.is(first, "XX")) {
                update.onlyPresent();
            } else if (call.is(first, "CH")) {
                changed = true;
            } else if (call.is(first, "INCR")) {
                update.adding();
            } else if (call.is(first, "GT")) {
                update.onlyGreater();
            } else if (call.is(first, "LT")) {
                update.onlyLess();
            } else {
                break;
            }
        }
        add(call, first, update, changed);
    }

    private static void zincrby(Call call) {
        ScoreUpdate update = call.reused(SCORE_UPDATE).clear();
        update.adding();
        add(call, 2, update, false);
    }

    /** Reads and checks everything from the first score on, then adds. */
    private static void add(Call call, int first, ScoreUpdate update, boolean changed) {
        int arguments = call.count() - first;
        if (arguments == 0 || arguments % 2 != 0) {
            throw Errors.SYNTAX;
        }
        if (update.contradictsPresence()) {
            throw NX_AND_XX;
        }
        if (update.contradictsOrder()) {
            throw GT_LT_NX;
        }
        if (update.isAdding() && arguments > 2) {
            throw SEVERAL_INCREMENTS;
        }
        for (int i = first; i < call.count(); i += 2) {
            score(call, i);
        }
        Entry set = call.entry(1, Record.SORTED_SET);
        if (update.isAdding()) {
            addOne(call, set, first, update);
        } else {
            addAll(call, set, first, update, changed);
        }
    }

    private static double score(Call call, int argument) {
        double score =
                FloatText.parse(call.request().address(argument), call.request().length(argument));
        if (Double.isNaN(score)) {
            throw Errors.NOT_A_FLOAT;
        }
        return score;
    }

    private static void addAll(
            Call call, Entry set, int first, ScoreUpdate update, boolean changed) {
        long added = 0;
        long updated = 0;
        if (set.exists() || !update.isOnlyPresent()) {
            for (int i = first; i < call.count(); i += 2) {
                switch (apply(call, set, i, update)) {
                    case ADDED -> added++;
                    case UPDATED -> updated++;
                    default -> {}
                }
            }
        }
        if (added + updated > 0) {
            call.touched(set.key(), added + updated);
            call.event(EventClass.SORTED_SET, "zadd", set.key());
        }
        call.reply().integer(changed ? added + updated : added);
    }

    private static void addOne(Call call, Entry set, int first, ScoreUpdate update) {
        ScoreUpdate.Outcome outcome = apply(call, set, first, update);
        switch (outcome) {
            case NOT_A_NUMBER -> throw NOT_A_NUMBER;
            case SKIPPED -> {
                call.reply().nullBulk();
                return;
            }
            case ADDED, UPDATED -> {
                call.touched(set.key());
                call.event(EventClass.SORTED_SET, "zincr", set.key());
                tell(call, set, update.score(), first + 1);
            }
            case SAME -> {}
        }
        call.reply().doubleValue(update.score());
    }

    private static ScoreUpdate.Outcome apply(Call call, Entry set, int i, ScoreUpdate update) {
        return update.apply(
                set, call.request().address(i + 1), call.request().length(i + 1), score(call, i));
    }

    /** Tells the log the score that came out. */
    private static void tell(Call call, Entry set, double score, int member) {
        Effects effects =
                call.effects()
                        .command(set.database().index(), 4)
                        .argument(ZADD_NAME)
                        .argument(set.key().address(), set.key().length());
        if (DoubleText.isPlainInteger(score)) {
            effects.argument((long) score);
        } else {
            effects.argument(DoubleText.bytes(score));
        }
        effects.argument(call.request().address(member), call.request().length(member));
    }

    private static void zrem(Call call) {
        Entry set = call.entry(1, Record.SORTED_SET);
        long removed = 0;
        for (int i = 2; i < call.count() && set.exists(); i++) {
            long place =
                    SortedSet.find(
                            set.record(), call.request().address(i), call.request().length(i));
            if (place != 0) {
                removed++;
                if (SortedSet.size(set.record()) == 1) {
                    set.remove();
                } else {
                    SortedSet.remove(set, place);
                }
            }
        }
        if (removed > 0) {
            call.touched(set.key(), removed);
            call.event(EventClass.SORTED_SET, "zrem", set.key());
            if (!set.exists()) {
                call.event(EventClass.GENERIC, "del", set.key());
            }
        }
        call.reply().integer(removed);
    }

    private static void zcard(Call call) {
        call.reply().integer(SortedSet.size(call.find(1, Record.SORTED_SET)));
    }

    private static void zscore(Call call) {
        replyScore(call, call.find(1, Record.SORTED_SET), 2);
    }

    private static void zmscore(Call call) {
        long record = call.find(1, Record.SORTED_SET);
        call.reply().array(call.count() - 2L);
        for (int i = 2; i < call.count(); i++) {
            replyScore(call, record, i);
        }
    }

    private static void replyScore(Call call, long record, int member) {
        long place = find(call, record, member);
        if (place == 0) {
            call.reply().nullBulk();
        } else {
            call.reply().doubleValue(SortedSet.score(record, place));
        }
    }

    /** The place of a member, or 0; a member whose time has come is hidden by replicas. */
    private static long find(Call call, long record, int member) {
        long place =
                SortedSet.find(
                        record, call.request().address(member), call.request().length(member));
        boolean mayBeHidden = place != 0 && Record.membersExpire(record);
        return mayBeHidden && Members.isExpired(place, moment(call)) ? 0 : place;
    }

    private static long moment(Call call) {
        return call.keyspace().partitionOf(call.key(1)).moment();
    }

    private static void rank(Call call, boolean reverse) {
        if (call.count() > 4) {
            throw Errors.wrongArity(call.command().fullName());
        }
        boolean withScore = call.count() == 4;
        if (withScore && !call.is(3, "WITHSCORE")) {
            throw Errors.SYNTAX;
        }
        long record = call.find(1, Record.SORTED_SET);
        long place = find(call, record, 2);
        if (place == 0) {
            if (withScore) {
                call.reply().nullArray();
            } else {
                call.reply().nullBulk();
            }
            return;
        }
        long rank = SortedSet.rank(record, place);
        if (withScore) {
            call.reply().array(2);
        }
        call.reply().integer(reverse ? SortedSet.size(record) - 1 - rank : rank);
        if (withScore) {
            call.reply().doubleValue(SortedSet.score(record, place));
        }
    }

    private static void zscan(Call call) {
        long cursor = ScanArguments.cursor(call, 2);
        Entry set = call.entry(1, Record.SORTED_SET);
        if (!set.exists()) {
            call.reply().array(2);
            call.reply().bulkInteger(0);
            call.reply().array(0);
            return;
        }
        ScanArguments arguments = ScanArguments.of(call, 3);
        SortedSetScan scan = new SortedSetScan(set.record(), cursor, arguments.count());
        call.reply().array(2);
        call.reply().bulkInteger(scan.cursor());
        Allocator allocator = set.allocator();
        long scratch = allocator.allocate(DecimalText.LONGEST);
        long mark = call.reply().reserveAggregate();
        long shown = 0;
        while (scan.next()) {
            if (arguments.accepts(scan.member(), scratch)) {
                call.bulk(scan.member());
                scoreText(call, scan);
                shown += 2;
            }
        }
        call.reply().completeArray(mark, shown);
        allocator.free(scratch, DecimalText.LONGEST);
    }

    /** A score as a string, whatever the protocol; what is kept as an integer is shown as one. */
    private static void scoreText(Call call, SortedSetScan scan) {
        double score = scan.score();
        if (scan.isWhole() || DoubleText.isPlainInteger(score)) {
            call.reply().bulkInteger((long) score);
        } else {
            call.reply().bulk(DoubleText.bytes(score));
        }
    }
}
