package io.keydb.server.command.bitmap;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.BITMAP;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.range;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Strings;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.bitmap.BitOperations;
import io.keydb.server.value.string.StringText;
import io.keydb.server.value.string.StringValue;
import java.util.List;

/**
 * Operations on whole bitmaps. The result is written into a record of its own, so the destination
 * may be one of the sources.
 */
public final class BitOperationCommands {
    private static final CommandError NOT_OF_ONE_KEY =
            new CommandError("ERR BITOP NOT must be called with a single source key.");
    private static final CommandError SHIFT_OF_ONE_KEY =
            new CommandError(
                    "ERR BITOP SHIFT must be called with a single source key and an integer"
                            + " shift.");
    private static final CommandError SHIFT_NOT_AN_INTEGER =
            new CommandError("ERR BITOP SHIFT's last parameter must be an integer");
    private static final CommandError SHIFT_TOO_LARGE =
            new CommandError("ERR BITOP SHIFT value is too large.");
    private static final long LARGEST_SHIFT = 1 << 30;

    static final Command BITOP =
            command("BITOP", BITMAP)
                    .since("2.6.0")
                    .arity(-4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(2, OW, UPDATE), range(3, -1, 1, RO, ACCESS))
                    .syntax("<AND | OR | XOR | NOT | LSHIFT | RSHIFT> destkey key [key ...]")
                    .summary("Combines or shifts strings bit by bit and stores the result.")
                    .complexity("O(N)")
                    .handledBy(BitOperationCommands::bitop);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(BITOP);

    private enum Operation {
        AND,
        OR,
        XOR,
        NOT
    }

    private BitOperationCommands() {}

    private static void bitop(Call call) {
        if (call.is(1, "LSHIFT")) {
            shift(call, 1);
        } else if (call.is(1, "RSHIFT")) {
            shift(call, -1);
        } else {
            combine(call, operation(call));
        }
    }

    private static Operation operation(Call call) {
        if (call.is(1, "AND")) {
            return Operation.AND;
        }
        if (call.is(1, "OR")) {
            return Operation.OR;
        }
        if (call.is(1, "XOR")) {
            return Operation.XOR;
        }
        if (!call.is(1, "NOT")) {
            throw Errors.SYNTAX;
        }
        if (call.count() != 4) {
            throw NOT_OF_ONE_KEY;
        }
        return Operation.NOT;
    }

    private static void combine(Call call, Operation operation) {
        long length = 0;
        for (int i = 3; i < call.count(); i++) {
            long source = read(call, i);
            length = Math.max(length, source == 0 ? 0 : StringValue.length(source));
        }
        BitOffset.expectBytes(call, length * (call.count() - 3));
        long result = length == 0 ? 0 : Strings.prepare(call.database(), call.key(2), length);
        if (result != 0) {
            long to = StringValue.address(result);
            long first = call.find(3, Record.STRING);
            long copied = first == 0 ? 0 : StringValue.copyTo(first, to);
            Memory.fill(to + copied, length - copied, (byte) 0);
            if (operation == Operation.NOT) {
                BitOperations.not(to, length);
            }
            for (int i = 4; i < call.count(); i++) {
                apply(call, operation, i, to, length);
            }
        }
        store(call, result, length);
    }

    /** Sources count as read, though the command writes. */
    private static long read(Call call, int i) {
        long source = call.find(i, Record.STRING);
        call.lookedUp(call.key(i), source != 0);
        return source;
    }

    private static void apply(Call call, Operation operation, int i, long to, long length) {
        long source = call.find(i, Record.STRING);
        if (source == 0) {
            if (operation == Operation.AND) {
                Memory.fill(to, length, (byte) 0);
            }
            return;
        }
        StringText text = call.stringOf(source);
        switch (operation) {
            case AND -> BitOperations.and(to, length, text.address(), text.length());
            case OR -> BitOperations.or(to, text.address(), text.length());
            case XOR -> BitOperations.xor(to, text.address(), text.length());
            case NOT -> {}
        }
    }

    private static void shift(Call call, int direction) {
        if (call.count() != 5) {
            throw SHIFT_OF_ONE_KEY;
        }
        long bits = call.integer(4, SHIFT_NOT_AN_INTEGER);
        if (bits > LARGEST_SHIFT || bits < -LARGEST_SHIFT) {
            throw SHIFT_TOO_LARGE;
        }
        bits *= direction;
        long source = read(call, 3);
        long length = source == 0 ? 0 : StringValue.length(source);
        long shiftedLength = BitOperations.shiftedLength(length, bits);
        call.requireStringLength(shiftedLength, 0);
        BitOffset.expectBytes(call, shiftedLength);
        long result = 0;
        if (shiftedLength != 0) {
            result = Strings.prepare(call.database(), call.key(2), shiftedLength);
            long from = source == 0 ? 0 : call.stringOf(source).address();
            BitOperations.shift(from, length, bits, StringValue.address(result));
        }
        store(call, result, shiftedLength);
    }

    private static void store(Call call, long result, long length) {
        Database database = call.database();
        Key key = call.key(2);
        long old = database.find(key);
        if (result != 0) {
            Strings.settle(database, key, old, result);
            call.touched(key);
            call.event(EventClass.STRING, "set", key);
        } else if (old != 0) {
            database.remove(key, old);
            call.touched(key);
            call.event(EventClass.GENERIC, "del", key);
        }
        call.reply().integer(length);
    }
}
