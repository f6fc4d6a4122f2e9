package io.keydb.server.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;

/**
 * Whether the system makes huge pages of any memory by itself, and how to keep them out.
 *
 * <p>Threads: the main thread.
 */
final class HugePages {
    private static final Path STATE = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private HugePages() {}

    /** Whether they come without being asked for. */
    static boolean areAlwaysOn() {
        try {
            return Files.readString(STATE).contains("[always]");
        } catch (IOException none) {
            return false;
        }
    }

    /** Keeps them out of this process, if they come without being asked for. */
    static void keepOut(Logger log) {
        if (areAlwaysOn() && !SystemCalls.disableHugePages()) {
            log.warn(
                    "Transparent huge pages are on and cannot be turned off for this process: it"
                            + " may take more memory than its data needs");
        }
    }
}
