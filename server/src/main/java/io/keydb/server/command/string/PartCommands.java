package io.keydb.server.command.string;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.STRING;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.INSERT;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Strings;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringText;
import io.keydb.server.value.string.StringValue;
import java.util.List;

/** Parts of strings: ranges, what is appended, lengths. */
public final class PartCommands {
    static final Command GETRANGE =
            command("GETRANGE", STRING)
                    .since("2.4.0")
                    .arity(4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key start end")
                    .summary("Gives a part of the string at a key.")
                    .complexity("O(N) where N is the length of the part.")
                    .handledBy(PartCommands::getrange);

    static final Command SUBSTR =
            command("SUBSTR", STRING)
                    .arity(4)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key start end")
                    .summary("Gives a part of the string at a key.")
                    .complexity("O(N) where N is the length of the part.")
                    .deprecated("2.0.0", "`GETRANGE`")
                    .handledBy(PartCommands::getrange);

    static final Command SETRANGE =
            command("SETRANGE", STRING)
                    .since("2.2.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM)
                    .keys(at(1, RW, UPDATE))
                    .syntax("key offset value")
                    .summary("Overwrites a part of the string at a key, which grows as needed.")
                    .complexity("O(M) where M is the length of the value.")
                    .handledBy(PartCommands::setrange);

    static final Command APPEND =
            command("APPEND", STRING)
                    .since("2.0.0")
                    .arity(3)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, INSERT))
                    .syntax("key value")
                    .summary("Appends to the string at a key.")
                    .handledBy(PartCommands::append);

    static final Command STRLEN =
            command("STRLEN", STRING)
                    .since("2.2.0")
                    .arity(2)
                    .flags(READONLY, FAST)
                    .keys(at(1, RO))
                    .syntax("key")
                    .summary("Gives the length of the string at a key.")
                    .handledBy(PartCommands::strlen);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(GETRANGE, SUBSTR, SETRANGE, APPEND, STRLEN);

    private PartCommands() {}

    private static void getrange(Call call) {
        long start = call.integer(2);
        long end = call.integer(3);
        long record = call.find(1, Record.STRING);
        long length = record == 0 ? 0 : StringValue.length(record);
        boolean bothNegative = start < 0 && end < 0;
        if (length == 0 || (bothNegative && start > end)) {
            call.reply().bulk(0, 0);
            return;
        }
        long from = Math.max(0, start < 0 ? start + length : start);
        long to = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
        if (from > to) {
            call.reply().bulk(0, 0);
            return;
        }
        StringText text = call.stringOf(record);
        call.reply().bulk(text.address() + from, to - from + 1);
    }

    private static void setrange(Call call) {
        long offset = call.integer(2);
        if (offset < 0) {
            throw Errors.OFFSET_OUT_OF_RANGE;
        }
        long record = call.find(1, Record.STRING);
        long oldLength = record == 0 ? 0 : StringValue.length(record);
        int length = call.request().length(3);
        if (length == 0) {
            call.reply().integer(oldLength);
            return;
        }
        call.requireStringLength(offset, length);
        Key key = call.key(1);
        long newLength = Math.max(oldLength, offset + length);
        long to = Strings.resize(call.database(), key, record, newLength);
        Memory.copy(call.request().address(3), to + offset, length);
        call.touched(key);
        call.event(EventClass.STRING, "setrange", key);
        call.reply().integer(newLength);
    }

    private static void append(Call call) {
        long record = call.find(1, Record.STRING);
        long address = call.request().address(2);
        int length = call.request().length(2);
        Key key = call.key(1);
        if (record == 0) {
            Strings.set(call.database(), key, 0, address, length, Strings.NO_EXPIRY);
            call.touched(key);
            call.event(EventClass.STRING, "append", key);
            call.reply().integer(length);
            return;
        }
        long oldLength = StringValue.length(record);
        call.requireStringLength(oldLength, length);
        long to = Strings.resize(call.database(), key, record, oldLength + length);
        Memory.copy(address, to + oldLength, length);
        call.touched(key);
        call.event(EventClass.STRING, "append", key);
        call.reply().integer(oldLength + length);
    }

    private static void strlen(Call call) {
        long record = call.find(1, Record.STRING);
        call.reply().integer(record == 0 ? 0 : StringValue.length(record));
    }
}
