package io.keydb.server.config;

import io.keydb.server.support.Version;
import java.io.IOException;

/**
 * Says what is wrong with a configuration file or the command line, and where. The message is ready
 * to be shown to the administrator.
 *
 * <p>Threads: immutable.
 */
public final class ConfigFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigFileException(String message) {
        super(message, null, false, false);
    }

    /** A file or a program that is needed for the start cannot be used. */
    public static ConfigFileException of(String what, IOException cause) {
        return new ConfigFileException(what + FileError.reason(cause));
    }

    /** What the configuration as a whole demands cannot be had. */
    public static ConfigFileException fatal(String reason) {
        return new ConfigFileException(
                "\n*** FATAL CONFIG FILE ERROR (Redis %s) ***\n%s"
                        .formatted(Version.REDIS, reason));
    }
}
