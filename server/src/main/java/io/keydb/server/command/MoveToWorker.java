package io.keydb.server.command;

/**
 * Says that a command would hold up its event loop and is to begin again on a worker: it met a
 * partition that somebody keeps locked, or much work. Thrown before anything has changed.
 *
 * <p>Threads: immutable.
 */
final class MoveToWorker extends RuntimeException {
    static final MoveToWorker INSTANCE = new MoveToWorker();

    private static final long serialVersionUID = 1L;

    private MoveToWorker() {
        super("begin again on a worker", null, false, false);
    }
}
