package io.keydb.server.command.hash;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.HASH;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.unknown;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Strings;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Listpack;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.hash.HashCursor;
import io.keydb.server.value.hash.HashValue;
import io.keydb.server.value.list.ListCursor;
import io.keydb.server.value.list.ListWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hashes within hashes, by a path of names with dots between: KeyDB's experiment. The first name is
 * the key, the second a field of its hash, and what is deeper lies within that field, see {@link
 * NestedText}.
 */
public final class NestedHashCommands {
    private static final CommandError TOO_DEEP =
            new CommandError("ERR the path has more than " + NestedText.DEEPEST + " names");
    private static final byte[] HSET_NAME = ascii("HSET");
    private static final byte[] SET_NAME = ascii("SET");
    private static final byte[] DEL_NAME = ascii("DEL");
    private static final byte[] RPUSH_NAME = ascii("RPUSH");

    static final Command NHSET =
            command("KEYDB.NHSET", HASH)
                    .since("6.0.16")
                    .arity(-3)
                    .flags(WRITE, DENYOOM)
                    .keys(
                            at(1, RW, ACCESS, UPDATE)
                                    .notes("The key goes up to the first dot of the path"))
                    .keysEndAt('.')
                    .syntax("path value [value ...]")
                    .summary("Sets what lies at a path of nested hashes, and makes these.")
                    .complexity("O(N) where N is what the field on the path holds.")
                    .handledBy(NestedHashCommands::nhset);

    static final Command NHGET =
            command("KEYDB.NHGET", HASH)
                    .since("6.0.16")
                    .arity(-2)
                    .flags(READONLY, FAST)
                    .keys(
                            unknown(request -> request.count() - 1, RO, ACCESS)
                                    .notes("The key goes up to the first dot of the path"))
                    .keysEndAt('.')
                    .syntax("[JSON | RESP] path")
                    .summary("Gives what lies at a path of nested hashes.")
                    .complexity("O(N) where N is what the field on the path holds.")
                    .handledBy(NestedHashCommands::nhget);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(NHSET, NHGET);

    private NestedHashCommands() {}

    /** The names of a path. */
    private static String[] names(Call call, int i) {
        String[] names = call.text(i).split("\\.", -1);
        for (String name : names) {
            if (name.isEmpty()) {
                throw Errors.SYNTAX;
            }
        }
        if (names.length > NestedText.DEEPEST) {
            throw TOO_DEEP;
        }
        return names;
    }

    private static void nhset(Call call) {
        String[] names = names(call, 1);
        Entry entry = call.entry(call.database(), call.key(1));
        boolean replaces = names.length == 1 ? setKey(call, entry) : setField(call, entry, names);
        call.touched(entry.key());
        call.reply().integer(replaces ? 1 : 0);
    }

    /** A path of one name: the key becomes a string or a list. */
    private static boolean setKey(Call call, Entry entry) {
        boolean replaces = entry.exists();
        Request request = call.request();
        Key key = entry.key();
        Effects effects = call.effects();
        int database = call.database().index();
        if (call.count() == 3) {
            Strings.set(
                    call.database(),
                    key,
                    entry.record(),
                    request.address(2),
                    request.length(2),
                    Strings.NO_EXPIRY);
            effects.command(database, 3).argument(SET_NAME);
        } else {
            try (Draft draft = new Draft(call.database(), key)) {
                ListWriter list = new ListWriter().on(draft);
                long bytes = 0;
                for (int i = 2; i < call.count(); i++) {
                    bytes += request.length(i);
                }
                list.expect(call.count() - 2L, bytes);
                for (int i = 2; i < call.count(); i++) {
                    list.push(false, request.address(i), request.length(i));
                }
                draft.publish();
            }
            if (replaces) {
                effects.command(database, 2).argument(DEL_NAME);
                effects.argument(key.address(), key.length());
            }
            effects.command(database, call.count()).argument(RPUSH_NAME);
        }
        effects.argument(key.address(), key.length());
        for (int i = 2; i < call.count(); i++) {
            effects.argument(request.address(i), request.length(i));
        }
        return replaces;
    }

    private static boolean setField(Call call, Entry entry, String[] names) {
        NestedValue before =
                entry.exists() && entry.is(Record.HASH) ? field(entry, names[1]) : null;
        NestedValue set = given(call);
        boolean replaces = before != null;
        NestedValue after = set;
        if (names.length > 2) {
            Map<String, NestedValue> top =
                    before instanceof NestedValue.Bucket(Map<String, NestedValue> entries)
                            ? entries
                            : new LinkedHashMap<>();
            replaces = put(top, names, set);
            after = new NestedValue.Bucket(top);
        }
        byte[] text = latin(NestedText.toField(after));
        call.requireStringLength(0, text.length);
        write(call, entry, latin(names[1]), text);
        return replaces;
    }

    private static NestedValue given(Call call) {
        if (call.count() == 3) {
            return new NestedValue.Text(call.text(2));
        }
        List<String> strings = new ArrayList<>();
        for (int i = 2; i < call.count(); i++) {
            strings.add(call.text(i));
        }
        return new NestedValue.Items(strings);
    }

