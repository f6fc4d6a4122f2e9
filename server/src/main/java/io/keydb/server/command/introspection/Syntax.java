package io.keydb.server.command.introspection;

import io.keydb.server.command.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a command's syntax line into its tree of arguments.
 *
 * <pre>
 *   sequence    = { item }
 *   item        = "[" alternatives "]"       optional
 *               | "&lt;" alternatives "&gt;"       grouped
 *               | WORD [ item ]              a token, and what it introduces
 *               | name                       a value
 *               | '""'                       the empty string as a token
 *   alternatives = sequence { "|" sequence }
 *   a repeated "[x ...]" behind x makes x a multiple argument
 * </pre>
 *
 * <p>Threads: confined to one thread.
 */
final class Syntax {
    /** How a syntax line names the empty string. */
    private static final String EMPTY = "\"\"";

    private static final Set<String> INTEGERS =
            Set.of(
                    "seconds",
                    "milliseconds",
                    "increment",
                    "decrement",
                    "offset",
                    "start",
                    "end",
                    "count",
                    "index",
                    "index1",
                    "index2",
                    "db",
                    "destination-db",
                    "min-match-len",
                    "cursor",
                    "client-id",
                    "protover",
                    "port",
                    "numreplicas",
                    "timeout");

    private final Command command;
    private final List<String> words = new ArrayList<>();
    private int position;
    private int keys;

    private Syntax(Command command) {
        this.command = command;
        String spaced =
                command.syntax()
                        .replace("[", " [ ")
                        .replace("]", " ] ")
                        .replace("<", " < ")
                        .replace(">", " > ")
                        .replace("|", " | ");
        for (String word : spaced.trim().split(" +", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
    }

    /** The arguments of the command, empty when it has none. */
    static List<Argument> parse(Command command) {
        return new Syntax(command).sequence();
    }

    private List<Argument> sequence() {
        List<Argument> arguments = new ArrayList<>();
        while (position < words.size() && !isEnd(words.get(position))) {
            if (isRepetition(arguments.size())) {
                skipGroup();
                multiply(arguments);
            } else {
                arguments.add(item());
            }
        }
        return arguments;
    }

    private static boolean isEnd(String word) {
        return word.equals("]") || word.equals(">") || word.equals("|");
    }

    /** Whether a group comes that ends with dots: it repeats what stands before it. */
    private boolean isRepetition(int before) {
        if (before == 0 || !words.get(position).equals("[")) {
            return false;
        }
        int depth = 0;
        for (int i = position; i < words.size(); i++) {
            if (words.get(i).equals("[")) {
                depth++;
            } else if (words.get(i).equals("]") && --depth == 0) {
                return words.get(i - 1).equals("...");
            }
        }
        return false;
    }

    /** Makes the last arguments, as many as the group just skipped had, a multiple one. */
    private void multiply(List<Argument> arguments) {
        int repeated = Math.min(groupSize, arguments.size());
        if (repeated == 1) {
            Argument last = arguments.removeLast();
            arguments.add(flagged(last, "multiple"));
            return;
        }
        List<Argument> parts =
                List.copyOf(arguments.subList(arguments.size() - repeated, arguments.size()));
        for (int i = 0; i < repeated; i++) {
            arguments.removeLast();
        }
        arguments.add(
                new Argument("data", Argument.Type.BLOCK, -1, "", List.of("multiple"), parts));
    }

    private int groupSize;

    private void skipGroup() {
        int depth = 0;
        groupSize = 0;
        do {
            String word = words.get(position++);
            if (word.equals("[")) {
                depth++;
            } else if (word.equals("]")) {
                depth--;
            } else if (!word.equals("...")) {
                groupSize++;
            }
        } while (depth > 0);
    }

    private Argument item() {
        String word = words.get(position++);
        if (word.equals("[")) {
            return flagged(alternatives("]"), "optional");
        }
        if (word.equals("<")) {
            return alternatives(">");
        }
        if (word.equals(EMPTY)) {
            return pureToken("empty-string", "");
        }
        return isToken(word) ? token(word) : value(word, "");
    }

    private static boolean isToken(String word) {
        return word.equals(word.toUpperCase(Locale.ROOT)) && !word.equals("...");
    }

    /** A keyword alone, or the keyword of the value that follows it. */
    private Argument token(String word) {
        if (position < words.size()) {
            String next = words.get(position);
            if (!isEnd(next) && !next.equals("[") && !next.equals("<") && !isToken(next)) {
                position++;
                int values = 0;
                int ahead = position;
                while (ahead < words.size()
                        && !isEnd(words.get(ahead))
                        && !words.get(ahead).equals("[")) {
                    values++;
                    ahead++;
                }
                return values == 0 ? value(next, word) : block(word, next);
            }
            if (next.equals("<")) {
                position++;
                Argument choice = alternatives(">");
                return new Argument(
                        choice.name(), choice.type(), -1, word, choice.flags(), choice.parts());
            }
        }
        return pureToken(word.toLowerCase(Locale.ROOT), word);
    }

    private static Argument pureToken(String name, String word) {
        return new Argument(name, Argument.Type.PURE_TOKEN, -1, word, List.of(), List.of());
    }

    private Argument block(String word, String first) {
        List<Argument> parts = new ArrayList<>();
        parts.add(value(first, ""));
        parts.addAll(sequence());
        return new Argument(
                word.toLowerCase(Locale.ROOT), Argument.Type.BLOCK, -1, word, List.of(), parts);
    }

    private Argument alternatives(String end) {
        List<Argument> choices = new ArrayList<>();
        choices.add(group(sequence()));
        while (words.get(position).equals("|")) {
            position++;
            choices.add(group(sequence()));
        }
        if (!words.get(position++).equals(end)) {
            throw new IllegalStateException("syntax of " + command + ": " + command.syntax());
        }
        return choices.size() == 1
                ? choices.get(0)
                : new Argument(
                        choices.get(0).name(), Argument.Type.ONEOF, -1, "", List.of(), choices);
    }

    private static Argument group(List<Argument> arguments) {
        return arguments.size() == 1
                ? arguments.get(0)
                : new Argument(
                        arguments.isEmpty() ? "" : arguments.get(0).name(),
                        Argument.Type.BLOCK,
                        -1,
                        "",
                        List.of(),
                        arguments);
    }

    private Argument value(String name, String token) {
        Argument.Type type = type(name);
        int spec = type == Argument.Type.KEY ? Math.min(keys++, command.keySpecs().size() - 1) : -1;
        return new Argument(name, type, spec, token, List.of(), List.of());
    }

    private Argument.Type type(String name) {
        if (name.startsWith("unix-time")) {
            return Argument.Type.UNIX_TIME;
        }
        if (INTEGERS.contains(name)) {
            return Argument.Type.INTEGER;
        }
        if (name.equals("pattern")) {
            return Argument.Type.PATTERN;
        }
        boolean isKey =
                !command.keySpecs().isEmpty()
                        && (name.equals("key")
                                || name.equals("newkey")
                                || name.equals("source")
                                || name.equals("destination")
                                || name.equals("key1")
                                || name.equals("key2"));
        return isKey ? Argument.Type.KEY : Argument.Type.STRING;
    }

    private static Argument flagged(Argument argument, String flag) {
        List<String> flags = new ArrayList<>(argument.flags());
        flags.add(flag);
        return new Argument(
                argument.name(),
                argument.type(),
                argument.keySpec(),
                argument.token(),
                flags,
                argument.parts());
    }
}
