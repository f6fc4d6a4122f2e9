package io.keydb.server.observability;

import java.io.IOException;

/**
 * What DEBUG does to the process: ends it as a defect would, or lets it start anew.
 *
 * <p>Threads: safe.
 */
public interface HostProbe {

    /** How a process ends that is not asked. */
    enum Crash {
        SEGFAULT,
        PANIC,
        ASSERT,
        OOM
    }

    /** Writes the report of a crash to the log and ends the process by a signal. */
    void crash(Crash how);

    /**
     * Starts the program anew in the same process, with the same arguments.
     *
     * @param inOrder whether the configuration and the data are written and the server is ended
     *     before; otherwise all it knows is lost, as in a crash
     * @throws IOException when the configuration cannot be written; nothing has happened
     */
    void restart(boolean inOrder, long delayMillis) throws IOException;

    /**
     * Writes every directive to the configuration file, whatever its value.
     *
     * @throws IOException when that fails or there is no file
     */
    void rewriteConfiguration() throws IOException;
}
