package io.keydb.server.command.hyperloglog;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.MAY_REPLICATE;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.HYPERLOGLOG;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.ExpiryMode;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.value.hyperloglog.HyperLogLog;
import java.util.List;

/** Adding to HyperLogLogs, counting and merging them. */
public final class HyperLogLogCommands {
    static final Command PFADD =
            command("PFADD", HYPERLOGLOG)
                    .since("2.8.9")
                    .arity(-2)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key [element [element ...]]")
                    .summary("Adds elements to the HyperLogLog at a key.")
                    .complexity("O(1) to add every element.")
                    .handledBy(HyperLogLogCommands::pfadd);

    static final Command PFCOUNT =
            command("PFCOUNT", HYPERLOGLOG)
                    .since("2.8.9")
                    .arity(-2)
                    .flags(READONLY, MAY_REPLICATE)
                    .keys(
                            range(1, -1, 1, RW, ACCESS)
                                    .notes(
                                            "RW because it may change the internal representation"
                                                    + " of the key, and propagate to replicas"))
                    .syntax("key [key ...]")
                    .summary("Gives about how many different elements were added to the keys.")
                    .complexity(
                            "O(1) for one key whose count is known, otherwise O(N) with N being"
                                    + " the number of keys.")
                    .handledBy(HyperLogLogCommands::pfcount);

    static final Command PFMERGE =
            command("PFMERGE", HYPERLOGLOG)
                    .since("2.8.9")
                    .arity(-2)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, ACCESS, INSERT), range(2, -1, 1, RO, ACCESS))
                    .syntax("destkey [sourcekey [sourcekey ...]]")
                    .summary("Adds the elements of several HyperLogLogs to one.")
                    .complexity("O(N) to merge N HyperLogLogs.")
                    .handledBy(HyperLogLogCommands::pfmerge);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(PFADD, PFCOUNT, PFMERGE);

    private HyperLogLogCommands() {}

    private static void pfadd(Call call) {
        Entry entry = HyperLogLogs.entry(call, 1);
        boolean changed = !entry.exists();
        if (changed) {
            HyperLogLog.create(entry);
            call.touched(entry.key());
        }
        for (int i = 2; i < call.count(); i++) {
            int added = HyperLogLog.add(entry, call.request().address(i), call.request().length(i));
            if (added == HyperLogLog.CORRUPT) {
                throw HyperLogLogs.CORRUPT;
            }
            if (added == 1) {
                changed = true;
                call.touched(entry.key());
            }
        }
        if (changed) {
            HyperLogLog.forgetCount(entry);
            call.event(EventClass.STRING, "pfadd", entry.key());
        }
        call.reply().integer(changed ? 1 : 0);
    }

    private static void pfcount(Call call) {
        if (call.count() > 2) {
            call.reply().integer(countOfUnion(call));
            return;
        }
        long record = HyperLogLogs.find(call, 1);
        if (record == 0) {
            call.reply().integer(0);
            return;
        }
        long count = HyperLogLog.keptCount(record);
        if (count < 0) {
            count = HyperLogLog.count(record);
            if (count == HyperLogLog.CORRUPT) {
                throw HyperLogLogs.CORRUPT;
            }
            if (keepsCounts(call)) {
                Entry entry = HyperLogLogs.entry(call, 1);
                entry.beforeChange();
                HyperLogLog.keepCount(entry.record(), count);
                call.touched(entry.key());
            }
        }
        call.reply().integer(count);
    }

    /**
     * A replica waits for its primary to keep a count; and on an active node reading must not be a
     * change, which would compete with changes made elsewhere.
     */
    private static boolean keepsCounts(Call call) {
        return call.client().isPrimary()
                || (!call.keyspace().isStamped()
                        && call.keyspace().expiryMode() != ExpiryMode.HIDE);
    }

    private static long countOfUnion(Call call) {
        try (OffHeapBuffer buffer = new OffHeapBuffer(call.keyspace().pages())) {
            long registers = zeros(buffer);
            for (int i = 1; i < call.count(); i++) {
                merge(HyperLogLogs.find(call, i), registers);
            }
            return HyperLogLog.countOfBytes(registers);
        }
    }

    private static void pfmerge(Call call) {
        try (OffHeapBuffer buffer = new OffHeapBuffer(call.keyspace().pages())) {
            long registers = zeros(buffer);
            boolean dense = false;
            for (int i = 1; i < call.count(); i++) {
                long record = HyperLogLogs.find(call, i);
                call.lookedUp(call.key(i), record != 0);
                dense |= record != 0 && !HyperLogLog.isSparse(record);
                merge(record, registers);
            }
            Entry entry = HyperLogLogs.entry(call, 1);
            if (!entry.exists()) {
                HyperLogLog.create(entry);
            }
            if (dense) {
                HyperLogLog.makeDense(entry);
            }
            for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
                int value = Memory.getByte(registers + i);
                if (value != 0) {
                    HyperLogLog.raise(entry, i, value);
                }
            }
            HyperLogLog.forgetCount(entry);
            call.touched(entry.key());
            call.event(EventClass.STRING, "pfadd", entry.key());
        }
        call.reply().ok();
    }

    private static void merge(long record, long registers) {
        if (record != 0 && !HyperLogLog.mergeInto(record, registers)) {
            throw HyperLogLogs.CORRUPT;
        }
    }

    private static long zeros(OffHeapBuffer buffer) {
        long registers = buffer.reserve(HyperLogLog.REGISTERS);
        Memory.fill(registers, HyperLogLog.REGISTERS, (byte) 0);
        return registers;
    }
}
