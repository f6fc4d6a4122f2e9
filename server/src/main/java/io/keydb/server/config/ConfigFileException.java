package io.keydb.server.config;

/**
 * Says what is wrong with a configuration file or the command line, and where. The message is ready
 * to be shown to the administrator.
 *
 * <p>Threads: immutable.
 */
public final class ConfigFileException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigFileException(String message) {
        super(message, null, false, false);
    }
}
