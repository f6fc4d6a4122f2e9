package io.keydb.server.observability;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of what an administrator may look at.
 *
 * <p>Threads: immutable.
 */
public final class ObservabilityDirectives {
    private ObservabilityDirectives() {}

    /** Who may use DEBUG. */
    public enum DebugAccess {
        NO,
        YES,
        /** Clients on the same machine. */
        LOCAL
    }

    public static final Directive<DebugAccess> ENABLE_DEBUG_COMMAND =
            directive("enable-debug-command")
                    .choice(DebugAccess.NO)
                    .doc("Who may use DEBUG: nobody, everybody, or clients on the same machine.");

    public static final List<Directive<?>> ALL = List.of(ENABLE_DEBUG_COMMAND);
}
