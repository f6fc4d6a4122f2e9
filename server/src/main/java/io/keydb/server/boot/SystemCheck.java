package io.keydb.server.boot;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What {@code --check-system} prints: whether anything in the system is known to make a server slow
 * or large.
 *
 * <p>Threads: the main thread.
 */
final class SystemCheck {
    private static final Path CLOCK =
            Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    private static final Set<String> SLOW_CLOCKS = Set.of("xen", "hpet", "acpi_pm", "jiffies");

    private final PrintStream out;
    private boolean fine = true;

    private SystemCheck(PrintStream out) {
        this.out = out;
    }

    /** Prints one line for each check; whether all is well. */
    static boolean run(PrintStream out) {
        SystemCheck check = new SystemCheck(out);
        check.tell(
                "slow-clocksource",
                !SLOW_CLOCKS.contains(clock()),
                "The system's clock is slow to read, which every command pays for. Choose another"
                        + " with the kernel parameter 'clocksource=tsc'.");
        check.tell(
                "THP",
                !HugePages.areAlwaysOn(),
                "Transparent huge pages are always on. The server keeps them out of its own process"
                        + " ('disable-thp yes'); to turn them off for all, run 'echo madvise >"
                        + " /sys/kernel/mm/transparent_hugepage/enabled'.");
        check.tell(
                "native-access",
                SystemCheck.class.getModule().isNativeAccessEnabled(),
                "Java was started without --enable-native-access=ALL-UNNAMED.");
        return check.fine;
    }

    private void tell(String name, boolean good, String advice) {
        out.println("[" + name + "]..." + (good ? "OK" : "WARNING:\n" + advice));
        fine &= good;
    }

    private static String clock() {
        try {
            return Files.readString(CLOCK).strip();
        } catch (IOException unknown) {
            return "";
        }
    }
}
