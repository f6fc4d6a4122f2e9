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
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.structure.Record;
import io.keydb.server.value.bitmap.Bits;
import io.keydb.server.value.string.StringBytes;
import io.keydb.server.value.string.StringText;
import io.keydb.server.value.string.StringValue;
import java.util.List;

/** Single bits, and counting and finding bits. */
public final class BitCommands {
    private static final CommandError NOT_A_BIT =
            new CommandError("ERR bit is not an integer or out of range");
    private static final CommandError ZERO_OR_ONE =
            new CommandError("ERR The bit argument must be 1 or 0.");

    static final Command SETBIT =
            command("SETBIT", BITMAP)
                    .since("2.2.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key offset value")
                    .summary("Sets or clears one bit of the string at a key.")
                    .handledBy(BitCommands::setbit);

    static final Command GETBIT =
            command("GETBIT", BITMAP)
                    .since("2.2.0")
                    .arity(3)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key offset")
                    .summary("Gives one bit of the string at a key.")
                    .handledBy(BitCommands::getbit);

    static final Command BITCOUNT =
            command("BITCOUNT", BITMAP)
                    .since("2.6.0")
                    .arity(-2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key [start end [BYTE | BIT]]")
                    .summary("Counts the ones in the string at a key or in a part of it.")
                    .complexity("O(N)")
                    .changed("7.0.0", "Added the `BYTE|BIT` option.")
                    .handledBy(BitCommands::bitcount);

    static final Command BITPOS =
            command("BITPOS", BITMAP)
                    .since("2.8.7")
                    .arity(-3)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key bit [start [end [BYTE | BIT]]]")
                    .summary("Finds the first one or zero in the string at a key.")
                    .complexity("O(N)")
                    .changed("7.0.0", "Added the `BYTE|BIT` option.")
                    .handledBy(BitCommands::bitpos);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(SETBIT, GETBIT, BITCOUNT, BITPOS);

    private BitCommands() {}

    private static void setbit(Call call) {
        long offset = BitOffset.of(call, 2);
        long bit = call.integer(3, NOT_A_BIT);
        if (bit != 0 && bit != 1) {
            throw NOT_A_BIT;
        }
        Entry entry = call.entry(1, Record.STRING);
        long oldLength = entry.exists() ? StringValue.length(entry.record()) : 0;
        long length = Math.max(oldLength, (offset >>> 3) + 1);
        boolean grows = length != oldLength;
        long address = grows ? StringBytes.resize(entry, length) : StringBytes.restate(entry);
        int old = Bits.bit(address, offset);
        if (grows || old != bit) {
            entry.beforeChange();
            Bits.set(address, offset, (int) bit);
            call.touched(entry.key());
            call.event(EventClass.STRING, "setbit", entry.key());
        }
        call.reply().integer(old);
    }

    private static void getbit(Call call) {
        long offset = BitOffset.of(call, 2);
        long record = call.find(1, Record.STRING);
        int bit = 0;
        if (record != 0 && offset >>> 3 < StringValue.length(record)) {
            bit = Bits.bit(call.stringOf(record).address(), offset);
        }
        call.reply().integer(bit);
    }

    private static void bitcount(Call call) {
        long record = call.find(1, Record.STRING);
        if (record == 0) {
            call.reply().integer(0);
            return;
        }
        BitOffset.expectBytes(call, StringValue.length(record));
        StringText text = call.stringOf(record);
        long from = 0;
        long to = text.length() * 8 - 1;
        if (call.count() == 4 || call.count() == 5) {
            long start = call.integer(2);
            long end = call.integer(3);
            if (start < 0 && end < 0 && start > end) {
                call.reply().integer(0);
                return;
            }
            boolean bits = call.count() == 5 && isInBits(call, 4);
            long units = bits ? text.length() * 8 : text.length();
            start = first(start, units);
            end = last(end, units);
            from = bits ? start : start * 8;
            to = bits ? end : end * 8 + 7;
            if (start > end) {
                from = 1;
                to = 0;
            }
        } else if (call.count() != 2) {
            throw Errors.SYNTAX;
        }
        call.reply().integer(from > to ? 0 : Bits.count(text.address(), from, to));
    }

    private static void bitpos(Call call) {
        long bit = call.integer(2);
        if (bit != 0 && bit != 1) {
            throw ZERO_OR_ONE;
        }
        long record = call.find(1, Record.STRING);
        if (record == 0) {
            call.reply().integer(bit == 0 ? 0 : -1);
            return;
        }
        BitOffset.expectBytes(call, StringValue.length(record));
        StringText text = call.stringOf(record);
        long length = text.length();
        long start = 0;
        long end = length - 1;
        boolean bits = false;
        boolean endGiven = call.count() >= 5;
        if (call.count() > 6) {
            throw Errors.SYNTAX;
        }
        if (call.count() > 3) {
            start = call.integer(3);
            bits = call.count() == 6 && isInBits(call, 5);
            long units = bits ? length * 8 : length;
            end = endGiven ? last(call.integer(4), units) : units - 1;
            start = first(start, units);
        }
        if (start > end) {
            call.reply().integer(-1);
            return;
        }
        long from = bits ? start : start * 8;
        long to = bits ? end : end * 8 + 7;
        long found = Bits.find(text.address(), from, to, (int) bit);
        // Without an end the string is taken to go on with zeros.
        call.reply().integer(found < 0 && bit == 0 && !endGiven ? length * 8 : found);
    }

    private static boolean isInBits(Call call, int i) {
        if (call.is(i, "BIT")) {
            return true;
        }
        if (!call.is(i, "BYTE")) {
            throw Errors.SYNTAX;
        }
        return false;
    }

    private static long first(long start, long units) {
        return start < 0 ? Math.max(0, units + start) : start;
    }

    private static long last(long end, long units) {
        return Math.min(units - 1, end < 0 ? Math.max(0, units + end) : end);
    }
}
