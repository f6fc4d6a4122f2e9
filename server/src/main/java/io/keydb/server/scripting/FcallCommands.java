package io.keydb.server.scripting;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.MAY_REPLICATE;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_MANDATORY_KEYS;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.SKIP_MONITOR;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SCRIPTING;
import static io.keydb.server.command.KeyFlag.ACCESS;
import static io.keydb.server.command.KeyFlag.RO;
import static io.keydb.server.command.KeyFlag.RW;
import static io.keydb.server.command.KeyFlag.UPDATE;

import io.keydb.server.command.Command;
import io.keydb.server.command.KeySpec;
import java.util.List;

/**
 * FCALL and FCALL_RO.
 *
 * <p>Threads: immutable.
 */
final class FcallCommands {
    private static final String SYNTAX = "function numkeys [key [key ...]] [arg [arg ...]]";
    private static final String COMPLEXITY = "Depends on the function that is executed.";

    private FcallCommands() {}

    /** Both commands. */
    static List<Command> of(FunctionLibraries libraries) {
        return List.of(
                command("FCALL", SCRIPTING)
                        .since("7.0.0")
                        .arity(-3)
                        .flags(NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS, MAY_REPLICATE)
                        .keys(
                                KeySpec.counted(2, RW, ACCESS, UPDATE)
                                        .notes(
                                                "We cannot tell how the keys will be used so we"
                                                        + " assume the worst, RW and UPDATE flags"))
                        .script()
                        .checkedBy(libraries::checked)
                        .syntax(SYNTAX)
                        .summary("Calls a function of a library.")
                        .complexity(COMPLEXITY)
                        .handledBy(call -> libraries.call(call, false)),
                command("FCALL_RO", SCRIPTING)
                        .since("7.0.0")
                        .arity(-3)
                        .flags(READONLY, NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS)
                        .keys(
                                KeySpec.counted(2, RO, ACCESS)
                                        .notes(
                                                "We cannot tell how the keys will be used so we"
                                                        + " assume the worst, RO and ACCESS flags"))
                        .script()
                        .checkedBy(libraries::checked)
                        .syntax(SYNTAX)
                        .summary("Calls a function of a library that does not write.")
                        .complexity(COMPLEXITY)
                        .handledBy(call -> libraries.call(call, true)));
    }
}
