package io.keydb.server.observability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel knows about this process and its machine, read from {@code /proc}. Where that is
 * missing, each answer is 0.
 *
 * <p>Threads: safe, because stateless.
 */
final class ProcessFacts {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final Path MACHINE = Path.of("/proc/meminfo");

    /** The unit of processor times in {@code stat}, which Linux fixes for user space. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME_AFTER_NAME = 11;

    private ProcessFacts() {}

    /** Bytes of memory the process holds. */
    static long residentBytes() {
        return kilobytes(STATUS, "VmRSS:") * 1024;
    }

    /** Bytes of memory the machine has. */
    static long machineBytes() {
        return kilobytes(MACHINE, "MemTotal:") * 1024;
    }

    /** Bytes of memory the machine can still give to programs. */
    static long availableBytes() {
        return kilobytes(MACHINE, "MemAvailable:") * 1024;
    }

    /** Seconds of processor time the process has used. */
    static CpuTime cpuTime() {
        return cpuTime(read(STAT));
    }

    /** The same of its threads whose name begins so. */
    static CpuTime cpuTimeOfThreads(String name) {
        double user = 0;
        double system = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                String stat = read(thread.resolve("stat"));
                if (stat.contains("(" + name)) {
                    CpuTime time = cpuTime(stat);
                    user += time.user();
                    system += time.system();
                }
            }
        } catch (IOException absent) {
            return new CpuTime(0, 0);
        }
        return new CpuTime(user, system);
    }

    private static CpuTime cpuTime(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length < USER_TIME_AFTER_NAME + 2) {
            return new CpuTime(0, 0);
        }
        return new CpuTime(
                Long.parseLong(fields[USER_TIME_AFTER_NAME]) / TICKS_PER_SECOND,
                Long.parseLong(fields[USER_TIME_AFTER_NAME + 1]) / TICKS_PER_SECOND);
    }

    private static long kilobytes(Path file, String name) {
        for (String line : read(file).split("\n")) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
            }
        }
        return 0;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }

    /** Seconds of processor time in programs and in the kernel. */
    record CpuTime(double user, double system) {}
}
