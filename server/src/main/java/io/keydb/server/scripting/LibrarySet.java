package io.keydb.server.scripting;

import io.keydb.server.command.CommandError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Libraries that go together: no two of the same name, no two functions of the same name.
 *
 * <p>Threads: seen by any, a moment late; changed by who holds the locks of all partitions.
 */
final class LibrarySet {
    private final Map<String, FunctionLibrary> libraries = new ConcurrentSkipListMap<>();

    /** In lower case: functions are called in any. */
    private final Map<String, LibraryFunction> functions = new ConcurrentHashMap<>();

    Collection<FunctionLibrary> libraries() {
        return libraries.values();
    }

    int functionCount() {
        return functions.size();
    }

    @Nullable FunctionLibrary library(String name) {
        return libraries.get(name);
    }

    /** The function of this name in any case, or null. */
    @Nullable LibraryFunction function(String name) {
        return functions.get(key(name));
    }

    /**
     * Checks that a library may come in addition, or in place of one of the same name.
     *
     * @throws CommandError when another library has a function of the same name
     */
    void requireNoCollision(FunctionLibrary library) {
        FunctionLibrary old = libraries.get(library.name());
        for (String name : library.functions().keySet()) {
            LibraryFunction present = function(name);
            if (present != null && (old == null || !old.functions().containsValue(present))) {
                throw new CommandError("ERR Function " + name + " already exists");
            }
        }
    }

    /** Adds a library; gives the one of the same name that is gone for it, or null. */
    @Nullable FunctionLibrary add(FunctionLibrary library) {
        FunctionLibrary old = remove(library.name());
        libraries.put(library.name(), library);
        library.functions().forEach((name, function) -> functions.put(key(name), function));
        return old;
    }

    @Nullable FunctionLibrary remove(String name) {
        FunctionLibrary removed = libraries.remove(name);
        if (removed != null) {
            removed.functions().keySet().forEach(function -> functions.remove(key(function)));
        }
        return removed;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Removes all; gives what there was. */
    List<FunctionLibrary> clear() {
        List<FunctionLibrary> removed = new ArrayList<>(libraries.values());
        libraries.clear();
        functions.clear();
        return removed;
    }
}