    /** Puts a value below a field; makes hashes of what lies on the way and is none. */
    private static boolean put(Map<String, NestedValue> top, String[] names, NestedValue value) {
        Map<String, NestedValue> within = top;
        for (int i = 2; i < names.length - 1; i++) {
            if (within.get(names[i]) instanceof NestedValue.Bucket(Map<String, NestedValue> next)) {
                within = next;
            } else {
                Map<String, NestedValue> made = new LinkedHashMap<>();
                within.put(names[i], new NestedValue.Bucket(made));
                within = made;
            }
        }
        return within.put(names[names.length - 1], value) != null;
    }

    private static void write(Call call, Entry entry, byte[] field, byte[] text) {
        Effects effects = call.effects();
        Key key = entry.key();
        int database = call.database().index();
        if (!entry.is(Record.HASH)) {
            entry.remove();
            effects.command(database, 2).argument(DEL_NAME);
            effects.argument(key.address(), key.length());
        }
        try (OffHeapBuffer buffer = new OffHeapBuffer(call.keyspace().pages())) {
            buffer.append(field);
            buffer.append(text);
            long address = buffer.address();
            long value = address + field.length;
            long bytes =
                    (long) Listpack.sizeOf(address, field.length)
                            + Listpack.sizeOf(value, text.length);
            HashValue.prepare(entry, 1, Math.max(field.length, text.length), bytes);
            HashValue.set(entry, address, field.length, value, text.length);
            HashValue.trim(entry);
        }
        effects.command(database, 4).argument(HSET_NAME);
        effects.argument(key.address(), key.length()).argument(field).argument(text);
    }

    private static void nhget(Call call) {
        if (call.count() > 3) {
            throw Errors.SYNTAX;
        }
        boolean json = call.count() == 3 && call.is(1, "JSON");
        if (call.count() == 3 && !json && !call.is(1, "RESP")) {
            throw Errors.SYNTAX;
        }
        int path = call.count() - 1;
        String[] names = names(call, path);
        Entry entry = call.entry(call.database(), call.key(path));
        NestedValue value = lying(call, entry, names);
        if (json) {
            call.reply().bulk(latin(NestedText.toJson(value)));
        } else {
            reply(call.reply(), value);
        }
    }

    private static NestedValue lying(Call call, Entry entry, String[] names) {
        if (!entry.exists()) {
            throw Errors.NO_SUCH_KEY;
        }
        if (names.length == 1) {
            return whole(call, entry);
        }
        NestedValue value = entry.is(Record.HASH) ? field(entry, names[1]) : null;
        for (int i = 2; i < names.length && value != null; i++) {
            value =
                    value instanceof NestedValue.Bucket(Map<String, NestedValue> entries)
                            ? entries.get(names[i])
                            : null;
        }
        if (value == null) {
            throw Errors.NO_SUCH_KEY;
        }
        return value;
    }

    /** All that a key holds. */
    private static NestedValue whole(Call call, Entry entry) {
        long record = entry.record();
        Element element = call.element();
        switch (Record.type(record)) {
            case Record.STRING -> {
                element.set(call.stringOf(record).address(), (int) call.stringOf(record).length());
                return new NestedValue.Text(text(element));
            }
            case Record.LIST -> {
                List<String> strings = new ArrayList<>();
                ListCursor cursor = ListCursor.ofThread();
                for (boolean more = cursor.goToEnd(record, true); more; more = cursor.next()) {
                    strings.add(text(element.setEntry(cursor.entry())));
                }
                return new NestedValue.Items(strings);
            }
            case Record.HASH -> {
                Map<String, NestedValue> entries = new LinkedHashMap<>();
                HashCursor cursor = new HashCursor();
                for (cursor.begin(record, entry.moment()); cursor.next(); ) {
                    entries.put(text(cursor.field()), NestedText.ofField(text(cursor.value())));
                }
                return new NestedValue.Bucket(entries);
            }
            default -> throw Errors.WRONG_TYPE;
        }
    }

    /** What a field of the hash holds; null when there is no such field. */
    private static @Nullable NestedValue field(Entry entry, String name) {
        byte[] bytes = latin(name);
        try (OffHeapBuffer buffer = new OffHeapBuffer(entry.database().keyspace().pages())) {
            buffer.append(bytes);
            Element value = new Element();
            boolean found =
                    HashValue.get(
                            entry.record(), buffer.address(), bytes.length, entry.moment(), value);
            return found ? NestedText.ofField(text(value)) : null;
        }
    }

    private static void reply(ReplyWriter reply, NestedValue value) {
        switch (value) {
            case NestedValue.Text(String bytes) -> reply.bulk(latin(bytes));
            case NestedValue.Items(List<String> strings) -> {
                reply.array(strings.size());
                for (String string : strings) {
                    reply.bulk(latin(string));
                }
            }
            case NestedValue.Bucket(Map<String, NestedValue> entries) -> {
                if (entries.size() != 1) {
                    reply.array(entries.size());
                }
                for (Map.Entry<String, NestedValue> entry : entries.entrySet()) {
                    reply.array(2);
                    reply.bulk(latin(entry.getKey()));
                    reply(reply, entry.getValue());
                }
            }
        }
    }

    private static String text(Element element) {
        return new String(bytes(element), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(Element element) {
        return element.isInteger()
                ? Long.toString(element.integer()).getBytes(StandardCharsets.US_ASCII)
                : Memory.bytes(element.address(), element.length());
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
