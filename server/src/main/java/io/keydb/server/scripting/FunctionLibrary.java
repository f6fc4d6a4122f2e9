package io.keydb.server.scripting;

import io.keydb.server.command.CommandError;
import io.keydb.server.config.WordSplitter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A library: its code, and the functions that the code registered when it was loaded.
 *
 * <p>Threads: changed while it is loaded only, by who holds the locks of all partitions; seen by
 * any afterwards.
 */
final class FunctionLibrary {
    static final String WRONG_NAME =
            "Library names can only contain letters, numbers, or underscores(_) and must be at"
                    + " least one character long";

    private static final String NAME = "name=";

    private final String name;
    private final byte[] code;
    private final int bodyStart;
    private final Map<String, LibraryFunction> functions = new LinkedHashMap<>();

    private FunctionLibrary(String name, byte[] code, int bodyStart) {
        this.name = name;
        this.code = code;
        this.bodyStart = bodyStart;
    }

    /**
     * The library of a code, without functions yet.
     *
     * @throws CommandError when its first line is wrong
     */
    static FunctionLibrary of(byte[] code) {
        String text = new String(code, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("#!")) {
            throw new CommandError("ERR Missing library metadata");
        }
        int end = text.indexOf('\n');
        List<String> words = end < 0 ? null : WordSplitter.split(text.substring(0, end));
        if (words == null || words.isEmpty()) {
            throw new CommandError("ERR Invalid library metadata");
        }
        String name = name(words.subList(1, words.size()));
        if (!isName(name)) {
            throw new CommandError("ERR " + WRONG_NAME);
        }
        String engine = words.getFirst().substring(2);
        if (!engine.equals("lua") && !engine.equalsIgnoreCase("lua")) {
            throw new CommandError("ERR Engine '" + engine + "' not found");
        }
        return new FunctionLibrary(name, code, end);
    }

    private static String name(List<String> words) {
        String name = null;
        for (String word : words) {
            if (!word.toLowerCase(Locale.ROOT).startsWith(NAME)) {
                throw new CommandError("ERR Invalid metadata value given: " + word);
            }
            if (name != null) {
                throw new CommandError(
                        "ERR Invalid metadata value, name argument was given multiple times");
            }
            name = word.substring(NAME.length());
        }
        if (name == null) {
            throw new CommandError("ERR Library name was not given");
        }
        return name;
    }

    /** Whether a library or function may be called so. */
    static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLetter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            if (!isLetter && !(c >= '0' && c <= '9') && c != '_') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    String name() {
        return name;
    }

    /** All of it, with its first line. */
    byte[] code() {
        return code;
    }

    /** Where the Lua of it begins: at the end of the first line, so that lines count from there. */
    int bodyStart() {
        return bodyStart;
    }

    /** By their names, in the order in which they were registered. */
    Map<String, LibraryFunction> functions() {
        return functions;
    }
}
