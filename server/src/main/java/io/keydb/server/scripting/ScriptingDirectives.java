package io.keydb.server.scripting;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of scripts and functions.
 *
 * <p>Threads: immutable.
 */
public final class ScriptingDirectives {
    private ScriptingDirectives() {}

    public static final Directive<Long> BUSY_REPLY_THRESHOLD =
            directive("busy-reply-threshold")
                    .integer(5000, 0, Long.MAX_VALUE)
                    .alias("lua-time-limit")
                    .mutable()
                    .doc(
                            "After so many milliseconds of a script other clients are answered"
                                    + " `BUSY` and may kill it; 0 never answers so.");

    public static final Directive<Boolean> LUA_REPLICATE_COMMANDS =
            directive("lua-replicate-commands")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Accepted for the sake of old configuration files: replicas are always"
                                    + " told what scripts have done, never the scripts.");

    public static final List<Directive<?>> ALL =
            List.of(BUSY_REPLY_THRESHOLD, LUA_REPLICATE_COMMANDS);
}
