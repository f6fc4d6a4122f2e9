package io.keydb.server.config;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
    private final Set<Trait> traits;
    private final Check<T> check;
    private final String doc;

    /** What deviates from a directive that is fixed at the start, public and shown. */
    private enum Trait {
        MUTABLE,
        SENSITIVE,
        HIDDEN,
        PROTECTED,
        DENIED_WHILE_LOADING,
        FILE_ONLY,
        ALWAYS_WRITTEN,
        ALWAYS_APPLIED,
        WITHOUT_EFFECT
    }

    private Directive(Draft<T> draft, String doc) {
        this.name = draft.name;
        this.type = draft.type;
        this.defaultValue = draft.defaultValue;
        this.aliases = draft.aliases;
        this.traits = Set.copyOf(draft.traits);
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
        return traits.contains(Trait.MUTABLE);
    }

    /** Whether the value is a secret, which no log and no error text shows. */
    public boolean isSensitive() {
        return traits.contains(Trait.SENSITIVE);
    }

    /** Whether CONFIG GET shows it only when asked by its whole name. */
    public boolean isHidden() {
        return traits.contains(Trait.HIDDEN);
    }

    /** Whether CONFIG SET is left to those whom {@code enable-protected-configs} allows. */
    public boolean isProtected() {
        return traits.contains(Trait.PROTECTED);
    }

    /** Whether CONFIG SET has to wait until the data is loaded. */
    public boolean isDeniedWhileLoading() {
        return traits.contains(Trait.DENIED_WHILE_LOADING);
    }

    /** Whether it stands in files only and CONFIG does not know it, as {@code user}. */
    public boolean isFileOnly() {
        return traits.contains(Trait.FILE_ONLY);
    }

    /** Whether CONFIG REWRITE writes it even when it has its default. */
    public boolean isAlwaysWritten() {
        return traits.contains(Trait.ALWAYS_WRITTEN);
    }

    /** Whether setting it to the value it has acts as a change, as for files that are read anew. */
    public boolean isAlwaysApplied() {
        return traits.contains(Trait.ALWAYS_APPLIED);
    }

    /** Whether the value changes what the server does; if not, {@link #doc} says why. */
    public boolean hasEffect() {
        return !traits.contains(Trait.WITHOUT_EFFECT);
    }

    /** What it means, or why it means nothing here, in a sentence or two. */
    public String doc() {
        return doc;
    }

    /**
     * The value after a line of a file or of the command line. One argument with blanks in it
     * stands for its words if the directive takes several.
     */
    T parseLine(List<String> arguments, T former, boolean again) throws InvalidValue {
        if (!type.takesSeveralWords()) {
            if (arguments.size() != 1) {
                throw new InvalidValue("wrong number of arguments");
            }
            return combined(arguments, former, again);
        }
        if (arguments.size() != 1 || arguments.getFirst().isEmpty()) {
            return combined(arguments, former, again);
        }
        List<String> words = WordSplitter.split(arguments.getFirst());
        return combined(words == null ? List.of() : words, former, again);
    }

    /** The value after CONFIG SET. */
    T parseText(String text, T former) throws InvalidValue {
        if (!type.takesSeveralWords()) {
            return combined(List.of(text), former, false);
        }
        return combined(text.isEmpty() ? List.of() : List.of(text.split(" ", -1)), former, false);
    }

    private T combined(List<String> words, T former, boolean again) throws InvalidValue {
        return check.accept(type.combined(former, type.parse(words), again));
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

        /** An amount of memory, or percent as a negative number. */
        public Draft<Long> memoryOrPercent(long defaultValue) {
            return new Draft<>(name, new DirectiveType.MemoryOrPercent(), defaultValue);
        }

        /** An octal number between two limits, both included. */
        public Draft<Integer> octal(int defaultValue, int smallest, int largest) {
            return new Draft<>(name, new DirectiveType.Octal(smallest, largest), defaultValue);
        }

        /** Any text. */
        public Draft<String> text(String defaultValue) {
            return new Draft<>(name, new DirectiveType.Text(false), defaultValue);
        }

        /** Any text; an empty one, which is the default, is the same as none. */
        public Draft<String> optionalText() {
            return new Draft<>(name, new DirectiveType.Text(true), "");
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
            return new Draft<>(name, new DirectiveType.Words(most, true), List.of(defaultValue));
        }

        /** Words, or no line at all. */
        public Draft<List<String>> optionalWords(int most) {
            return new Draft<>(name, new DirectiveType.Words(most, false), List.of());
        }

        /** A form of its own. */
        public <T> Draft<T> form(DirectiveType<T> type, T defaultValue) {
            return new Draft<>(name, type, defaultValue);
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
        private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
        private List<String> aliases = List.of();
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
            return with(Trait.MUTABLE);
        }

        /** The value is a secret. */
        public Draft<T> sensitive() {
            return with(Trait.SENSITIVE);
        }

        /** CONFIG GET shows it only when asked by its whole name. */
        public Draft<T> hidden() {
            return with(Trait.HIDDEN);
        }

        /** CONFIG SET is left to those whom {@code enable-protected-configs} allows. */
        public Draft<T> protectedConfig() {
            return with(Trait.PROTECTED);
        }

        /** CONFIG SET has to wait until the data is loaded. */
        public Draft<T> deniedWhileLoading() {
            return with(Trait.DENIED_WHILE_LOADING);
        }

        /** It stands in files only; CONFIG GET and SET do not know it. */
        public Draft<T> fileOnly() {
            return with(Trait.FILE_ONLY);
        }

        /** CONFIG REWRITE writes it even when it has its default. */
        public Draft<T> alwaysWritten() {
            return with(Trait.ALWAYS_WRITTEN);
        }

        /** Setting it to the value it has acts as a change. */
        public Draft<T> alwaysApplied() {
            return with(Trait.ALWAYS_APPLIED);
        }

        private Draft<T> with(Trait trait) {
            traits.add(trait);
            return this;
        }

        /** Refuses or completes a value that its type allows. */
        public Draft<T> checked(Check<T> ownCheck) {
            check = ownCheck;
            return this;
        }

        /**
         * Completes the declaration of a directive that is taken, checked and shown, and changes
         * nothing: {@code reason} says why.
         */
        public Directive<T> withoutEffect(String reason) {
            return with(Trait.WITHOUT_EFFECT).doc(reason);
        }

        /** Completes the declaration with what the directive means. */
        public Directive<T> doc(String doc) {
            return new Directive<>(this, doc);
        }
    }
}
