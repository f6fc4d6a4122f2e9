package io.keydb.module;

/**
 * What a command does.
 *
 * <p>Threads: called by any thread of the server, many at once; what it shares besides the keys
 * must be safe. The keys it was declared with are locked while it runs: it never locks.
 */
@FunctionalInterface
public interface CommandHandler {
    /**
     * Runs the command once and writes exactly one reply.
     *
     * @throws CommandFailure to answer with an error, before anything is changed
     */
    void run(Invocation call);
}
