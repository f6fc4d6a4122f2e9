package io.keydb.server.management;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of the HTTP side.
 *
 * <p>Threads: immutable.
 */
public final class ManagementDirectives {
    private ManagementDirectives() {}

    public static final Directive<Long> MANAGEMENT_PORT =
            directive("management-port")
                    .integer(0, 0, 65535)
                    .doc("Port of the probes and metrics over HTTP; 0 opens none.");

    public static final Directive<String> MANAGEMENT_BIND =
            directive("management-bind")
                    .text("0.0.0.0")
                    .doc("Address on which the management port listens.");

    public static final List<Directive<?>> ALL = List.of(MANAGEMENT_PORT, MANAGEMENT_BIND);
}
