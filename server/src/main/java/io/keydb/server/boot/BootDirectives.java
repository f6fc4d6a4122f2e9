package io.keydb.server.boot;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Directives of the process: where it works and where it logs.
 *
 * <p>Threads: immutable.
 */
public final class BootDirectives {
    private BootDirectives() {}

    /** How much is logged; each level includes those after it. */
    public enum LogLevel {
        DEBUG,
        VERBOSE,
        NOTICE,
        WARNING,
        NOTHING
    }

    public static final Directive<String> DIR =
            directive("dir")
                    .text(".")
                    .checked(BootDirectives::folder)
                    .mutable()
                    .protectedConfig()
                    .deniedWhileLoading()
                    .alwaysWritten()
                    .doc("Folder of everything the server keeps on disk.");

    public static final Directive<LogLevel> LOGLEVEL =
            directive("loglevel")
                    .choice(LogLevel.NOTICE)
                    .mutable()
                    .doc("How much is logged, from most to least.");

    public static final Directive<String> LOGFILE =
            directive("logfile").text("").doc("File to log to; standard output when empty.");

    public static final List<Directive<?>> ALL = List.of(DIR, LOGLEVEL, LOGFILE);

    private static String folder(String name) throws InvalidValue {
        Path path = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new InvalidValue("No such file or directory");
        }
        return path.toString();
    }
}
