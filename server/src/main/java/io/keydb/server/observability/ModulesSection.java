package io.keydb.server.observability;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;

/**
 * INFO modules: a heading and nothing else, as in a stock server without modules.
 *
 * <p>Threads: safe, because stateless.
 */
public final class ModulesSection implements ReportSection {
    @Override
    public String name() {
        return "modules";
    }

    @Override
    public void report(Report report) {
        // no module is loaded
    }
}
