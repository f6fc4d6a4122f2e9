package io.keydb.server.config;

import io.keydb.server.config.ConfigLine.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    private volatile Directives directives;
    private final Map<Directive<?>, Setting<?>> settings = new ConcurrentHashMap<>();

    /** Lines of parameters of modules that are not there yet, by the name in lower case. */
    private final Map<String, String> waiting = new LinkedHashMap<>();

    private final Map<Directive<?>, List<ChangeHook>> hooks = new HashMap<>();
    private final Map<Directive<?>, Supplier<List<String>>> presentLines = new HashMap<>();

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

    /** Whether it has the value it has when nobody sets one. */
    public boolean isDefault(Directive<?> directive) {
        return setting(directive).isDefault();
    }

    /**
     * Sets a value that the server itself has found, such as the port the system chose, or that has
     * a command of its own; of a directive that nobody follows. Waits for no lock.
     */
    public <T> void put(Directive<T> directive, T value) {
        setting(directive).set(value);
    }

    /**
     * Takes a directive of a module, and the value that a line had for it.
     *
     * @param given the value to have, which goes before that of a line; or null
     * @throws InvalidValue when the value is none; the directive is not taken
     */
    public synchronized <T> Setting<T> add(Directive<T> directive, @Nullable String given)
            throws InvalidValue {
        Setting<T> setting = new Setting<>(directive);
        String line = waiting.remove(directive.name().toLowerCase(Locale.ROOT));
        String text = given == null ? line : given;
        if (text != null) {
            setting.change(text);
        }
        Directives more = directives.with(directive);
        settings.put(directive, setting);
        directives = more;
        return setting;
    }

    /** Forgets a directive of a module. */
    public synchronized void remove(Directive<?> directive) {
        directives = directives.without(directive);
        settings.remove(directive);
    }

    /** Names of parameters that have a line, but no module has taken. */
    public synchronized List<String> waitingParameters() {
        return List.copyOf(waiting.keySet());
    }

    /** Takes the lines of files, environment and command line, in their order. */
    public synchronized void load(List<ConfigLine> lines) throws ConfigFileException {
        Map<Directive<?>, Source> seen = new HashMap<>();
        for (ConfigLine line : lines) {
            Directive<?> directive = directives.find(line.name());
            if (directive == null) {
                await(line);
                continue;
            }
            Source before = seen.put(directive, line.source());
            // the environment replaces what files say; the command line goes on with it, as in
            // stock
            boolean again =
                    before != null
                            && (line.source() != Source.ENVIRONMENT
                                    || before == Source.ENVIRONMENT);
            try {
                setting(directive).line(line.arguments(), again);
            } catch (InvalidValue invalid) {
                throw directive.isSensitive()
                        ? line.redacted().refused(invalid.reason())
                        : line.refused(invalid.reason());
            }
        }
    }

    /** A name with a dot may be that of a module's parameter. */
    private void await(ConfigLine line) throws ConfigFileException {
        if (line.name().indexOf('.') < 0) {
            throw line.refused(unknown(line));
        }
        if (line.arguments().isEmpty()) {
            throw line.refused("Module config specified without value");
        }
        waiting.put(line.name().toLowerCase(Locale.ROOT), String.join(" ", line.arguments()));
    }

    private static String unknown(ConfigLine line) {
        return line.name().equals("sentinel") && line.words().size() > 1
                ? "sentinel directive while not in sentinel mode"
                : "Bad directive or wrong number of arguments";
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

    /** Changes several directives, for those who may change all that can be changed. */
    public void change(List<Assignment> assignments) throws ChangeRefused {
        change(assignments, directive -> null);
    }

    /**
     * Changes several directives while the server runs, all or none: every value is checked before
     * a hook sees one, and what a hook refuses is put back.
     *
     * @param policy says why a directive must not be changed now
     */
    public synchronized void change(List<Assignment> assignments, Policy policy)
            throws ChangeRefused {
        List<Assignment> changeable = changeable(assignments, policy);
        List<Setting.Change> changes = new ArrayList<>();
        for (int i = 0; i < changeable.size(); i++) {
            Assignment assignment = changeable.get(i);
            try {
                changes.add(setting(directive(assignment)).change(assignment.value()));
            } catch (InvalidValue invalid) {
                putBack(changes);
                throw ChangeRefused.because(lowerCaseName(changeable, i), invalid.reason());
            }
        }
        runHooks(changeable, changes);
    }

    private Directive<?> directive(Assignment assignment) throws ChangeRefused {
        Directive<?> directive = directives.find(assignment.name());
        if (directive == null || directive.isFileOnly()) {
            throw ChangeRefused.unknown(assignment.name());
        }
        return directive;
    }

    /** Those that may change something: what is fixed may be set to what it is. */
    private List<Assignment> changeable(List<Assignment> assignments, Policy policy)
            throws ChangeRefused {
        List<Assignment> changeable = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Assignment assignment : assignments) {
            Directive<?> directive = directive(assignment);
            String objection = objection(directive, assignment, policy);
            if (objection != null) {
                throw ChangeRefused.because(assignment.name(), objection);
            }
            // a name and its alias are two, as in stock: the later one counts
            if (!names.add(assignment.name().toLowerCase(Locale.ROOT))) {
                throw ChangeRefused.because(assignment.name(), "duplicate parameter");
            }
            if (directive.isMutable()) {
                changeable.add(assignment);
            }
        }
        return changeable;
    }

    private @Nullable String objection(
            Directive<?> directive, Assignment assignment, Policy policy) {
        if (directive.isMutable()) {
            return policy.objection(directive);
        }
        return text(directive).equals(assignment.value()) ? null : "can't set immutable config";
    }

    private void runHooks(List<Assignment> assignments, List<Setting.Change> changes)
            throws ChangeRefused {
        Set<ChangeHook> done = new LinkedHashSet<>();
        for (int i = 0; i < changes.size(); i++) {
            Setting.Change change = changes.get(i);
            if (!change.acts()) {
                continue;
            }
            for (ChangeHook hook : hooks.getOrDefault(change.directive(), List.of())) {
                try {
                    if (done.add(hook)) {
                        hook.changed();
                    }
                } catch (InvalidValue refused) {
                    putBack(changes);
                    tellFormer(done);
                    throw ChangeRefused.because(lowerCaseName(assignments, i), refused.reason());
                }
            }
        }
    }

    private static String lowerCaseName(List<Assignment> assignments, int position) {
        return assignments.get(position).name().toLowerCase(Locale.ROOT);
    }

    private static void putBack(List<Setting.Change> changes) {
        // the last one first: a name and its alias change the same value
        for (Setting.Change change : changes.reversed()) {
            change.undo().run();
        }
    }

    /** Lets the hooks that have seen the new values see the old ones again. */
    private static void tellFormer(Set<ChangeHook> done) {
        for (ChangeHook hook : done) {
            try {
                hook.changed();
            } catch (InvalidValue refused) {
                throw new IllegalStateException(
                        "cannot go back to the former configuration: " + refused.reason(), refused);
            }
        }
    }

    /**
     * Has CONFIG REWRITE ask {@code lines} for what to write behind the name, one text for each
     * line: for what changes by other commands than CONFIG SET.
     */
    public synchronized void rewrittenAs(Directive<?> directive, Supplier<List<String>> lines) {
        presentLines.put(directive, lines);
    }

    /**
     * Brings the file up to date with the present values, in one step: see {@link ConfigRewrite}.
     *
     * @throws IOException when the file cannot be read or replaced; it is as it was
     */
    public synchronized void rewrite(Path file) throws IOException {
        rewrite(file, false);
    }

    /** As {@link #rewrite}, and directives that have their defaults get a line, too. */
    public synchronized void rewriteAll(Path file) throws IOException {
        rewrite(file, true);
    }

    private void rewrite(Path file, boolean all) throws IOException {
        // bytes that are no text stay as they are
        String old = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        ConfigRewrite rewrite = new ConfigRewrite(directives, old);
        for (Directive<?> directive : directives.all()) {
            Supplier<List<String>> present = presentLines.get(directive);
            if (present != null) {
                rewrite.put(directive, latin(present.get()), true);
            } else if (!directive.isFileOnly()) {
                Setting<?> setting = setting(directive);
                boolean wanted = all || directive.isAlwaysWritten() || !setting.isDefault();
                rewrite.put(directive, latin(setting.lines()), wanted);
            }
        }
        ConfigFileWriter.replace(file, rewrite.text().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> latin(List<String> lines) {
        List<String> encoded = new ArrayList<>();
        for (String line : lines) {
            encoded.add(
                    new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
        return encoded;
    }

    /** Says which directives must not be changed at the moment. */
    @FunctionalInterface
    public interface Policy {
        /** The reason, in the words of stock, or null. */
        @Nullable String objection(Directive<?> directive);
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
