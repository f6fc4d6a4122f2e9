package io.keydb.server.modules;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;

/**
 * INFO modules: a line for each module, in the words of stock.
 *
 * <p>Threads: safe.
 */
public final class ModulesSection implements ReportSection {
    private final Modules modules;

    public ModulesSection(Modules modules) {
        this.modules = modules;
    }

    @Override
    public String name() {
        return "modules";
    }

    @Override
    public void report(Report report) {
        for (LoadedModule module : modules.all()) {
            report.text(
                    "module",
                    "name="
                            + module.name()
                            + ",ver="
                            + module.version()
                            + ",api=1,filters=0,usedby=[],using=[],options=[]");
        }
    }
}
