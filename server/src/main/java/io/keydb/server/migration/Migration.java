package io.keydb.server.migration;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.GENERIC;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.DELETE;
import static io.keydb.server.command.KeyFlag.INCOMPLETE;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;
import static io.keydb.server.command.KeySpec.behind;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Effects;
import io.keydb.server.command.KeyFlag;
import io.keydb.server.command.StateForm;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.structure.Record;
import io.keydb.server.support.ReportSection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * MIGRATE: the keys are sent to another server and removed here as far as it says that it has them.
 *
 * <p>A connection that was kept may have been closed by the other server since. Where nothing was
 * answered and nothing was late, all is sent once more on a new one.
 *
 * <p>Threads: safe.
 */
public final class Migration implements AutoCloseable {
    private static final CommandError CONNECTING =
            new CommandError("IOERR error or timeout connecting to the client");
    private static final CommandError WRITING =
            new CommandError("IOERR error or timeout writing to target instance");
    private static final CommandError READING =
            new CommandError("IOERR error or timeout reading from target instance");
    private static final byte[] REFUSED =
            "ERR Target instance replied with error: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_KEY = "NOKEY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);

    /** What is done with keys behind KEYS; that not all are found is for clients to know only. */
    private static final Set<KeyFlag> OF_KEYS = EnumSet.of(RW, ACCESS, DELETE);

    private final Command migrate =
            command("MIGRATE", GENERIC)
                    .since("2.6.0")
                    .arity(-6)
                    .flags(WRITE)
                    .slow()
                    .categories(AclCategory.DANGEROUS)
                    .keys(
                            at(3, RW, ACCESS, DELETE).locatedBy(MigrateOptions::onlyKey),
                            behind("KEYS", -2, RW, ACCESS, DELETE, INCOMPLETE)
                                    .locatedBy(MigrateOptions::firstOfKeys)
                                    .chosenBy(request -> OF_KEYS))
                    .secrets(MigrateOptions::isSecret)
                    .syntax(
                            "host port <key | \"\"> destination-db timeout [COPY] [REPLACE] [AUTH"
                                    + " password | AUTH2 username password] [KEYS key [key ...]]")
                    .summary("Moves keys to another server.")
                    .complexity(
                            "O(N) where N is the size of the values, with as much to be sent, and"
                                    + " that of `RESTORE` there.")
                    .changed("3.0.0", "Added the `COPY` and `REPLACE` options.")
                    .changed("3.0.6", "Added the `KEYS` option.")
                    .changed("4.0.7", "Added the `AUTH` option.")
                    .changed("6.0.0", "Added the `AUTH2` option.")
                    .tips("nondeterministic_output")
                    .handledBy(this::migrate);

    private final StateForm form;
    private final Targets targets;

    /**
     * @param form how values travel: as DUMP gives them
     */
    public Migration(StateForm form, ConnectionTerms terms) {
        this.form = form;
        this.targets = new Targets(terms);
    }

    /** The command. */
    public List<Command> commands() {
        return List.of(migrate);
    }

    /** What INFO tells of the connections that are kept. */
    public ReportSection section() {
        return targets;
    }

    /** To be called now and then: closes connections that nobody needs any more. */
    public void tick() {
        targets.tick();
    }

    private void migrate(Call call) {
        MigrateOptions options = MigrateOptions.of(call);
        List<Key> keys = present(call, options);
        if (keys.isEmpty()) {
            call.reply().simple(NO_KEY);
            return;
        }
        try (Transfer transfer = new Transfer(options, form, call.keyspace().pages())) {
            for (Key key : keys) {
                long record = call.database().peek(key);
                transfer.add(key, record, millisLeft(call, record));
            }
            CommandError failure = deliver(options, transfer);
            if (!options.copies()) {
                remove(call, transfer.arrived());
            }
            byte[] refusal = transfer.refusal();
            if (refusal != null) {
                throw refused(refusal);
            }
            if (failure != null) {
                throw failure;
            }
        }
        call.reply().ok();
    }

    private static List<Key> present(Call call, MigrateOptions options) {
        List<Key> present = new ArrayList<>();
        for (int i = 0; i < options.keyCount(); i++) {
            Key key = call.key(options.firstKey() + i);
            boolean isThere = call.database().find(key) != 0;
            call.lookedUp(key, isThere);
            if (isThere) {
                present.add(key);
            }
        }
        return present;
    }

    /** Why not all keys were answered for, or null. */
    private @Nullable CommandError deliver(MigrateOptions options, Transfer transfer) {
        Target kept = targets.take(options.host(), options.port());
        IOException failed = run(options, transfer, kept == null ? connect(options) : kept);
        if (failed != null
                && !transfer.isAnswered()
                && !(failed instanceof InterruptedIOException)) {
            failed = run(options, transfer, connect(options));
        }
        if (failed == null) {
            return null;
        }
        return transfer.isWriting() ? WRITING : READING;
    }

    private Target connect(MigrateOptions options) {
        try {
            return targets.connect(options.host(), options.port(), options.timeoutMillis());
        } catch (UnknownHostException | SSLException nobody) {
            throw CONNECTING;
        } catch (IOException refused) {
            throw WRITING; // as stock, which learns of it only when it writes
        }
    }

    private static long millisLeft(Call call, long record) {
        return Record.hasExpiry(record) ? Math.max(1, Record.expiry(record) - call.nowMillis()) : 0;
    }

    /** Keeps the connection for others if nothing is wrong with it. */
    private @Nullable IOException run(MigrateOptions options, Transfer transfer, Target target) {
        boolean isSound = false;
        try {
            target.timeoutMillis(options.timeoutMillis());
            transfer.run(target);
            isSound = true;
            return null;
        } catch (IOException failed) {
            return failed;
        } finally {
            if (isSound) {
                targets.keep(options.host(), options.port(), target);
            } else {
                target.close();
            }
        }
    }

    /** What is left to the log is the removal, whatever becomes of the keys elsewhere. */
    private static void remove(Call call, List<Key> arrived) {
        List<Key> removed = new ArrayList<>();
        for (Key key : arrived) {
            if (call.database().delete(key)) {
                call.touched(key);
                call.event(EventClass.GENERIC, "del", key);
                removed.add(key);
            }
        }
        if (removed.isEmpty()) {
            return;
        }
        Effects effects = call.effects().command(call.database().index(), removed.size() + 1);
        effects.argument(DEL);
        for (Key key : removed) {
            effects.argument(key.address(), key.length());
        }
    }

    private static CommandError refused(byte[] reply) {
        byte[] text = new byte[REFUSED.length + reply.length - 1];
        System.arraycopy(REFUSED, 0, text, 0, REFUSED.length);
        System.arraycopy(reply, 1, text, REFUSED.length, reply.length - 1);
        return new CommandError(text);
    }

    /** Closes the connections that are kept. */
    @Override
    public void close() {
        targets.close();
    }
}
