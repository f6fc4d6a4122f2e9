package io.keydb.server.boot;

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

    /** A program that has more to do than to serve: it stays. */
    Host EMBEDDED =
            new Host() {
                @Override
                public void stopping() {}

                @Override
                public void stopped(boolean inOrder) {}

                @Override
                public void exitAtOnce() {}
            };
}
