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

    /** What CONFIG REWRITE writes behind the name, one text for each line. */
    List<String> lines() {
        return directive.type().lines(value);
    }

    boolean isDefault() {
        return value.equals(directive.initialValue());
    }

    /** Takes a line of a file or of the command line. */
    void line(List<String> arguments, boolean again) throws InvalidValue {
        value = directive.parseLine(arguments, value, again);
    }

    /** Takes the text of a CONFIG SET. */
    Change change(String text) throws InvalidValue {
        T former = value;
        T given = directive.parseText(text, former);
        value = given;
        boolean acts = directive.isAlwaysApplied() || !given.equals(former);
        return new Change(directive, acts, () -> value = former);
    }

    void set(T newValue) {
        value = newValue;
    }

    /**
     * A value that was set by CONFIG SET.
     *
     * @param acts whether those who follow the directive are to be told
     * @param undo puts the former value back
     */
    record Change(Directive<?> directive, boolean acts, Runnable undo) {}
}
