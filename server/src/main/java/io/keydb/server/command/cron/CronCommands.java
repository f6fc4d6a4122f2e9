package io.keydb.server.command.cron;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.SCRIPTING;
import static io.keydb.server.command.KeyFlag.OW;
import static io.keydb.server.command.KeyFlag.UPDATE;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.Key;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.value.cron.CronJob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * KEYDB.CRON makes a key that is a job. All else is done with the commands of all keys: DEL ends
 * it, RENAME, COPY and EXPIRE do what they do.
 *
 * <p>The log gets the job as RESTORE: a stock replica, which cannot take it, then only lacks the
 * job, where an unknown command would have it drop the transaction it stands in.
 *
 * <p>A job runs with all rights, as in KeyDB; so making one is for those who may do what is
 * dangerous.
 */
public final class CronCommands {
    private static final CommandError NO_EXPIRE_TIME = new CommandError("ERR missing expire time");
    private static final CommandError NOT_POSITIVE =
            new CommandError("ERR interval must be positive");
    private static final CommandError TOO_FEW =
            new CommandError("ERR Missing arguments or numkeys is too big");

    private static final int DELAY = 3;
    private static final byte[] SINGLE = ascii("SINGLE");
    private static final byte[] REPEAT = ascii("REPEAT");

    static final Command CRON =
            command("KEYDB.CRON", SCRIPTING)
                    .since("6.0.0")
                    .arity(-5)
                    .flags(WRITE, DENYOOM)
                    .categories(AclCategory.DANGEROUS)
                    .keys(at(1, OW, UPDATE))
                    .syntax(
                            "key <SINGLE | REPEAT> [start-milliseconds] delay-milliseconds script"
                                    + " [numkeys [key [key ...]] [arg [arg ...]]]")
                    .summary("Makes a key that runs a script at a time, once or repeatedly.")
                    .complexity("O(1)")
                    .handledBy(CronCommands::cron);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(CRON);

    private CronCommands() {}

    private static void cron(Call call) {
        boolean isSingle = call.is(2, "SINGLE");
        if (!isSingle && !call.is(2, "REPEAT")) {
            throw Errors.SYNTAX;
        }
        long interval = call.integer(DELAY, NO_EXPIRE_TIME);
        long start = call.nowMillis();
        int script = DELAY + 1;
        if (isInteger(call, script)) {
            start = interval;
            interval = call.integer(script++);
        }
        if (interval <= 0) {
            throw NOT_POSITIVE;
        }
        if (script == call.count()) {
            throw Errors.SYNTAX;
        }
        if (!CronJob.isValid(start, interval)) {
            throw Errors.invalidExpiry(call.command().fullName());
        }
        CronJob job = job(call, script, start + interval, interval, isSingle);
        Key key = call.key(1);
        try (Draft draft = new Draft(call.database(), key)) {
            job.write(draft);
            draft.publish();
        }
        call.touched(key);
        call.effects().state(key);
        call.reply().ok();
    }

    private static boolean isInteger(Call call, int argument) {
        return DecimalText.isInteger(
                call.request().address(argument), call.request().length(argument));
    }

    private static CronJob job(Call call, int script, long due, long interval, boolean isSingle) {
        int numkeys = script + 1;
        long keyCount = numkeys < call.count() ? call.integer(numkeys) : 0;
        if (keyCount < 0 || keyCount > Math.max(0, call.count() - numkeys - 1)) {
            throw TOO_FEW;
        }
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> arguments = new ArrayList<>();
        for (int i = numkeys + 1; i < call.count(); i++) {
            (i <= numkeys + keyCount ? keys : arguments).add(call.request().bytes(i));
        }
        return new CronJob(due, interval, isSingle, call.request().bytes(script), keys, arguments);
    }

    /** What KEYDB.CRON has to be told behind the key so that it makes this job. */
    public static List<byte[]> words(CronJob job) {
        List<byte[]> words = new ArrayList<>();
        words.add(job.isSingle() ? SINGLE : REPEAT);
        words.add(ascii(Long.toString(job.startMillis())));
        words.add(ascii(Long.toString(job.intervalMillis())));
        words.addAll(scriptWords(job));
        return words;
    }

    /** What EVAL has to be told so that it runs this job. */
    public static List<byte[]> scriptWords(CronJob job) {
        List<byte[]> words = new ArrayList<>();
        words.add(job.script());
        words.add(ascii(Integer.toString(job.keys().size())));
        words.addAll(job.keys());
        words.addAll(job.arguments());
        return words;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
