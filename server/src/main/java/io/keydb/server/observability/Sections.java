package io.keydb.server.observability;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All sections of INFO in their order. Two contributions of the same name stand under one heading.
 *
 * <p>Threads: immutable; the sections themselves are safe.
 */
public final class Sections {
    /** Shown only when asked for, as commands can be many. */
    private static final Set<String> NOT_BY_DEFAULT = Set.of("commandstats", "latencystats");

    private final List<ReportSection> sections;

    /**
     * @param sections what each subsystem tells; those of the same name may stand apart
     */
    public Sections(List<ReportSection> sections) {
        List<ReportSection> all = new ArrayList<>(sections);
        all.addAll(AbsentFigures.all());
        List<String> order = sections.stream().map(ReportSection::name).distinct().toList();
        all.sort(Comparator.comparing(section -> order.indexOf(section.name())));
        this.sections = List.copyOf(all);
    }

    /** The text of INFO for these section names; without any, what INFO shows by itself. */
    public String info(List<String> names) {
        InfoText text = new InfoText();
        Set<String> wanted = wanted(names);
        String heading = "";
        for (ReportSection section : sections) {
            if (wanted.contains(section.name())) {
                if (!section.name().equals(heading)) {
                    heading = section.name();
                    text.heading(heading);
                }
                section.report(text);
            }
        }
        return text.toString();
    }

    /** States everything of every section. */
    public void report(Report report) {
        for (ReportSection section : sections) {
            section.report(report);
        }
    }

    private Set<String> wanted(List<String> names) {
        Set<String> wanted = new LinkedHashSet<>();
        for (String name : names.isEmpty() ? List.of("default") : names) {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "default" -> addAll(wanted, false);
                case "all", "everything" -> addAll(wanted, true);
                default -> wanted.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return wanted;
    }

    private void addAll(Set<String> wanted, boolean evenLong) {
        for (ReportSection section : sections) {
            if (evenLong || !NOT_BY_DEFAULT.contains(section.name())) {
                wanted.add(section.name());
            }
        }
    }
}
