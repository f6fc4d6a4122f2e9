package io.keydb.server.boot;

import io.keydb.server.observability.HostProbe.Crash;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * The process that a server runs in, as far as the end of the server concerns it.
 *
 * <p>Threads: called by the thread that ends the server.
 */
public interface Host {
    /** The server is about to end. */
    void stopping();

    /**
     * The server has ended.
     *
     * @param inOrder false when something of what was to be kept is lost
     */
    void stopped(boolean inOrder);

    /** Somebody insists on the end: nothing is waited for. */
    void exitAtOnce();

    /**
     * Writes a report to the log and ends the process by a signal.
     *
     * @param state what the server has to say about itself
     */
    void crash(Crash how, Supplier<String> state);

    /** Starts the program anew, without an end. */
    void restart(long delayMillis) throws IOException;

    /** Lets {@link #stopped} start the program anew instead of ending the process. */
    void restartWhenStopped(long delayMillis) throws IOException;

    /** A program that has more to do than to serve: it stays. */
    Host EMBEDDED =
            new Host() {
                @Override
                public void stopping() {}

                @Override
                public void stopped(boolean inOrder) {}

                @Override
                public void exitAtOnce() {}

                @Override
                public void crash(Crash how, Supplier<String> state) {
                    throw new UnsupportedOperationException("the process belongs to others");
                }

                @Override
                public void restart(long delayMillis) throws IOException {
                    throw new IOException("the process belongs to others");
                }

                @Override
                public void restartWhenStopped(long delayMillis) throws IOException {
                    restart(delayMillis);
                }
            };
}
