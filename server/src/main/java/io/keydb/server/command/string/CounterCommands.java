package io.keydb.server.command.string;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STRING;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Strings;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.LongDouble;
import io.keydb.server.value.string.StringText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strings that count. */
public final class CounterCommands {
    private static final CommandError DECREMENT_OVERFLOW =
            new CommandError("ERR decrement would overflow");
    private static final byte[] SET_NAME = "SET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEPTTL = "KEEPTTL".getBytes(StandardCharsets.US_ASCII);

    static final Command INCR =
            command("INCR", STRING)
                    .arity(2)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key")
                    .summary("Adds one to the integer at a key.")
                    .handledBy(call -> add(call, 1));

    static final Command DECR =
            command("DECR", STRING)
                    .arity(2)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key")
                    .summary("Takes one from the integer at a key.")
                    .handledBy(call -> add(call, -1));

    static final Command INCRBY =
            command("INCRBY", STRING)
                    .arity(3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key increment")
                    .summary("Adds to the integer at a key.")
                    .handledBy(call -> add(call, call.integer(2)));

    static final Command DECRBY =
            command("DECRBY", STRING)
                    .arity(3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key decrement")
                    .summary("Takes from the integer at a key.")
                    .handledBy(CounterCommands::decrby);

    static final Command INCRBYFLOAT =
            command("INCRBYFLOAT", STRING)
                    .since("2.6.0")
                    .arity(3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key increment")
                    .summary("Adds to the floating-point number at a key.")
                    .handledBy(CounterCommands::incrbyfloat);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(INCR, DECR, INCRBY, DECRBY, INCRBYFLOAT);

    private CounterCommands() {}

    private static void decrby(Call call) {
        long decrement = call.integer(2);
        if (decrement == Long.MIN_VALUE) {
            throw DECREMENT_OVERFLOW;
        }
        add(call, -decrement);
    }

    private static void add(Call call, long increment) {
        long record = call.find(1, Record.STRING);
        long value = record == 0 ? 0 : integer(record);
        long sum = value + increment;
        if (((value ^ sum) & (increment ^ sum)) < 0) {
            throw Errors.OVERFLOW;
        }
        Key key = call.key(1);
        Strings.setInteger(call.database(), key, record, sum);
        call.touched(key);
        call.event(EventClass.STRING, "incrby", key);
        call.reply().integer(sum);
    }

    private static long integer(long record) {
        if (Record.encoding(record) == Record.INT) {
            return Record.number(record);
        }
        if (Record.encoding(record) == Record.LARGE) {
            throw Errors.NOT_AN_INTEGER;
        }
        long address = Record.valueAddress(record);
        long length = Record.valueLength(record);
        long value = DecimalText.parse(address, length);
        if (value == DecimalText.NONE && !DecimalText.isLeast(address, length)) {
            throw Errors.NOT_AN_INTEGER;
        }
        return value;
    }

    private static void incrbyfloat(Call call) {
        long record = call.find(1, Record.STRING);
        BigDecimal value = BigDecimal.ZERO;
        if (record != 0) {
            StringText text = call.stringOf(record);
            value = number(text.address(), text.length());
        }
        BigDecimal increment = number(call.request().address(2), call.request().length(2));
        byte[] sum = LongDouble.text(LongDouble.add(value, increment));
        Key key = call.key(1);
        Database database = call.database();
        try (OffHeapBuffer buffer = new OffHeapBuffer(call.keyspace().pages())) {
            buffer.append(sum);
            Strings.setSpelledNumber(database, key, record, buffer.address(), sum.length);
        }
        call.touched(key);
        call.event(EventClass.STRING, "incrbyfloat", key);
        call.effects()
                .command(database.index(), 4)
                .argument(SET_NAME)
                .argument(key.address(), key.length())
                .argument(sum)
                .argument(KEEPTTL);
        call.reply().bulk(sum);
    }

    private static BigDecimal number(long address, long length) {
        byte[] text = Memory.bytes(address, (int) Math.min(length, LongDouble.LONGEST_TEXT + 1));
        BigDecimal number = LongDouble.parse(text);
        if (number == null) {
            throw LongDouble.isInfinite(text) ? Errors.NAN_OR_INFINITY : Errors.NOT_A_FLOAT;
        }
        return number;
    }
}
