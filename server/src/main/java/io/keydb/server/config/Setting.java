package io.keydb.server.config;

import java.util.List;

/**
 * The current value of one directive in one server, for those who read it often: one volatile read.
 *
 * <p>Threads: safe, because the value is immutable and the field volatile.
 *
 * @param <T> the type of the value
 */
public final class Setting<T> {
    private final Directive<T> directive;
    private volatile T value;

    Setting(Directive<T> directive) {
        this.directive = directive;
        this.value = directive.initialValue();
    }

    public T value() {
        return value;
    }

    Directive<T> directive() {
        return directive;
    }

    /** The value as CONFIG GET shows it. */
    String text() {
        return directive.type().print(value);
    }

    /** Takes the value that {@code words} stand for; returns what puts the old one back. */
    Runnable set(List<String> words) throws InvalidValue {
        T old = value;
        value = directive.parse(words);
        return () -> value = old;
    }

    void set(T newValue) {
        value = newValue;
    }
}
