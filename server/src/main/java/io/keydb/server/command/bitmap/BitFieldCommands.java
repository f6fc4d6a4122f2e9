package io.keydb.server.command.bitmap;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.BITMAP;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeyFlag.VARIABLE_FLAGS;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.KeyFlag;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.bitmap.BitField;
import io.keydb.server.value.bitmap.BitField.Overflow;
import io.keydb.server.value.string.StringBytes;
import io.keydb.server.value.string.StringText;
import io.keydb.server.value.string.StringValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Integers of any width within strings. The arguments are walked through twice: once to check all
 * of them and to see how long the string must be, and once to do what they say.
 */
public final class BitFieldCommands {
    private static final CommandError INVALID_TYPE =
            new CommandError(
                    "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not"
                            + " supported but i64 is.");
    private static final CommandError INVALID_OVERFLOW =
            new CommandError("ERR Invalid OVERFLOW type specified");
    private static final CommandError ONLY_GET =
            new CommandError("ERR BITFIELD_RO only supports the GET subcommand");

    static final Command BITFIELD =
            command("BITFIELD", BITMAP)
                    .since("3.2.0")
                    .arity(-2)
                    .flags(WRITE, DENYOOM)
                    .keys(
                            at(1, RW, ACCESS, UPDATE, VARIABLE_FLAGS)
                                    .notes(
                                            "This command allows both access and modification of"
                                                    + " the key")
                                    .chosenBy(BitFieldCommands::keyFlags))
                    .syntax(
                            "key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>]"
                                    + " <SET encoding offset value |"
                                    + " INCRBY encoding offset increment> [GET encoding offset |"
                                    + " [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value |"
                                    + " INCRBY encoding offset increment> ...]]")
                    .summary("Reads, writes and adds to integers of any width in a string.")
                    .complexity("O(1) for each subcommand specified")
                    .handledBy(call -> bitfield(call, false));

    static final Command BITFIELD_RO =
            command("BITFIELD_RO", BITMAP)
                    .since("6.0.0")
                    .arity(-2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [GET encoding offset [GET encoding offset ...]]")
                    .summary("Reads integers of any width in a string.")
                    .complexity("O(1) for each subcommand specified")
                    .handledBy(call -> bitfield(call, true));

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(BITFIELD, BITFIELD_RO);

    private BitFieldCommands() {}

    /** Only reading needs no right to write. */
    private static Set<KeyFlag> keyFlags(Request request) {
        for (int i = 2; i < request.count(); i += 3) {
            if (!Call.is(request, i, "GET") || request.count() - i <= 2) {
                return EnumSet.of(RW, ACCESS, UPDATE);
            }
        }
        return EnumSet.of(RO, ACCESS);
    }

    private static void bitfield(Call call, boolean readOnly) {
        int operations = 0;
        long highest = -1;
        for (int i = 2; i < call.count(); ) {
            int arguments = argumentsAt(call, i);
            if (arguments == 1) {
                overflow(call, i + 1);
            } else {
                operations++;
                int bits = bits(call, i + 1);
                long offset = BitOffset.ofField(call, i + 2, bits);
                if (arguments == 3) {
                    highest = Math.max(highest, offset + bits - 1);
                    call.integer(i + 3);
                }
            }
            i += 1 + arguments;
        }
        if (highest < 0) {
            Entry entry = call.entry(1, Record.STRING);
            call.reply().array(operations);
            run(call, entry);
            return;
        }
        if (readOnly) {
            throw ONLY_GET;
        }
        write(call, operations, highest);
    }

    private static void write(Call call, int operations, long highest) {
        Entry entry = call.entry(1, Record.STRING);
        long oldLength = entry.exists() ? StringValue.length(entry.record()) : 0;
        long length = Math.max(oldLength, (highest >>> 3) + 1);
        boolean grows = length != oldLength;
        if (grows) {
            StringBytes.resize(entry, length);
        } else {
            StringBytes.restate(entry);
        }
        call.reply().array(operations);
        // Bits that were added count as a change even when nothing is written to them.
        if (run(call, entry) || grows) {
            call.touched(entry.key());
            call.event(EventClass.STRING, "setbit", entry.key());
        }
    }

    /** Does what the arguments say; whether any bit has changed. */
    private static boolean run(Call call, Entry entry) {
        long address = 0;
        long length = 0;
        if (entry.exists()) {
            StringText text = call.stringOf(entry.record());
            address = text.address();
            length = text.length();
        }
        Overflow overflow = Overflow.WRAP;
        boolean changed = false;
        for (int i = 2; i < call.count(); ) {
            int arguments = argumentsAt(call, i);
            switch (arguments) {
                case 1 -> overflow = overflow(call, i + 1);
                case 2 -> {
                    int bits = bits(call, i + 1);
                    long offset = BitOffset.ofField(call, i + 2, bits);
                    boolean signed = isSigned(call, i + 1);
                    call.reply().integer(BitField.get(address, length, offset, bits, signed));
                }
                default -> changed |= change(call, entry, i, overflow);
            }
            i += 1 + arguments;
        }
        return changed;
    }

    private static boolean change(Call call, Entry entry, int i, Overflow overflow) {
        long address = StringValue.address(entry.record());
        long length = StringValue.length(entry.record());
        boolean signed = isSigned(call, i + 1);
        int bits = bits(call, i + 1);
        long offset = BitOffset.ofField(call, i + 2, bits);
        boolean adds = call.is(i, "INCRBY");
        long given = call.integer(i + 3);
        long old = BitField.get(address, length, offset, bits, signed);
        long value = adds ? old : given;
        long increment = adds ? given : 0;
        long written = value + increment;
        if (BitField.overflows(value, increment, bits, signed)) {
            if (overflow == Overflow.FAIL) {
                call.reply().nullBulk();
                return false;
            }
            written = BitField.settled(value, increment, bits, signed, overflow);
        }
        call.reply().integer(adds ? written : old);
        if (written == old) {
            return false;
        }
        entry.beforeChange();
        BitField.put(address, offset, bits, written);
        return true;
    }

    /** How many arguments the operation has whose name argument {@code i} is. */
    private static int argumentsAt(Call call, int i) {
        int left = call.count() - i - 1;
        if (call.is(i, "GET") && left >= 2) {
            return 2;
        }
        if ((call.is(i, "SET") || call.is(i, "INCRBY")) && left >= 3) {
            return 3;
        }
        if (call.is(i, "OVERFLOW") && left >= 1) {
            return 1;
        }
        throw Errors.SYNTAX;
    }

    private static Overflow overflow(Call call, int i) {
        if (call.is(i, "WRAP")) {
            return Overflow.WRAP;
        }
        if (call.is(i, "SAT")) {
            return Overflow.SATURATE;
        }
        if (call.is(i, "FAIL")) {
            return Overflow.FAIL;
        }
        throw INVALID_OVERFLOW;
    }

    private static boolean isSigned(Call call, int i) {
        return Memory.getByte(call.request().address(i)) == 'i';
    }

    private static int bits(Call call, int i) {
        long address = call.request().address(i);
        int length = call.request().length(i);
        int sign = length == 0 ? 0 : Memory.getByte(address);
        long bits = length < 2 ? 0 : DecimalText.parse(address + 1, length - 1);
        if ((sign != 'i' && sign != 'u') || bits < 1 || bits > (sign == 'i' ? 64 : 63)) {
            throw INVALID_TYPE;
        }
        return (int) bits;
    }
}
