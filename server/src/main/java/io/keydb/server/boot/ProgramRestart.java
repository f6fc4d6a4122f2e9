package io.keydb.server.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts the program anew in the same process: same number, arguments and environment, nothing of
 * its memory. What is open is closed by it, so that addresses are free again.
 *
 * <p>Threads: safe.
 */
final class ProgramRestart {
    private static final Path PROGRAM = Path.of("/proc/self/exe");
    private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final int LAST_STANDARD_STREAM = 2;

    private final List<String> arguments;

    /** Notes the arguments, which may look otherwise later. */
    ProgramRestart() {
        this.arguments = arguments();
    }

    private static List<String> arguments() {
        try {
            // one byte, one character: file names need not be text
            String all = Files.readString(ARGUMENTS, StandardCharsets.ISO_8859_1);
            return List.of(all.substring(0, all.length() - 1).split("\0", -1));
        } catch (IOException absent) {
            return List.of();
        }
    }

    /**
     * Does not return when it succeeds.
     *
     * @throws IOException when the system does not let it
     */
    void run(long delayMillis) throws IOException {
        if (arguments.isEmpty()) {
            throw new IOException("the arguments of the process are not known here");
        }
        try {
            TimeUnit.MILLISECONDS.sleep(delayMillis);
        } catch (InterruptedException sooner) {
            Thread.currentThread().interrupt();
        }
        String program = Files.readSymbolicLink(PROGRAM).toString();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN)) {
            for (Path each : open) {
                int descriptor = Integer.parseInt(each.getFileName().toString());
                if (descriptor > LAST_STANDARD_STREAM) {
                    SystemCalls.closeOnExec(descriptor);
                }
            }
        }
        SystemCalls.execute(program, arguments);
        throw new IOException("the program " + program + " cannot be started");
    }

    /** As {@link #run}, for those who cannot do anything else. */
    void runOrFail(long delayMillis) {
        try {
            run(delayMillis);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
