package io.keydb.module;

/**
 * A parameter of a module, as the configuration has it: set by a line {@code module.name value} of
 * the file, by MODULE LOADEX or by CONFIG SET.
 *
 * <p>Threads: safe.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface Parameter<T> {
    /** The value now; while the module is being loaded, already the one that was asked for. */
    T value();
}
