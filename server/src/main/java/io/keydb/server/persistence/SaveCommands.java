package io.keydb.server.persistence;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_ASYNC_LOADING;
import static io.keydb.server.command.CommandFlag.NO_MULTI;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.persistence.aof.AofRewrites;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands of the dump file, and the rewrite of the append-only file. */
final class SaveCommands {
    private static final CommandError IN_PROGRESS =
            new CommandError("ERR Background save already in progress");
    private static final CommandError REWRITE_IN_PROGRESS =
            new CommandError("ERR Background append only file rewriting already in progress");
    private static final CommandError OTHER_FILE =
            new CommandError(
                    "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE"
                            + " SCHEDULE in order to schedule a BGSAVE whenever possible.");
    private static final byte[] REWRITE_STARTED =
            "Background append only file rewriting started".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REWRITE_SCHEDULED =
            "Background append only file rewriting scheduled".getBytes(StandardCharsets.US_ASCII);
    private static final CommandError FAILED = new CommandError("ERR ");
    private static final byte[] STARTED =
            "Background saving started".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SCHEDULED =
            "Background saving scheduled".getBytes(StandardCharsets.US_ASCII);

    private final Saves saves;
    private final AofRewrites rewrites;
    private final List<Command> all;

    SaveCommands(Saves saves, AofRewrites rewrites) {
        this.saves = saves;
        this.rewrites = rewrites;
        this.all =
                List.of(
                        command("SAVE", SERVER)
                                .arity(1)
                                .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
                                .slow()
                                .summary("Writes the dump file; clients go on meanwhile.")
                                .complexity("O(N), when N is the number of keys.")
                                .handledBy(this::save),
                        command("BGSAVE", SERVER)
                                .arity(-1)
                                .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
                                .slow()
                                .syntax("[SCHEDULE]")
                                .summary("Begins to write the dump file in the background.")
                                .changed("3.2.2", "Added the `SCHEDULE` option.")
                                .handledBy(this::saveInBackground),
                        command("BGREWRITEAOF", SERVER)
                                .since("1.0.0")
                                .arity(1)
                                .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
                                .summary(
                                        "Begins to make the append-only file short again, in the"
                                                + " background.")
                                .complexity("O(1).")
                                .handledBy(this::rewrite),
                        command("LASTSAVE", SERVER)
                                .arity(1)
                                .flags(LOADING, STALE, FAST)
                                .summary("Tells when the dump file was last written.")
                                .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
                                .tips("nondeterministic_output")
                                .handledBy(
                                        call ->
                                                call.reply()
                                                        .integer(saves.lastSaveMillis() / 1000)));
    }

    List<Command> all() {
        return all;
    }

    private void save(Call call) {
        if (saves.isRunning()) {
            throw IN_PROGRESS;
        }
        try {
            saves.now();
        } catch (IllegalStateException begunMeanwhile) {
            throw IN_PROGRESS;
        } catch (IOException logged) {
            throw FAILED;
        }
        call.reply().ok();
    }

    private void saveInBackground(Call call) {
        boolean schedules = call.count() > 1;
        if (schedules && (call.count() > 2 || !call.is(1, "SCHEDULE"))) {
            throw Errors.SYNTAX;
        }
        if (saves.isRunning()) {
            throw IN_PROGRESS;
        }
        if (rewrites.isRunning() && !schedules && !call.inTransaction()) {
            throw OTHER_FILE;
        }
        if (call.inTransaction() || rewrites.isRunning()) {
            saves.schedule();
            call.reply().simple(SCHEDULED);
            return;
        }
        if (!saves.begin()) {
            throw IN_PROGRESS;
        }
        call.reply().simple(STARTED);
    }

    private void rewrite(Call call) {
        if (rewrites.isRunning()) {
            throw REWRITE_IN_PROGRESS;
        }
        if (call.inTransaction()) {
            rewrites.schedule();
            call.reply().simple(REWRITE_SCHEDULED);
        } else {
            call.reply().simple(rewrites.begin() ? REWRITE_STARTED : REWRITE_SCHEDULED);
        }
    }
}
