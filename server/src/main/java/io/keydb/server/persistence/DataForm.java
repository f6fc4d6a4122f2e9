package io.keydb.server.persistence;

import io.keydb.server.persistence.rdb.RdbSink;
import io.keydb.server.persistence.rdb.RdbVisitor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a dump file holds: the plain data, which any server can read, or those of an active node
 * with their stamps and what it knows of others.
 *
 * <p>Threads: safe.
 */
public interface DataForm {
    /**
     * Writes all data as they are at one instant.
     *
     * @param atCut runs at that instant, with all partitions locked
     * @param pace asked for a pause after each key, for tests
     * @return number of keys
     */
    long write(RdbSink sink, boolean compresses, boolean sums, Runnable atCut, Pace pace)
            throws IOException;

    /**
     * Begins to load a file.
     *
     * @param isAll whether nothing follows the file: then keys whose time has come are left out,
     *     and its history goes on
     */
    Loading load(boolean isAll);

    /** The same data as commands that make them; null where no commands could. */
    @Nullable CommandForm asCommands();

    /** Data as commands. */
    interface CommandForm {
        /** As {@link DataForm#write}, as commands that make the data. */
        long writeCommands(RdbSink sink, Runnable atCut, Pace pace) throws IOException;
    }

    /** A file that is being loaded. */
    interface Loading extends AutoCloseable {
        /** Takes what the file holds. */
        RdbVisitor visitor();

        /** Keys that were loaded so far. */
        long keys();

        /** Keys that were left out because their time had come. */
        long expiredKeys();

        /** Whether it holds what another kind of node has written. */
        boolean isForeign();

        /** The whole file has been taken; what it says of the node itself is taken up. */
        void complete();

        @Override
        void close();
    }

    /** Slows writing or loading down. */
    interface Pace {
        /**
         * So many keys are done. Called without any lock.
         *
         * @throws IOException to end it
         */
        void keysDone(long keys) throws IOException;

        /** As fast as it goes. */
        Pace NONE = keys -> {};
    }
}
