package io.keydb.server.modules;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.RepeatedLine;
import java.util.List;

/**
 * Directives of modules.
 *
 * <p>Threads: immutable.
 */
public final class ModuleDirectives {
    private ModuleDirectives() {}

    public static final Directive<List<List<String>>> LOADMODULE =
            directive("loadmodule")
                    .form(new RepeatedLine(1, Integer.MAX_VALUE, "path and arguments"), List.of())
                    .fileOnly()
                    .doc(
                            "Loads a module at the start: the path of its jar, and what it takes as"
                                    + " arguments; one a line.");

    public static final List<Directive<?>> ALL = List.of(LOADMODULE);
}
