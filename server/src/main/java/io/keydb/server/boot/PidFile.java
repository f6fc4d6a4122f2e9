package io.keydb.server.boot;

import io.keydb.server.config.FileError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that holds the id of the process while it runs. That it cannot be written is told in the
 * log and hinders nothing.
 *
 * <p>Threads: confined to the thread that starts the server and the one that stops it.
 */
final class PidFile {
    private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);
    private static final String USUAL = "/var/run/redis.pid";

    private PidFile() {}

    /**
     * Writes the file.
     *
     * @param name the name, or nothing
     * @param inBackground whether there is to be a file even when it has no name
     * @return what removes the file
     */
    static Runnable write(Path folder, String name, boolean inBackground) {
        if (name.isEmpty() && !inBackground) {
            return () -> {};
        }
        Path file = folder.resolve(name.isEmpty() ? USUAL : name);
        try {
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
            return () -> remove(file);
        } catch (IOException unwritable) {
            LOG.warn("Failed to write PID file: {}", FileError.reason(unwritable));
            return () -> {};
        }
    }

    private static void remove(Path file) {
        try {
            LOG.info("Removing the pid file.");
            Files.deleteIfExists(file);
        } catch (IOException kept) {
            LOG.warn("Failed to remove PID file: {}", FileError.reason(kept));
        }
    }
}
