package io.keydb.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of all directives of one server.
 *
 * <p>Filled once at the start from the lines of the file and the command line, where the last line
 * of a directive counts; afterwards changed by {@link #change}, which takes all of its values or
 * none.
 *
 * <p>Threads: safe, because each value is one volatile field and changes are made under the monitor
 * of this object. A reader that needs two values at once may see one of them changed.
 */
public final class Configuration {
    private final Directives directives;
    private final Map<Directive<?>, Setting<?>> settings = new HashMap<>();
    private final Map<Directive<?>, List<ChangeHook>> hooks = new HashMap<>();

    /** All directives at their defaults. */
    public Configuration(Directives directives) {
        this.directives = directives;
        for (Directive<?> directive : directives.all()) {
            settings.put(directive, new Setting<>(directive));
        }
    }

    public Directives directives() {
        return directives;
    }

    /** The current value. */
    public <T> T value(Directive<T> directive) {
        return setting(directive).value();
    }

    /** The place of the value, to be kept by those who read it often. */
    @SuppressWarnings("unchecked") // a setting is stored under its own directive only
    public <T> Setting<T> setting(Directive<T> directive) {
        Setting<?> setting = settings.get(directive);
        if (setting == null) {
            throw new IllegalArgumentException("not in the registry: " + directive);
        }
        return (Setting<T>) setting;
    }

    /** The value as CONFIG GET shows it. */
    public String text(Directive<?> directive) {
        return setting(directive).text();
    }

    /** Sets a value that the server itself has found, such as the port the system chose. */
    public synchronized <T> void put(Directive<T> directive, T value) {
        setting(directive).set(value);
    }

    /** Takes the lines of files and command line, in their order. */
    public synchronized void load(List<ConfigLine> lines) throws ConfigFileException {
        for (ConfigLine line : lines) {
            Directive<?> directive = directives.find(line.name());
            if (directive == null) {
                throw line.refused("Bad directive or wrong number of arguments");
            }
            try {
                setting(directive).set(line.arguments());
            } catch (InvalidValue invalid) {
                throw directive.isSensitive()
                        ? line.redacted().refused(invalid.reason())
                        : line.refused(invalid.reason());
            }
        }
    }

    /**
     * Has {@code hook} called after a change of one or several of the directives: once per change.
     */
    public synchronized void onChange(ChangeHook hook, Directive<?>... causes) {
        for (Directive<?> cause : causes) {
            setting(cause);
            hooks.computeIfAbsent(cause, key -> new ArrayList<>()).add(hook);
        }
    }

    /**
     * Changes several directives while the server runs, all or none: every value is checked before
     * a hook sees one, and what a hook refuses is put back.
     */
    public synchronized void change(List<Assignment> assignments) throws ChangeRefused {
        List<Directive<?>> changed = changeable(assignments);
        List<Runnable> undo = new ArrayList<>();
        for (int i = 0; i < changed.size(); i++) {
            try {
                undo.add(setting(changed.get(i)).set(List.of(assignments.get(i).value())));
            } catch (InvalidValue invalid) {
                undo.forEach(Runnable::run);
                throw ChangeRefused.because(changed.get(i).name(), invalid.reason());
            }
        }
        runHooks(changed, undo);
    }

    private List<Directive<?>> changeable(List<Assignment> assignments) throws ChangeRefused {
        List<Directive<?>> found = new ArrayList<>();
        for (Assignment assignment : assignments) {
            Directive<?> directive = directives.find(assignment.name());
            if (directive == null) {
                throw ChangeRefused.unknown(assignment.name());
            }
            if (!directive.isMutable()) {
                throw ChangeRefused.because(assignment.name(), "can't set immutable config");
            }
            if (found.contains(directive)) {
                throw ChangeRefused.because(assignment.name(), "duplicate parameter");
            }
            found.add(directive);
        }
        return found;
    }

    private void runHooks(List<Directive<?>> changed, List<Runnable> undo) throws ChangeRefused {
        Set<ChangeHook> done = new LinkedHashSet<>();
        for (Directive<?> directive : changed) {
            for (ChangeHook hook : hooks.getOrDefault(directive, List.of())) {
                try {
                    if (done.add(hook)) {
                        hook.changed();
                    }
                } catch (InvalidValue refused) {
                    undo.forEach(Runnable::run);
                    putBack(done);
                    throw ChangeRefused.because(directive.name(), refused.reason());
                }
            }
        }
    }

    /** Lets the hooks that have seen the new values see the old ones again. */
    private static void putBack(Set<ChangeHook> done) {
        for (ChangeHook hook : done) {
            try {
                hook.changed();
            } catch (InvalidValue refused) {
                throw new IllegalStateException(
                        "cannot go back to the former configuration: " + refused.reason(), refused);
            }
        }
    }

    /** One pair of a CONFIG SET. */
    public record Assignment(String name, String value) {}

    /** What a subsystem does when one of its directives has changed. */
    @FunctionalInterface
    public interface ChangeHook {
        /** The new values are in place; refusing them brings the former ones back. */
        void changed() throws InvalidValue;
    }
}
