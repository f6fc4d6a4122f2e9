package io.keydb.server.command.set;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SET;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.ScanArguments;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.set.SetCursor;
import io.keydb.server.value.set.SetScan;
import io.keydb.server.value.set.SetValue;
import java.util.List;

/** Members of one set: adding, removing, asking for them, moving one, walking them. */
public final class SetCommands {
    static final Command SADD =
            command("SADD", SET)
                    .arity(-3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key member [member ...]")
                    .summary("Adds members to a set, which is made when there is none.")
                    .complexity("O(N) where N is the number of members to add.")
                    .changed("2.4.0", "Accepts multiple `member` arguments.")
                    .handledBy(SetCommands::sadd);

    static final Command SREM =
            command("SREM", SET)
                    .arity(-3)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, DELETE))
                    .syntax("key member [member ...]")
                    .summary("Removes members from a set, and the set with the last of them.")
                    .complexity("O(N) where N is the number of members to remove.")
                    .changed("2.4.0", "Accepts multiple `member` arguments.")
                    .handledBy(SetCommands::srem);

    static final Command SISMEMBER =
            command("SISMEMBER", SET)
                    .arity(3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key member")
                    .summary("Tells whether a set has a member.")
                    .handledBy(SetCommands::sismember);

    static final Command SMISMEMBER =
            command("SMISMEMBER", SET)
                    .since("6.2.0")
                    .arity(-3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key member [member ...]")
                    .summary("Tells of several members whether a set has them.")
                    .complexity("O(N) where N is the number of members asked for.")
                    .handledBy(SetCommands::smismember);

    static final Command SCARD =
            command("SCARD", SET)
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Tells how many members a set has.")
                    .handledBy(SetCommands::scard);

    static final Command SMEMBERS =
            command("SMEMBERS", SET)
                    .arity(2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key")
                    .summary("Gives all members of a set.")
                    .complexity("O(N) where N is the number of members.")
                    .tips("nondeterministic_output_order")
                    .handledBy(SetCommands::smembers);

    static final Command SMOVE =
            command("SMOVE", SET)
                    .arity(4)
                    .flags(WRITE, FAST)
                    .keys(at(1, RW, ACCESS, DELETE), at(2, RW, INSERT))
                    .syntax("source destination member")
                    .summary("Moves a member from one set to another.")
                    .handledBy(SetCommands::smove);

    static final Command SSCAN =
            command("SSCAN", SET)
                    .since("2.8.0")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key cursor [MATCH pattern] [COUNT count]")
                    .summary("Walks the members of a set, some in each call.")
                    .complexity("O(1) for each call, O(N) for all N members.")
                    .tips("nondeterministic_output")
                    .handledBy(SetCommands::sscan);

    /** The commands of this class. */
    public static final List<Command> ALL =
            List.of(SADD, SREM, SISMEMBER, SMISMEMBER, SCARD, SMEMBERS, SMOVE, SSCAN);

    private SetCommands() {}

    private static void sadd(Call call) {
        Request request = call.request();
        int members = call.count() - 2;
        Entry set = call.entry(1, Record.SET);
        if (set.exists()) {
            SetValue.prepare(set, members);
        }
        long added = 0;
        for (int i = 2; i < call.count(); i++) {
            added += SetValue.add(set, request.address(i), request.length(i), members) ? 1 : 0;
        }
        if (added > 0) {
            call.touched(set.key(), added);
            call.event(EventClass.SET, "sadd", set.key());
        }
        call.reply().integer(added);
    }

    private static void srem(Call call) {
        Request request = call.request();
        Entry set = call.entry(1, Record.SET);
        long removed = 0;
        for (int i = 2; i < call.count() && set.exists(); i++) {
            if (SetValue.remove(set, request.address(i), request.length(i))) {
                removed++;
                removeIfEmpty(set);
            }
        }
        if (removed > 0) {
            call.touched(set.key(), removed);
            call.event(EventClass.SET, "srem", set.key());
            tellIfGone(call, set);
        }
        call.reply().integer(removed);
    }

    /** Removes the key of a set that has lost its last member. */
    static void removeIfEmpty(Entry set) {
        if (SetValue.size(set.record()) == 0) {
            set.remove();
        }
    }

    /** Tells of the end of a key, when its set has lost its last member. */
    static void tellIfGone(Call call, Entry set) {
        if (!set.exists()) {
            call.event(EventClass.GENERIC, "del", set.key());
        }
    }

    private static void sismember(Call call) {
        Entry set = call.entry(1, Record.SET);
        call.reply().integer(has(set, call, 2) ? 1 : 0);
    }

    private static void smismember(Call call) {
        Entry set = call.entry(1, Record.SET);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            call.reply().integer(has(set, call, i) ? 1 : 0);
        }
    }

    private static boolean has(Entry set, Call call, int i) {
        Request request = call.request();
        return set.exists()
                && SetValue.contains(
                        set.record(), request.address(i), request.length(i), set.moment());
    }

    private static void scard(Call call) {
        long record = call.find(1, Record.SET);
        call.reply().integer(record == 0 ? 0 : SetValue.size(record));
    }

    private static void smembers(Call call) {
        long record = call.find(1, Record.SET);
        long size = record == 0 ? 0 : SetValue.size(record);
        call.expectWork(size);
        call.reply().set(size);
        SetCursor cursor = new SetCursor(record);
        while (cursor.next()) {
            call.bulk(cursor.element());
        }
    }

    private static void smove(Call call) {
        Request request = call.request();
        long address = request.address(3);
        int length = request.length(3);
        Entry source = call.entry(1, Record.SET);
        if (!source.exists()) {
            call.reply().integer(0);
            return;
        }
        Entry destination = call.entry(2, Record.SET);
        if (source.record() == destination.record()) {
            call.reply().integer(has(source, call, 3) ? 1 : 0);
            return;
        }
        if (!SetValue.remove(source, address, length)) {
            call.reply().integer(0);
            return;
        }
        removeIfEmpty(source);
        call.touched(source.key());
        call.event(EventClass.SET, "srem", source.key());
        tellIfGone(call, source);
        if (SetValue.add(destination, address, length, 1)) {
            call.touched(destination.key());
            call.event(EventClass.SET, "sadd", destination.key());
        }
        call.reply().integer(1);
    }

    private static void sscan(Call call) {
        long cursor = ScanArguments.cursor(call, 2);
        Entry set = call.entry(1, Record.SET);
        if (!set.exists()) {
            call.reply().array(2);
            call.reply().bulkInteger(0);
            call.reply().array(0);
            return;
        }
        ScanArguments arguments = ScanArguments.of(call, 3);
        SetScan scan = new SetScan(set.record(), cursor, arguments.count());
        call.reply().array(2);
        call.reply().bulkInteger(scan.cursor());
        Allocator allocator = set.allocator();
        long scratch = allocator.allocate(DecimalText.LONGEST);
        long mark = call.reply().reserveAggregate();
        long shown = 0;
        Element member = scan.element();
        while (scan.next()) {
            if (arguments.accepts(member, scratch)) {
                call.bulk(member);
                shown++;
            }
        }
        call.reply().completeArray(mark, shown);
        allocator.free(scratch, DecimalText.LONGEST);
    }
}
