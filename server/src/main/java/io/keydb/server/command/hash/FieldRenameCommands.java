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
import io.keydb.server.keyspace.Entry;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.hash.HashValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fields that get another name. */
public final class FieldRenameCommands {
    private static final CommandError NO_FIELD = new CommandError("ERR hash key doesn't exist");
    private static final byte[] HSET_NAME = "HSET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HDEL_NAME = "HDEL".getBytes(StandardCharsets.US_ASCII);

    static final Command HRENAME =
            command("KEYDB.HRENAME", HASH)
                    .since("6.0.0")
                    .arity(4)
                    .flags(WRITE, DENYOOM, FAST)
                    .keys(at(1, RW, ACCESS, UPDATE))
                    .syntax("key field newfield")
                    .summary("Gives a field of a hash another name, in the place of any other.")
                    .handledBy(FieldRenameCommands::hrename);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(HRENAME);

    private FieldRenameCommands() {}

    private static void hrename(Call call) {
        Entry hash = call.entry(1, Record.HASH);
        if (!hash.exists()) {
            call.reply().nullBulk();
            return;
        }
        if (!HashCommands.get(call, hash, 2)) {
            throw NO_FIELD;
        }
        Request request = call.request();
        Element value = call.element();
        boolean same =
                request.length(2) == request.length(3)
                        && Memory.equal(request.address(2), request.address(3), request.length(2));
        if (!same) {
            try (OffHeapBuffer buffer = new OffHeapBuffer(call.keyspace().pages())) {
                int length = value.length();
                value.copyTo(buffer.reserve(Math.max(1, length)));
                rename(call, hash, buffer.address(), length);
            }
            call.touched(hash.key());
            call.event(EventClass.HASH, "hset", hash.key());
            call.event(EventClass.HASH, "hdel", hash.key());
        }
        call.reply().integer(1);
    }

    private static void rename(Call call, Entry hash, long value, int length) {
        Request request = call.request();
        long expiry = FieldExpiryCommands.expiry(hash, request, 2);
        HashValue.set(hash, request.address(3), request.length(3), value, length);
        HashValue.remove(hash, request.address(2), request.length(2));
        if (expiry >= 0) {
            FieldExpiryCommands.set(hash, request, 3, expiry);
        }
        Effects effects = call.effects();
        Key key = hash.key();
        int database = call.database().index();
        effects.command(database, 4).argument(HSET_NAME).argument(key.address(), key.length());
        effects.argument(request.address(3), request.length(3)).argument(value, length);
        FieldExpiryCommands.effectOfKeptExpiry(call, hash, 3);
        effects.command(database, 3).argument(HDEL_NAME).argument(key.address(), key.length());
        effects.argument(request.address(2), request.length(2));
    }
}
