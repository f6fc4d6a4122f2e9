package io.keydb.server.observability;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.client.AllowedCallers;
import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of what an administrator may look at.
 *
 * <p>Threads: immutable.
 */
public final class ObservabilityDirectives {
    private ObservabilityDirectives() {}

    public static final Directive<AllowedCallers> ENABLE_DEBUG_COMMAND =
            directive("enable-debug-command")
                    .choice(AllowedCallers.NO)
                    .doc("Who may use DEBUG: nobody, everybody, or clients on the same machine.");

    public static final List<Directive<?>> ALL = List.of(ENABLE_DEBUG_COMMAND);
}
