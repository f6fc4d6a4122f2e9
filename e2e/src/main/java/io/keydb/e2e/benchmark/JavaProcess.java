package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Java machine of our server tells of itself: heap, pauses of the garbage collector, bytes
 * that the event loops have allocated.
 *
 * <p>Threads: confined to the main thread.
 */
final class JavaProcess {

    private static final Pattern LOOP_ALLOCATED =
            Pattern.compile("\"keydb-io-[^\"]*\".*? allocated=([0-9]+)(B|K|M|G)");
    private static final Pattern USED_AFTER =
            Pattern.compile("Pause .*?->([0-9]+)M\\(([0-9]+)M\\) ([0-9.]+)ms");

    private static final String ASKED_FOR = "Diagnostic Command";

    private final ServerProcess server;
    private final Path collections;

    /**
     * @param collections the log of the garbage collector, that the server was started to write
     */
    JavaProcess(ServerProcess server, Path collections) {
        this.server = server;
        this.collections = collections;
    }

    /** The flag that makes a server write such a log. */
    static String flag(Path log) {
        return "-Xlog:gc:file=" + log + ":none";
    }

    /** Bytes that all event loops have allocated on the heap since they started. */
    long allocatedByLoops() throws IOException, InterruptedException {
        String threads = ask("Thread.print", "-e");
        Matcher loops = LOOP_ALLOCATED.matcher(threads);
        long sum = 0;
        boolean found = false;
        while (loops.find()) {
            sum += Long.parseLong(loops.group(1)) * unit(loops.group(2));
            found = true;
        }
        if (!found) {
            throw new IOException("no event loop among the threads:\n" + threads);
        }
        return sum;
    }

    /** Makes the server collect all garbage. */
    void collect() throws IOException, InterruptedException {
        ask("GC.run");
    }

    /** The collections so far, but for those that were asked for. */
    Collections collections() throws IOException {
        Matcher lines =
                USED_AFTER.matcher(Files.readString(collections, StandardCharsets.ISO_8859_1));
        int count = 0;
        int usedMegabytes = 0;
        double pausesMillis = 0;
        double longestMillis = 0;
        while (lines.find()) {
            usedMegabytes = Integer.parseInt(lines.group(1));
            if (lines.group().contains(ASKED_FOR)) {
                continue;
            }
            count++;
            double pause = Double.parseDouble(lines.group(3));
            pausesMillis += pause;
            longestMillis = Math.max(longestMillis, pause);
        }
        return new Collections(count, usedMegabytes, pausesMillis, longestMillis);
    }

    /**
     * What the garbage collector did.
     *
     * @param usedMegabytes of the heap, after the last one, asked for or not
     */
    record Collections(int count, int usedMegabytes, double pausesMillis, double longestMillis) {}

    private String ask(String... command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        List<String> line = new ArrayList<>(List.of(program, Long.toString(server.pid())));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd failed: " + output);
        }
        return output;
    }

    private static long unit(String letter) {
        return switch (letter) {
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            case "G" -> 1L << 30;
            default -> 1;
        };
    }
}
