package io.keydb.server.command.set;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.set.SetDraw;
import io.keydb.server.value.set.SetSample;
import io.keydb.server.value.set.SetValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Members chosen at random, to be kept or taken out. What was taken is told to the log. */
public final class RandomMemberCommands {
    private static final CommandError OUT_OF_RANGE =
            new CommandError(
                    "ERR value is out of range, value must between -9223372036854775807 and"
                            + " 9223372036854775807");

    private static final byte[] SREM_NAME = "SREM".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEL_NAME = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNLINK_NAME = "UNLINK".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_PER_EFFECT = 1024;

    static final Command SPOP =
            command("SPOP", SET)
                    .arity(-2)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE))
                    .syntax("key [count]")
                    .summary("Takes members, chosen at random, out of a set.")
                    .complexity("O(1) without a count, else O(N) where N is the count.")
                    .changed("3.2.0", "Added the `count` argument.")
                    .tips("nondeterministic_output")
                    .handledBy(RandomMemberCommands::spop);

    static final Command SRANDMEMBER =
            command("SRANDMEMBER", SET)
                    .arity(-2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [count]")
                    .summary("Gives members of a set, chosen at random.")
                    .complexity("O(1) without a count, else O(N) where N is the count.")
                    .changed("2.6.0", "Added the optional `count` argument.")
                    .tips("nondeterministic_output")
                    .handledBy(RandomMemberCommands::srandmember);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(SPOP, SRANDMEMBER);

    private RandomMemberCommands() {}

    private static void spop(Call call) {
        if (call.count() > 3) {
            throw Errors.SYNTAX;
        }
        if (call.count() == 2) {
            popOne(call);
            return;
        }
        long count = call.integer(2, Errors.NOT_POSITIVE);
        if (count < 0) {
            throw Errors.NOT_POSITIVE;
        }
        Entry set = call.entry(1, Record.SET);
        if (!set.exists() || count == 0) {
            call.reply().set(0);
            return;
        }
        long size = SetValue.size(set.record());
        if (count >= size) {
            call.expectWork(size);
            popAll(call, set, size);
        } else {
            call.expectWork(SetDraw.isFew(set.record(), count) ? count : size);
            pop(call, set, count);
        }
    }

    private static void popOne(Call call) {
        Entry set = call.entry(1, Record.SET);
        if (!set.exists()) {
            call.reply().nullBulk();
            return;
        }
        Element member = new Element();
        SetValue.random(set.record(), ThreadLocalRandom.current(), member);
        call.bulk(member);
        tell(beginEffect(call, set, 1), member);
        if (SetValue.size(set.record()) == 1) {
            set.remove();
        } else {
            SetValue.removeShown(set, member);
        }
        tellPopped(call, set, 1);
    }

    private static void popAll(Call call, Entry set, long size) {
        call.reply().set(size);
        replyAll(call, set);
        set.remove();
        call.effects()
                .command(set.database().index(), 2)
                .argument(call.keyspace().lazyFreeing().ofEmptied() ? UNLINK_NAME : DEL_NAME)
                .argument(set.key().address(), set.key().length());
        tellPopped(call, set, size);
    }

    /** Takes some members but not all. */
    private static void pop(Call call, Entry set, long count) {
        boolean most = !SetDraw.isFew(set.record(), count);
        call.reply().set(count);
        SetDraw draw = new SetDraw(set, count, ThreadLocalRandom.current());
        Element member = draw.element();
        Effects effects = call.effects();
        for (long i = 0; draw.next(); i++) {
            if (i % MOST_PER_EFFECT == 0) {
                beginEffect(call, set, (int) Math.min(count - i, MOST_PER_EFFECT));
            }
            call.bulk(member);
            tell(effects, member);
        }
        draw.end();
        if (most) {
            SetValue.compact(set);
        }
        tellPopped(call, set, count);
    }

    private static void tellPopped(Call call, Entry set, long count) {
        call.touched(set.key(), count);
        call.event(EventClass.SET, "spop", set.key());
        SetCommands.tellIfGone(call, set);
    }

    private static Effects beginEffect(Call call, Entry set, int members) {
        return call.effects()
                .command(set.database().index(), members + 2)
                .argument(SREM_NAME)
                .argument(set.key().address(), set.key().length());
    }

    private static void tell(Effects effects, Element member) {
        if (member.isInteger()) {
            effects.argument(member.integer());
        } else {
            effects.argument(member.address(), member.length());
        }
    }

    private static void srandmember(Call call) {
        if (call.count() > 3) {
            throw Errors.SYNTAX;
        }
        if (call.count() == 3) {
            sample(call);
            return;
        }
        long record = call.find(1, Record.SET);
        if (record == 0) {
            call.reply().nullBulk();
        } else {
            replyRandom(call, record, 1);
        }
    }

    private static void sample(Call call) {
        long count = call.integer(2);
        if (count == Long.MIN_VALUE) {
            throw OUT_OF_RANGE;
        }
        Entry set = call.entry(1, Record.SET);
        if (!set.exists() || count == 0) {
            call.reply().array(0);
            return;
        }
        long size = SetValue.size(set.record());
        if (count < 0 || count == 1) {
            call.expectWork(Math.abs(count));
            call.reply().array(Math.abs(count));
            replyRandom(call, set.record(), Math.abs(count));
        } else if (count < size) {
            call.expectWork(size / count > 3 ? count : size);
            call.reply().array(count);
            replySample(call, set, count);
        } else {
            call.expectWork(size);
            call.reply().array(size);
            replyAll(call, set);
        }
    }

    private static void replyAll(Call call, Entry set) {
        SetCursor cursor = new SetCursor(set.record());
        while (cursor.next()) {
            call.bulk(cursor.element());
        }
    }

    private static void replyRandom(Call call, long record, long times) {
        Element member = new Element();
        for (long i = 0; i < times; i++) {
            SetValue.random(record, ThreadLocalRandom.current(), member);
            call.bulk(member);
        }
    }

    private static void replySample(Call call, Entry set, long count) {
        try (SetSample sample =
                new SetSample(set.allocator(), set.record(), count, ThreadLocalRandom.current())) {
            Element member = sample.element();
            while (sample.next()) {
                call.bulk(member);
            }
        }
    }
}
