package io.keydb.server.scripting;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.config.WordSplitter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a script declares about itself in its first line, as {@code #!lua flags=no-writes}. A script
 * without such a line declares nothing and is checked as it goes.
 *
 * <p>Threads: immutable.
 */
final class ScriptFlags {
    static final int NO_WRITES = 1;
    static final int ALLOW_OOM = 1 << 1;
    static final int ALLOW_STALE = 1 << 2;
    static final int NO_CLUSTER = 1 << 3;
    static final int ALLOW_CROSS_SLOT = 1 << 4;

    /** The script has no first line of that kind. */
    static final int UNDECLARED = 1 << 5;

    /** In the order of their bits. */
    static final List<String> NAMES =
            List.of("no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys");

    private static final String ENGINE = "#!lua";
    private static final String FLAGS = "flags=";

    private ScriptFlags() {}

    /** Where the code behind a first line that begins with {@code #!} begins: at its line end. */
    static int codeStart(String body) {
        return body.startsWith("#!") ? body.indexOf('\n') : 0;
    }

    /**
     * The flags of a script.
     *
     * @throws CommandError when its first line is wrong
     */
    static int parse(String body) {
        if (!body.startsWith("#!")) {
            return UNDECLARED;
        }
        int end = body.indexOf('\n');
        if (end < 0) {
            throw new CommandError("ERR Invalid script shebang");
        }
        List<String> words = WordSplitter.split(body.substring(0, end));
        if (words == null || words.isEmpty()) {
            throw new CommandError("ERR Invalid engine in script shebang");
        }
        if (!words.getFirst().equals(ENGINE)) {
            throw new CommandError("ERR Unexpected engine in script shebang: " + words.getFirst());
        }
        int flags = 0;
        for (String word : words.subList(1, words.size())) {
            if (!word.startsWith(FLAGS)) {
                throw new CommandError("ERR Unknown lua shebang option: " + word);
            }
            flags |= list(word.substring(FLAGS.length()));
        }
        return flags;
    }

    private static int list(String names) {
        int flags = 0;
        if (names.isEmpty()) {
            return flags;
        }
        for (String name : names.split(",", -1)) {
            int bit = bit(name);
            if (bit == 0) {
                throw new CommandError("ERR Unexpected flag in script shebang: " + name);
            }
            flags |= bit;
        }
        return flags;
    }

    /** The bit of a flag; 0 for what is none. */
    static int bit(String name) {
        int index = NAMES.indexOf(name);
        return index < 0 ? 0 : 1 << index;
    }

    /** The command that runs a script of these flags, as its requests are to be checked. */
    static Command checked(Command declared, int flags) {
        if ((flags & UNDECLARED) != 0) {
            return declared;
        }
        Set<CommandFlag> all = EnumSet.copyOf(declared.flags());
        set(all, CommandFlag.STALE, (flags & ALLOW_STALE) != 0);
        set(all, CommandFlag.WRITE, (flags & NO_WRITES) == 0);
        set(all, CommandFlag.MAY_REPLICATE, false);
        set(all, CommandFlag.DENYOOM, (flags & (NO_WRITES | ALLOW_OOM)) == 0);
        return declared.withFlags(all);
    }

    private static void set(Set<CommandFlag> flags, CommandFlag flag, boolean yes) {
        if (yes) {
            flags.add(flag);
        } else {
            flags.remove(flag);
        }
    }

    /** As {@link #parse}, but null for a first line that is wrong. */
    static @Nullable Integer parseQuietly(String body) {
        try {
            return parse(body);
        } catch (CommandError wrong) {
            return null;
        }
    }
}
