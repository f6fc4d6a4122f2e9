package io.keydb.e2e.controlplane;

import java.io.Console;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Output with a table that stays at the end: redrawn in place on a terminal; elsewhere only its
 * changed lines are printed.
 *
 * <p>Threads: safe, guarded by this object.
 */
final class LiveConsole {

    private static final String CLEAR_BELOW = "\u001b[J";

    /** A wrapped line would take two rows, and the table could not be erased by its length. */
    private static final String CUT_LONG_LINES = "\u001b[?7l";

    private static final String WRAP_LONG_LINES = "\u001b[?7h";

    private final PrintStream out;
    private final boolean terminal;
    private List<String> table = List.of();

    LiveConsole(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** The console of this process. */
    @SuppressWarnings("SystemConsoleNull") // without a console there is no terminal
    static LiveConsole ofSystem() {
        Console console = System.console();
        return new LiveConsole(System.out, console != null && console.isTerminal());
    }

    /** Whether the table is redrawn in place. */
    boolean isTerminal() {
        return terminal;
    }

    /** Prints a line above the table. */
    synchronized void say(String line) {
        erase();
        out.println(line);
        draw();
    }

    /** Replaces the table. */
    synchronized void show(List<String> lines) {
        if (lines.equals(table)) {
            return;
        }
        if (terminal) {
            erase();
            table = List.copyOf(lines);
            draw();
            return;
        }
        Set<String> known = new LinkedHashSet<>(table);
        List<String> changed = new ArrayList<>(lines);
        changed.removeIf(line -> line.isBlank() || known.contains(line));
        table = List.copyOf(lines);
        changed.forEach(out::println);
        out.flush();
    }

    private void erase() {
        if (terminal && !table.isEmpty()) {
            out.print("\u001b[" + (table.size() + 1) + "A\r" + CLEAR_BELOW);
        }
    }

    private void draw() {
        if (terminal && !table.isEmpty()) {
            out.print(CUT_LONG_LINES);
            out.println();
            table.forEach(out::println);
            out.print(WRAP_LONG_LINES);
        }
        out.flush();
    }
}
