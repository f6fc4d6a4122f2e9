package io.keydb.server.command.hash;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.HASH;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.hash.HashValue;
import io.keydb.server.value.string.LongDouble;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fields that count. */
public final class FieldCounterCommands {
    private static final CommandError NO_INTEGER =
            new CommandError("ERR hash value is not an integer");
    private static final CommandError NO_FLOAT = new CommandError("ERR hash value is not a float");
    private static final CommandError INFINITE_INCREMENT =
            new CommandError("ERR value is NaN or Infinity");
    private static final byte[] HSET_NAME = "HSET".getBytes(StandardCharsets.US_ASCII);

    static final Command HINCRBY =
            command("HINCRBY", HASH)
                    .since("2.0.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key field increment")
                    .summary("Adds to the integer in a field.")
                    .handledBy(FieldCounterCommands::hincrby);

    static final Command HINCRBYFLOAT =
            command("HINCRBYFLOAT", HASH)
                    .since("2.6.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key field increment")
                    .summary("Adds to the floating-point number in a field.")
                    .handledBy(FieldCounterCommands::hincrbyfloat);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(HINCRBY, HINCRBYFLOAT);

    private FieldCounterCommands() {}

    private static void hincrby(Call call) {
        long increment = call.integer(3);
        Entry hash = call.entry(1, Record.HASH);
        long value = hash.exists() && HashCommands.get(call, hash, 2) ? integer(call.element()) : 0;
        long sum = value + increment;
        if (((value ^ sum) & (increment ^ sum)) < 0) {
            throw Errors.OVERFLOW;
        }
        long text = call.scratch();
        update(call, hash, text, (int) (DecimalText.write(text, sum) - text));
        call.touched(hash.key());
        call.event(EventClass.HASH, "hincrby", hash.key());
        call.reply().integer(sum);
    }

    private static long integer(Element element) {
        if (element.isInteger()) {
            return element.integer();
        }
        long value = DecimalText.parse(element.address(), element.length());
        if (value == DecimalText.NONE
                && !DecimalText.isLeast(element.address(), element.length())) {
            throw NO_INTEGER;
        }
        return value;
    }

    private static void update(Call call, Entry hash, long address, int length) {
        Request request = call.request();
        if (!hash.exists()) {
            long bytes =
                    Listpack.sizeOf(request.address(2), request.length(2))
                            + Listpack.sizeOf(address, length);
            HashValue.prepare(hash, 1, Math.max(request.length(2), length), bytes);
        }
        HashValue.update(hash, request.address(2), request.length(2), address, length);
    }

    private static void hincrbyfloat(Call call) {
        byte[] sum = sum(call);
        Entry hash = call.entry(1, Record.HASH);
        try (OffHeapBuffer buffer = new OffHeapBuffer(call.keyspace().pages())) {
            buffer.append(sum);
            update(call, hash, buffer.address(), sum.length);
        }
        call.touched(hash.key());
        call.event(EventClass.HASH, "hincrbyfloat", hash.key());
        Request request = call.request();
        Key key = hash.key();
        Effects effects = call.effects();
        effects.command(call.database().index(), 4).argument(HSET_NAME);
        effects.argument(key.address(), key.length());
        effects.argument(request.address(2), request.length(2)).argument(sum);
        FieldExpiryCommands.effectOfKeptExpiry(call, hash, 2);
        call.reply().bulk(sum);
    }

    private static byte[] sum(Call call) {
        Request request = call.request();
        BigDecimal increment =
                number(
                        request.address(3),
                        request.length(3),
                        INFINITE_INCREMENT,
                        Errors.NOT_A_FLOAT);
        Entry hash = call.entry(1, Record.HASH);
        BigDecimal value = BigDecimal.ZERO;
        if (hash.exists() && HashCommands.get(call, hash, 2)) {
            Element element = call.element();
            value =
                    element.isInteger()
                            ? BigDecimal.valueOf(element.integer())
                            : number(
                                    element.address(),
                                    element.length(),
                                    Errors.NAN_OR_INFINITY,
                                    NO_FLOAT);
        }
        return LongDouble.text(LongDouble.add(value, increment));
    }

    private static BigDecimal number(
            long address, int length, CommandError ifInfinite, CommandError ifNone) {
        byte[] text = Memory.bytes(address, Math.min(length, LongDouble.LONGEST_TEXT + 1));
        BigDecimal number = LongDouble.parse(text);
        if (number == null) {
            throw LongDouble.isInfinite(text) ? ifInfinite : ifNone;
        }
        return number;
    }
}
