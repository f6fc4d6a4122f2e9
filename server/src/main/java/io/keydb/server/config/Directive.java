package io.keydb.server.config;

import java.util.List;

/**
 * The declaration of one directive: name, type, default, what it means and whether it can be
 * changed while the server runs. Declared as a constant next to what it serves:
 *
 * <pre>{@code
 * public static final Directive<Long> TIMEOUT =
 *         directive("timeout").integer(0, 0, Integer.MAX_VALUE).mutable()
 *                 .doc("Closes a client that has been idle for so many seconds; 0 never does.");
 * }</pre>
 *
 * <p>CONFIG GET, CONFIG SET, the file parser and {@code docs/configuration.md} derive from it. It
 * holds no value: values belong to the {@link Configuration} of one server.
 *
 * <p>Threads: immutable.
 *
 * @param <T> the type of the value
 */
public final class Directive<T> {
    private final String name;
    private final DirectiveType<T> type;
    private final T defaultValue;
    private final List<String> aliases;
    private final boolean mutable;
    private final boolean sensitive;
    private final Check<T> check;
    private final String doc;

    private Directive(Draft<T> draft, String doc) {
        this.name = draft.name;
        this.type = draft.type;
        this.defaultValue = draft.defaultValue;
        this.aliases = draft.aliases;
        this.mutable = draft.mutable;
        this.sensitive = draft.sensitive;
        this.check = draft.check;
        this.doc = doc;
    }

    /** Starts a declaration; the type follows, and {@code doc} completes it. */
    public static Name directive(String name) {
        return new Name(name);
    }

    public String name() {
        return name;
    }

    public DirectiveType<T> type() {
        return type;
    }

    /** The value when nobody sets one, before the directive's own check has completed it. */
    public T defaultValue() {
        return defaultValue;
    }

    /** Further names, each as good as the first. */
    public List<String> aliases() {
        return aliases;
    }

    /** Whether CONFIG SET accepts it. */
    public boolean isMutable() {
        return mutable;
    }

    /** Whether the value is a secret, which no log and no error text shows. */
    public boolean isSensitive() {
        return sensitive;
    }

    /** What it means, in a sentence or two. */
    public String doc() {
        return doc;
    }

    /** The value that {@code words} stand for. */
    T parse(List<String> words) throws InvalidValue {
        if (words.size() != 1 && !type.takesSeveralWords()) {
            throw new InvalidValue("wrong number of arguments");
        }
        return check.accept(type.parse(words));
    }

    /** The default, completed by the check. */
    T initialValue() {
        try {
            return check.accept(defaultValue);
        } catch (InvalidValue wrongDeclaration) {
            throw new IllegalStateException(
                    "default of " + name + ": " + wrongDeclaration.reason(), wrongDeclaration);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * What only this directive demands of its value.
     *
     * @param <T> the type of the value
     */
    @FunctionalInterface
    public interface Check<T> {
        /** The value to keep, as a rule the one given. */
        T accept(T value) throws InvalidValue;
    }

    /** The first step of a declaration: the type and the default. */
    public static final class Name {
        private final String name;

        private Name(String name) {
            this.name = name;
        }

        /** {@code yes} or {@code no}. */
        public Draft<Boolean> toggle(boolean defaultValue) {
            return new Draft<>(name, new DirectiveType.Toggle(), defaultValue);
        }

        /** A whole number between two limits, both included. */
        public Draft<Long> integer(long defaultValue, long smallest, long largest) {
            return new Draft<>(name, new DirectiveType.Whole(smallest, largest), defaultValue);
        }

        /** An amount of memory, with units. */
        public Draft<Long> memory(long defaultBytes) {
            return memory(defaultBytes, 0, Long.MAX_VALUE);
        }

        /** An amount of memory between two limits, both included. */
        public Draft<Long> memory(long defaultBytes, long smallest, long largest) {
            return new Draft<>(name, new DirectiveType.Memory(smallest, largest), defaultBytes);
        }

        /** Any text. */
        public Draft<String> text(String defaultValue) {
            return new Draft<>(name, new DirectiveType.Text(), defaultValue);
        }

        /** One constant of an enum. */
        public <E extends Enum<E>> Draft<E> choice(E defaultValue) {
            return new Draft<>(
                    name,
                    new DirectiveType.Choice<>(defaultValue.getDeclaringClass()),
                    defaultValue);
        }

        /** At most {@code most} words. */
        public Draft<List<String>> words(int most, String... defaultValue) {
            return new Draft<>(name, new DirectiveType.Words(most), List.of(defaultValue));
        }
    }

    /**
     * The second step of a declaration: what deviates from the usual.
     *
     * @param <T> the type of the value
     */
    public static final class Draft<T> {
        private final String name;
        private final DirectiveType<T> type;
        private final T defaultValue;
        private List<String> aliases = List.of();
        private boolean mutable;
        private boolean sensitive;
        private Check<T> check = value -> value;

        private Draft(String name, DirectiveType<T> type, T defaultValue) {
            this.name = name;
            this.type = type;
            this.defaultValue = defaultValue;
        }

        /** Further names for the same value. */
        public Draft<T> alias(String... names) {
            aliases = List.of(names);
            return this;
        }

        /** CONFIG SET may change it. */
        public Draft<T> mutable() {
            mutable = true;
            return this;
        }

        /** The value is a secret. */
        public Draft<T> sensitive() {
            sensitive = true;
            return this;
        }

        /** Refuses or completes a value that its type allows. */
        public Draft<T> checked(Check<T> ownCheck) {
            check = ownCheck;
            return this;
        }

        /** Completes the declaration with what the directive means. */
        public Directive<T> doc(String doc) {
            return new Directive<>(this, doc);
        }
    }
}
