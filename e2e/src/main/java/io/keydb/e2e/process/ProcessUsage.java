package io.keydb.e2e.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process uses of the machine, read from {@code /proc}.
 *
 * @param residentBytes the resident set size
 * @param cpuMillis user and system time spent since the start of the process, in steps of 10 ms
 *     <p>Threads: immutable.
 */
public record ProcessUsage(long residentBytes, long cpuMillis) {

    /** Linux reports times to user space in this unit on every architecture. */
    private static final long MILLIS_PER_TICK = 10;

    private static final int USER_TIME_AFTER_NAME = 11;

    /** Reads the usage of one process now. */
    public static ProcessUsage of(long pid) throws IOException {
        return new ProcessUsage(residentBytes(pid), cpuMillis(pid));
    }

    private static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("process " + pid + " has no resident set");
    }

    private static long cpuMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The second field is the program's name in parentheses and may itself hold spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks =
                Long.parseLong(fields[USER_TIME_AFTER_NAME])
                        + Long.parseLong(fields[USER_TIME_AFTER_NAME + 1]);
        return ticks * MILLIS_PER_TICK;
    }
}
