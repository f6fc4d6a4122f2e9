package io.keydb.module;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The declaration of one command, from which the server checks it, locks for it, routes it and
 * documents it:
 *
 * <pre>
 *   command("BF.ADD").since("1.0.0").arity(3)
 *           .flags(WRITE, DENYOOM, FAST)
 *           .keys(Keys.at(1, RW, ACCESS, UPDATE))
 *           .syntax("key item").summary("Adds an item.").complexity("O(1)")
 *           .handledBy(this::add)
 * </pre>
 *
 * <p>Threads: immutable once built.
 */
public final class CommandDeclaration {
    private final Builder declared;
    private final CommandHandler handler;

    private CommandDeclaration(Builder declared, CommandHandler handler) {
        this.declared = declared;
        this.handler = handler;
    }

    /**
     * Begins a declaration.
     *
     * @param name letters, digits and punctuation, in any case; modules put their own name in
     *     front, as {@code BF.ADD}
     */
    public static Builder command(String name) {
        return new Builder(name);
    }

    public String name() {
        return declared.name;
    }

    /** Number of arguments with the name; negative: at least so many. */
    public int arity() {
        return declared.arity;
    }

    public Set<CommandFlag> flags() {
        return declared.flags;
    }

    public List<Keys> keys() {
        return List.copyOf(declared.keys);
    }

    /** Names of ACL categories besides those that follow from the flags. */
    public List<String> categories() {
        return List.copyOf(declared.categories);
    }

    public String since() {
        return declared.since;
    }

    public String syntax() {
        return declared.syntax;
    }

    public String summary() {
        return declared.summary;
    }

    public String complexity() {
        return declared.complexity;
    }

    /** Whether it runs on a worker instead of an event loop. */
    public boolean isSlow() {
        return declared.slow;
    }

    public CommandHandler handler() {
        return handler;
    }

    /** Collects what is declared. */
    public static final class Builder {
        private final String name;
        private final Set<CommandFlag> flags = EnumSet.noneOf(CommandFlag.class);
        private final List<Keys> keys = new ArrayList<>();
        private final List<String> categories = new ArrayList<>();
        private int arity = 1;
        private String since = "1.0.0";
        private String syntax = "";
        private String summary = "";
        private String complexity = "O(1)";
        private boolean slow;

        private Builder(String name) {
            this.name = name;
        }

        /** Number of arguments with the name; negative: at least so many. */
        public Builder arity(int count) {
            arity = count;
            return this;
        }

        public Builder flags(CommandFlag... all) {
            flags.addAll(List.of(all));
            return this;
        }

        public Builder keys(Keys... specifications) {
            keys.addAll(List.of(specifications));
            return this;
        }

        /**
         * ACL categories without the at sign, as {@code dangerous}; read, write, fast and slow
         * follow from the flags.
         */
        public Builder categories(String... names) {
            categories.addAll(List.of(names));
            return this;
        }

        /** The version of the module that brought it. */
        public Builder since(String version) {
            since = version;
            return this;
        }

        /** What follows the name, in the notation of the command reference. */
        public Builder syntax(String text) {
            syntax = text;
            return this;
        }

        public Builder summary(String text) {
            summary = text;
            return this;
        }

        public Builder complexity(String text) {
            complexity = text;
            return this;
        }

        /** It may take long: it runs on a worker, and only its own client waits. */
        public Builder slow() {
            slow = true;
            return this;
        }

        public CommandDeclaration handledBy(CommandHandler handler) {
            return new CommandDeclaration(this, handler);
        }
    }
}
