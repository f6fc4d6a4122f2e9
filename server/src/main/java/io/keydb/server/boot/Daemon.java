package io.keydb.server.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes into the background, as {@code daemonize yes} asks. A Java process cannot fork; so it starts
 * itself anew with the same command line and ends, and the second one makes a session of its own.
 *
 * <p>Threads: the main thread.
 */
final class Daemon {
    /** Tells the second process that it is the one in the background. */
    private static final String MARK = "KEYDB_IN_BACKGROUND";

    private static final Path OWN_COMMAND_LINE = Path.of("/proc/self/cmdline");

    private Daemon() {}

    /** Whether this is the second process. */
    static boolean isInBackground() {
        return System.getenv(MARK) != null;
    }

    /**
     * Starts the second process.
     *
     * @param input what was read from the standard input, for the second process to read again
     */
    static void start(byte[] input) throws IOException {
        ProcessBuilder process = new ProcessBuilder(commandLine());
        process.environment().put(MARK, "yes");
        process.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        try (OutputStream standardInput = process.start().getOutputStream()) {
            standardInput.write(input);
        }
    }

    private static List<String> commandLine() throws IOException {
        String text = Files.readString(OWN_COMMAND_LINE, StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of(text.split("\0", -1)));
        words.removeLast(); // each word ends with a NUL
        ProcessHandle.current().info().command().ifPresent(program -> words.set(0, program));
        return words;
    }
}
