package io.keydb.server.boot;

import io.keydb.server.boot.BootDirectives.LogLevel;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The log of the process, in the format of stock servers, so that what reads theirs reads ours:
 *
 * <pre>
 * 8092:M 20 Nov 2026 19:03:22.568 * Ready to accept connections
 * pid:role date              level message
 * </pre>
 *
 * <p>Levels: {@code .} debug, {@code -} verbose, {@code *} notice, {@code #} warning; in terms of
 * slf4j, which all packages log with, TRACE, DEBUG, INFO, and WARN or ERROR. The trace of an
 * exception follows its line.
 *
 * <p>Threads: safe, because a line is written under a monitor.
 */
final class ServerLog extends Handler {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ENGLISH)
                    .withZone(ZoneId.systemDefault());
    private static final String OWN_CATEGORY = "io.keydb";

    private final Destination out;
    private final long processId = ProcessHandle.current().pid();
    private final SimpleFormatter messages = new SimpleFormatter();
    private final Logger root = Logger.getLogger("");
    private final Logger own = Logger.getLogger(OWN_CATEGORY);

    /** Where lines go. */
    @FunctionalInterface
    interface Destination {
        void write(String line) throws IOException;
    }

    ServerLog(Destination out) {
        this.out = out;
    }

    /**
     * A log to the file, or to standard output when there is none. The file is opened for each
     * line, so that it may be moved away at any time.
     */
    static ServerLog to(Optional<Path> file) {
        PrintStream console = System.out;
        return new ServerLog(
                file.<Destination>map(path -> line -> append(path, line))
                        .orElse(
                                line -> {
                                    console.print(line);
                                    console.flush();
                                }));
    }

    /** Whether the file can be written; it is made if there is none. */
    static void open(Path file) throws IOException {
        append(file, "");
    }

    private static void append(Path file, String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Makes this the log of the process, in place of any other. */
    void install() {
        for (Handler other : root.getHandlers()) {
            root.removeHandler(other);
        }
        root.addHandler(this);
        root.setLevel(Level.WARNING);
    }

    /** Chooses how much of our own is logged; libraries only ever warn. */
    void level(LogLevel level) {
        own.setLevel(
                switch (level) {
                    case DEBUG -> Level.FINER;
                    case VERBOSE -> Level.FINE;
                    case NOTICE -> Level.INFO;
                    case WARNING -> Level.WARNING;
                    case NOTHING -> Level.OFF;
                });
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getMessage() == null && record.getThrown() == null) {
            return;
        }
        StringBuilder line = new StringBuilder();
        line.append(processId).append(":M ");
        DATE.formatTo(Instant.ofEpochMilli(record.getMillis()), line);
        line.append(' ').append(sign(record.getLevel())).append(' ');
        line.append(messages.formatMessage(record)).append('\n');
        Throwable thrown = record.getThrown();
        if (thrown != null) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        synchronized (out) {
            try {
                out.write(line.toString());
            } catch (IOException unwritable) {
                // there is nowhere left to say so
            }
        }
    }

    private static char sign(Level level) {
        int value = level.intValue();
        if (value >= Level.WARNING.intValue()) {
            return '#';
        }
        if (value >= Level.INFO.intValue()) {
            return '*';
        }
        return value >= Level.FINE.intValue() ? '-' : '.';
    }

    @Override
    public void flush() {
        // no line waits
    }

    @Override
    public void close() {
        // nothing is kept open
    }
}
