package io.keydb.server.command;

/** Port to {@code maxmemory}: whether commands that need memory are refused. */
public interface MemoryLimit {
    /** Called before every command that may need memory; must be cheap. */
    boolean isExceeded();

    /** No limit. */
    static MemoryLimit none() {
        return () -> false;
    }
}
