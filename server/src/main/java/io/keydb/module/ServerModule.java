package io.keydb.module;

/**
 * A module: found by {@link java.util.ServiceLoader} in its jar, made once each time it is loaded.
 *
 * <p>Threads: {@link #load} and {@link #unload} are called by one thread at a time; handlers of
 * commands by any, many at once.
 */
public interface ServerModule {
    /** The name under which MODULE LIST shows it and MODULE UNLOAD takes it, as {@code bf}. */
    String name();

    /** The version that MODULE LIST shows. */
    int version();

    /**
     * Declares what the module brings. When it throws, nothing of the module stays.
     *
     * @throws ModuleException when the module cannot work; the log tells its message
     */
    void load(Setup setup) throws ModuleException;

    /**
     * The module is about to go: its commands are gone, calls that had begun may still run. For
     * threads and files of its own.
     */
    default void unload() {}
}
