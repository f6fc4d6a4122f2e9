package io.keydb.module;

/**
 * The server's log. What a module writes begins with its name.
 *
 * <p>Threads: safe.
 */
public interface ModuleLog {
    /** Something an administrator should look at. */
    void warning(String message);

    /** Something an administrator may want to know. */
    void notice(String message);

    /** Details, shown when {@code loglevel} is {@code debug}. */
    void debug(String message);
}
