package io.keydb.server.persistence.aof;

import io.keydb.server.log.LogReader;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.aof.AofScanner.FormatException;
import io.keydb.server.resp.Request;

/**
 * How increments of a kind of node look: those of a plain node hold commands, which any server can
 * read, those of an active node its units with their stamps.
 *
 * <p>Threads: safe.
 */
public interface AofForm {
    /** Writes entries of the log. */
    Entries entries();

    /** Applies units of active nodes. */
    Units units();

    /** Entries of the log on their way into a file. Confined to one thread. */
    interface Entries extends AutoCloseable {
        /** What follows is at the beginning of a file. */
        void restart();

        /** Appends what the file needs of the present entry: maybe nothing. */
        void write(LogReader entry, OffHeapBuffer to);

        /** Whether the file lacks something that no entry has, so that it needs a new base. */
        boolean needBase();

        @Override
        void close();
    }

    /** Units of active nodes on their way out of a file. Confined to one thread. */
    interface Units extends AutoCloseable {
        /**
         * Applies the request, if it is a unit.
         *
         * @return whether it is one
         * @throws FormatException when it is malformed
         */
        boolean take(Request request) throws FormatException;

        @Override
        void close();
    }
}
