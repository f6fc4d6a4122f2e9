package io.keydb.server.observability;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.observability.HostProbe.Crash;
import java.io.IOException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subcommands of DEBUG that concern the process: SEGFAULT, PANIC, ASSERT, OOM, RESTART,
 * CRASH-AND-RECOVER and CONFIG-REWRITE-FORCE-ALL.
 *
 * <p>Threads: workers.
 */
final class DebugProcess {
    private static final Logger LOG = LoggerFactory.getLogger(DebugProcess.class);
    private static final CommandError NOT_RESTARTED =
            new CommandError("ERR failed to restart the server. Check server logs.");
    private static final CommandError NOT_REWRITTEN =
            new CommandError("ERR CONFIG-REWRITE-FORCE-ALL failed");

    private final Supplier<HostProbe> host;

    DebugProcess(Supplier<HostProbe> host) {
        this.host = host;
    }

    /** Runs the subcommand of this name; false when it is none of these. */
    boolean handles(String name, Call call) {
        int arguments = call.count() - 2;
        switch (name) {
            case "SEGFAULT", "PANIC", "ASSERT", "OOM" -> host.get().crash(Crash.valueOf(name));
            case "RESTART" -> restart(call, true);
            case "CRASH-AND-RECOVER" -> restart(call, false);
            case "CONFIG-REWRITE-FORCE-ALL" -> {
                if (arguments != 0) {
                    return false;
                }
                rewrite();
            }
            default -> {
                return false;
            }
        }
        call.reply().ok();
        return true;
    }

    /** What is no time means at once. */
    private void restart(Call call, boolean inOrder) {
        long delayMillis = 0;
        if (call.count() > 2) {
            delayMillis = Math.max(0, call.integer(2));
        }
        try {
            host.get().restart(inOrder, delayMillis);
        } catch (IOException failed) {
            LOG.warn("Can't restart: {}", failed.getMessage());
            throw NOT_RESTARTED;
        }
    }

    private void rewrite() {
        try {
            host.get().rewriteConfiguration();
        } catch (IOException failed) {
            LOG.warn("Rewriting the configuration failed: {}", failed.getMessage());
            throw NOT_REWRITTEN;
        }
    }
}
