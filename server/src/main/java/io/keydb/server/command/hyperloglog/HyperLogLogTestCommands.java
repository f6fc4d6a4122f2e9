package io.keydb.server.command.hyperloglog;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.DENYOOM;
import static io.keydb.server.command.CommandFlag.WRITE;
import static io.keydb.server.command.Group.HYPERLOGLOG;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeySpec.at;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.keyspace.Entry;
import io.keydb.server.value.hyperloglog.HyperLogLog;
import io.keydb.server.value.hyperloglog.SelfTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looking into HyperLogLogs, and a test of them. */
public final class HyperLogLogTestCommands {
    private static final CommandError NO_KEY =
            new CommandError("ERR The specified key does not exist");
    private static final CommandError NOT_SPARSE =
            new CommandError("ERR HLL encoding is not sparse");

    private static final byte[] SPARSE = "sparse".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DENSE = "dense".getBytes(StandardCharsets.US_ASCII);

    static final Command PFDEBUG =
            command("PFDEBUG", HYPERLOGLOG)
                    .since("2.8.9")
                    .arity(3)
                    .flags(WRITE, DENYOOM, ADMIN)
                    .keys(at(2, RW, ACCESS))
                    .syntax("subcommand key")
                    .summary("Shows or changes the representation of a HyperLogLog.")
                    .complexity("N/A")
                    .internal()
                    .handledBy(HyperLogLogTestCommands::pfdebug);

    static final Command PFSELFTEST =
            command("PFSELFTEST", HYPERLOGLOG)
                    .since("2.8.9")
                    .arity(1)
                    .flags(ADMIN)
                    .summary("Tests registers and estimates of HyperLogLogs.")
                    .complexity("N/A")
                    .internal()
                    .slow()
                    .handledBy(HyperLogLogTestCommands::pfselftest);

    /** The commands of this class. */
    public static final List<Command> ALL = List.of(PFDEBUG, PFSELFTEST);

    private HyperLogLogTestCommands() {}

    private static void pfdebug(Call call) {
        Entry entry = HyperLogLogs.entry(call, 2);
        if (!entry.exists()) {
            throw NO_KEY;
        }
        if (call.is(1, "GETREG")) {
            makeDense(call, entry);
            call.reply().array(HyperLogLog.REGISTERS);
            for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
                call.reply().integer(HyperLogLog.register(entry.record(), i));
            }
        } else if (call.is(1, "DECODE")) {
            if (!HyperLogLog.isSparse(entry.record())) {
                throw NOT_SPARSE;
            }
            call.reply().bulk(HyperLogLog.runs(entry.record()).getBytes(StandardCharsets.US_ASCII));
        } else if (call.is(1, "ENCODING")) {
            call.reply().simple(HyperLogLog.isSparse(entry.record()) ? SPARSE : DENSE);
        } else if (call.is(1, "TODENSE")) {
            call.reply().integer(makeDense(call, entry) ? 1 : 0);
        } else {
            throw new CommandError("ERR Unknown PFDEBUG subcommand '" + call.text(1) + "'");
        }
    }

    private static boolean makeDense(Call call, Entry entry) {
        if (!HyperLogLog.isSparse(entry.record())) {
            return false;
        }
        if (!HyperLogLog.makeDense(entry)) {
            throw HyperLogLogs.CORRUPT;
        }
        call.touched(entry.key());
        return true;
    }

    private static void pfselftest(Call call) {
        try (SelfTest test = new SelfTest(call.keyspace().pages(), call.keyspace().limits())) {
            String failed = test.run();
            if (!failed.isEmpty()) {
                throw new CommandError("ERR TESTFAILED " + failed);
            }
        }
        call.reply().ok();
    }
}
