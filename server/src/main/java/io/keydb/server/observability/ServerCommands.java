package io.keydb.server.observability;

import static io.keydb.server.command.AclCategory.DANGEROUS;
import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** INFO and TIME: what a server tells about itself. */
public final class ServerCommands {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_MILLI = 1000;

    private final Supplier<Sections> sections;
    private final List<Command> all;

    /**
     * @param sections the sections of INFO, which are put together after the commands
     */
    public ServerCommands(Supplier<Sections> sections) {
        this.sections = sections;
        this.all = List.of(info(), time());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private Command info() {
        return command("INFO", SERVER)
                .since("1.0.0")
                .arity(-1)
                .flags(LOADING, STALE)
                .categories(DANGEROUS)
                .syntax("[section [section ...]]")
                .summary("Tells what the server is and how it is doing.")
                .complexity("O(1)")
                .changed("7.0.0", "Added support for taking multiple section arguments.")
                .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                .handledBy(this::info);
    }

    private void info(Call call) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            names.add(call.text(i));
        }
        String text = sections.get().info(names);
        call.reply().verbatim("txt", text.getBytes(StandardCharsets.UTF_8));
    }

    private static Command time() {
        return command("TIME", SERVER)
                .since("2.6.0")
                .arity(1)
                .flags(LOADING, STALE, FAST)
                .summary("Gives the time of the server.")
                .complexity("O(1)")
                .tips("nondeterministic_output")
                .handledBy(ServerCommands::time);
    }

    private static void time(Call call) {
        // Time stands still for a script.
        long micros =
                call.inScript()
                        ? call.nowMillis() * MICROS_PER_MILLI
                        : call.keyspace().clock().micros();
        call.reply().array(2);
        call.reply().bulkInteger(micros / MICROS_PER_SECOND);
        call.reply().bulkInteger(micros % MICROS_PER_SECOND);
    }
}
