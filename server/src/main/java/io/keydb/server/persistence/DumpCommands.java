package io.keydb.server.persistence;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ASKING;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.Group.SERVER;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.Group;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.persistence.rdb.RdbException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DUMP and RESTORE: the value of one key as bytes, and back.
 *
 * <p>Threads: safe.
 */
public final class DumpCommands {
    private static final CommandError BUSY_KEY =
            new CommandError("BUSYKEY Target key name already exists.");
    private static final Logger LOG = LoggerFactory.getLogger(DumpCommands.class);
    private static final CommandError NEGATIVE_EXPIRY =
            new CommandError("ERR Invalid TTL value, must be >= 0");
    private static final CommandError UNSOUND =
            new CommandError("ERR DUMP payload version or checksum are wrong");
    private static final CommandError BAD_FORMAT = new CommandError("ERR Bad data format");
    private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNLINK = "UNLINK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ABSTTL = "ABSTTL".getBytes(StandardCharsets.US_ASCII);

    private final Command dump =
            command("DUMP", GENERIC)
                    .since("2.6.0")
                    .arity(2)
                    .flags(READONLY)
                    .keys(at(1, RO, ACCESS))
                    .syntax("key")
                    .summary("Gives the value of a key as bytes that `RESTORE` takes.")
                    .complexity("O(N) where N is the size of the value.")
                    .tips("nondeterministic_output")
                    .handledBy(DumpCommands::dump);

    private final Command restore =
            restoring("RESTORE", GENERIC)
                    .since("2.6.0")
                    .flags(WRITE, DENYOOM)
                    .summary("Makes a key of the bytes that `DUMP` gave.")
                    .handledBy(this::restore);

    private final Command restoreAsking =
            restoring("RESTORE-ASKING", SERVER)
                    .since("3.0.0")
                    .flags(WRITE, DENYOOM, ASKING)
                    .categories(AclCategory.KEYSPACE)
                    .internal()
                    .summary("Makes a key of the bytes that a node of a cluster sent.")
                    .handledBy(this::restore);

    private volatile boolean checksumMatters = true;

    /** The commands of this class. */
    public List<Command> all() {
        return List.of(dump, restore, restoreAsking);
    }

    /** Switches the check of checksums, for tests of the server. */
    public void checksumMatters(boolean matters) {
        checksumMatters = matters;
    }

    private static void dump(Call call) {
        long record = call.database().find(call.key(1));
        if (record == 0) {
            call.reply().nullBulk();
            return;
        }
        try (OffHeapBuffer payload = new OffHeapBuffer(call.keyspace().pages())) {
            DumpPayload.write(record, payload);
            call.reply().bulk(payload.address(), payload.length());
        }
    }

    private static Command.Builder restoring(String name, Group group) {
        return command(name, group)
                .arity(-4)
                .categories(AclCategory.DANGEROUS)
                .keys(at(1, OW, UPDATE))
                .syntax(
                        "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds]"
                                + " [FREQ frequency]")
                .complexity("O(N*log(N)) at most, where N is the size of the value.")
                .changed("3.0.0", "Added the `REPLACE` modifier.")
                .changed("5.0.0", "Added the `ABSTTL` modifier.")
                .changed("5.0.0", "Added the `IDLETIME` and `FREQ` options.");
    }

    private void restore(Call call) {
        RestoreOptions options = RestoreOptions.of(call);
        Key key = call.key(1);
        Database database = call.database();
        long old = database.find(key);
        if (old != 0 && !options.replaces()) {
            throw BUSY_KEY;
        }
        long ttl = call.integer(2);
        if (ttl < 0) {
            throw NEGATIVE_EXPIRY;
        }
        long expiry = ttl == 0 || options.isAbsolute() ? ttl : ttl + call.nowMillis();
        long address = call.request().address(3);
        int length = call.request().length(3);
        if (!DumpPayload.isSound(address, length, checksumMatters)) {
            throw UNSOUND;
        }
        try (Draft draft = draft(database, key, expiry)) {
            build(call, address, length, draft);
            if (expiry != 0 && expiry <= call.nowMillis() && !call.client().isPrimary()) {
                expired(call, key, old);
            } else {
                draft.publish();
                restored(call, key, options, ttl == 0 ? 0 : expiry);
            }
        }
        call.reply().ok();
    }

    private static Draft draft(Database database, Key key, long expiry) {
        return expiry == 0 ? new Draft(database, key) : new Draft(database, key, expiry);
    }

    private static void build(Call call, long address, int length, Draft draft) {
        int longest = (int) Math.min(Integer.MAX_VALUE, call.memoryForReply());
        try (DumpPayload payload = new DumpPayload(call.keyspace().pages(), longest)) {
            payload.build(address, length, draft);
        } catch (RdbException damaged) {
            LOG.warn("RESTORE is refused, integrity check failed: {}", damaged.getMessage());
            throw BAD_FORMAT;
        }
    }

    /** What was restored would be gone at once; only the old value goes. */
    private static void expired(Call call, Key key, long old) {
        if (old == 0) {
            call.effects().none();
            return;
        }
        call.database().remove(key, old);
        call.touched(key);
        call.event(EventClass.GENERIC, "del", key);
        call.effects()
                .command(call.database().index(), 2)
                .argument(call.keyspace().lazyFreeing().ofEmptied() ? UNLINK : DEL)
                .argument(key.address(), key.length());
    }

    private static void restored(Call call, Key key, RestoreOptions options, long expiry) {
        long record = call.database().stored(key);
        options.apply(call.keyspace().accesses(), record);
        call.touched(key);
        call.event(EventClass.GENERIC, "restore", key);
        if (expiry == 0 || options.isAbsolute()) {
            return;
        }
        int count = call.count();
        Effects effects = call.effects().command(call.database().index(), count + 1);
        for (int i = 0; i < count; i++) {
            if (i == 2) {
                effects.argument(expiry);
            } else {
                effects.argument(call.request().address(i), call.request().length(i));
            }
        }
        effects.argument(ABSTTL);
    }
}
