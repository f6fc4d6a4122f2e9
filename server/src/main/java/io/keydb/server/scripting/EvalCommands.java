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
 * EVAL, EVALSHA and their read-only kin.
 *
 * <p>Threads: immutable.
 */
public final class EvalCommands {
    private static final String SYNTAX = " numkeys [key [key ...]] [arg [arg ...]]";
    private static final String COMPLEXITY = "Depends on the script that is executed.";
    private static final String WORST =
            "We cannot tell how the keys will be used so we assume the worst, ";

    private final Scripts scripts;

    public EvalCommands(Scripts scripts) {
        this.scripts = scripts;
    }

    /** All commands. */
    public List<Command> all() {
        return List.of(
                command("EVAL", SCRIPTING)
                        .since("2.6.0")
                        .arity(-3)
                        .flags(NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS, MAY_REPLICATE)
                        .keys(
                                KeySpec.counted(2, RW, ACCESS, UPDATE)
                                        .notes(WORST + "RW and UPDATE flags"))
                        .script()
                        .checkedBy(scripts::checkedByText)
                        .syntax("script" + SYNTAX)
                        .summary("Runs a script of Lua on the server.")
                        .complexity(COMPLEXITY)
                        .handledBy(call -> scripts.eval(call, false)),
                command("EVALSHA", SCRIPTING)
                        .since("2.6.0")
                        .arity(-3)
                        .flags(NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS, MAY_REPLICATE)
                        .keys(KeySpec.counted(2, RW, ACCESS, UPDATE))
                        .script()
                        .checkedBy(scripts::checkedByDigest)
                        .syntax("sha1" + SYNTAX)
                        .summary("Runs a script that the server has, by its SHA-1.")
                        .complexity(COMPLEXITY)
                        .handledBy(call -> scripts.evalDigest(call, false)),
                command("EVAL_RO", SCRIPTING)
                        .since("7.0.0")
                        .arity(-3)
                        .flags(READONLY, NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS)
                        .keys(KeySpec.counted(2, RO, ACCESS).notes(WORST + "RO and ACCESS flags"))
                        .script()
                        .checkedBy(scripts::checkedByText)
                        .syntax("script" + SYNTAX)
                        .summary("Runs a script of Lua that does not write.")
                        .complexity(COMPLEXITY)
                        .handledBy(call -> scripts.eval(call, true)),
                command("EVALSHA_RO", SCRIPTING)
                        .since("7.0.0")
                        .arity(-3)
                        .flags(READONLY, NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS)
                        .keys(KeySpec.counted(2, RO, ACCESS))
                        .script()
                        .checkedBy(scripts::checkedByDigest)
                        .syntax("sha1" + SYNTAX)
                        .summary("Runs a script that the server has and that does not write.")
                        .complexity(COMPLEXITY)
                        .handledBy(call -> scripts.evalDigest(call, true)));
    }
}
