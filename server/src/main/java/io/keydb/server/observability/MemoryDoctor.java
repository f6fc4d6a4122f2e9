package io.keydb.server.observability;

/**
 * Judges how memory is used and says so in sentences: MEMORY DOCTOR.
 *
 * <p>Threads: stateless.
 */
final class MemoryDoctor {
    private static final long LITTLE = 5 << 20;
    private static final long MUCH_WASTE = 10 << 20;

    private static final String EMPTY =
            "Hi Sam, this instance is empty or is using very little memory, my issues detector"
                    + " can't be used in these conditions. Please, leave for your mission on Earth"
                    + " and fill it with some data. The new Sam and I will be back to our"
                    + " programming as soon as I finished rebooting.\n";
    private static final String HEALTHY =
            "Hi Sam, I can't find any memory issue in your instance. I can only account for what"
                    + " occurs on this base.\n";
    private static final String PEAK =
            " * Peak memory: at its peak this instance used more than 150% of what it uses now."
                    + " Memory that is free since then is used again before more is taken from the"
                    + " system; MEMORY PURGE gives it back.\n\n";
    private static final String FRAGMENTATION =
            " * Fragmentation: the pages in use are more than 1.1 times as large as what is"
                    + " allocated in them. Many values were deleted or changed their size; the gaps"
                    + " are used again by values of the same sizes.\n\n";
    private static final String RETAINED =
            " * Free pages: more than a tenth of the memory taken from the system is free. MEMORY"
                    + " PURGE gives it back.\n\n";
    private static final String PROCESS =
            " * Process: the process holds more than 1.1 times the memory of its data. The Java"
                    + " heap, compiled code and thread stacks account for it; see java_heap_used in"
                    + " INFO.\n\n";

    private MemoryDoctor() {}

    static String report(MemoryFigures figures) {
        if (figures.used() < LITTLE) {
            return EMPTY;
        }
        StringBuilder findings = new StringBuilder();
        if (MemoryFigures.ratio(figures.peak(), figures.used()) > 1.5) {
            findings.append(PEAK);
        }
        note(findings, figures.active(), figures.used(), FRAGMENTATION);
        note(findings, figures.retained(), figures.active(), RETAINED);
        note(findings, figures.resident(), figures.retained(), PROCESS);
        if (findings.isEmpty()) {
            return HEALTHY;
        }
        return "Sam, I detected a few issues in this instance memory implants:\n\n"
                + findings
                + "I'm here to keep you safe, Sam. I want to help you.\n";
    }

    private static void note(StringBuilder findings, long part, long whole, String sentence) {
        if (part > whole * 1.1 && part - whole > MUCH_WASTE) {
            findings.append(sentence);
        }
    }
}
