package io.keydb.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All directives a server knows, by name and alias. Names are compared without regard to case; a
 * name that is declared twice is refused.
 *
 * <p>Threads: immutable; with directives of modules there comes another registry.
 */
public final class Directives {
    private final List<Directive<?>> all = new ArrayList<>();
    private final Map<String, Directive<?>> byName = new LinkedHashMap<>();

    private Directives() {}

    /** This registry with one directive more. */
    Directives with(Directive<?> directive) {
        Directives more = of(all);
        more.add(directive);
        return more;
    }

    /** This registry without that directive. */
    Directives without(Directive<?> directive) {
        List<Directive<?>> rest = new ArrayList<>(all);
        rest.remove(directive);
        return of(rest);
    }

    /** The registry of the given declarations, in their order. */
    @SafeVarargs
    public static Directives of(Collection<Directive<?>>... groups) {
        Directives directives = new Directives();
        for (Collection<Directive<?>> group : groups) {
            for (Directive<?> directive : group) {
                directives.add(directive);
            }
        }
        return directives;
    }

    private void add(Directive<?> directive) {
        all.add(directive);
        addName(directive.name(), directive);
        for (String alias : directive.aliases()) {
            addName(alias, directive);
        }
    }

    private void addName(String name, Directive<?> directive) {
        if (byName.put(name.toLowerCase(Locale.ROOT), directive) != null) {
            throw new IllegalArgumentException("directive declared twice: " + name);
        }
    }

    /** The directive of that name or alias, or null. */
    public @Nullable Directive<?> find(String name) {
        return byName.get(name.toLowerCase(Locale.ROOT));
    }

    /** All directives, each once, in the order of declaration. */
    public List<Directive<?>> all() {
        return List.copyOf(all);
    }

    /** All names and aliases, in the order of declaration. */
    public Collection<String> names() {
        return List.copyOf(byName.keySet());
    }
}
