package io.keydb.server.persistence.aof;

import io.keydb.server.config.QuotedText;
import io.keydb.server.config.WordSplitter;
import io.keydb.server.persistence.DataFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which files make up an append-only file: one base, then increments in their order; besides them
 * those that are no longer needed and wait to be removed.
 *
 * <pre>
 *   file appendonly.aof.2.base.rdb seq 2 type b
 *   file appendonly.aof.1.incr.aof seq 1 type h
 *   file appendonly.aof.2.incr.aof seq 2 type i
 * </pre>
 *
 * <p>Threads: immutable.
 *
 * @param base null: the data begin empty
 */
record AofManifest(@Nullable Part base, List<Part> increments, List<Part> history) {
    /** Nothing at all. */
    static final AofManifest NONE = new AofManifest(null, List.of(), List.of());

    private static final int LONGEST_LINE = 1024;
    private static final char BASE = 'b';
    private static final char INCREMENT = 'i';
    private static final char HISTORY = 'h';

    /** One file. */
    record Part(String name, long sequence) {}

    boolean isEmpty() {
        return base == null && increments.isEmpty();
    }

    /** All files that are loaded, in their order. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        if (base != null) {
            parts.add(base);
        }
        parts.addAll(increments);
        return parts;
    }

    /** The base that would come next. */
    Part nextBase(String name, boolean isRdb) {
        long sequence = base == null ? 1 : base.sequence() + 1;
        return new Part(name + "." + sequence + (isRdb ? ".base.rdb" : ".base.aof"), sequence);
    }

    /** The increment that would come next. */
    Part nextIncrement(String name) {
        long sequence = increments.isEmpty() ? 1 : increments.getLast().sequence() + 1;
        return new Part(name + "." + sequence + ".incr.aof", sequence);
    }

    /** The same with one more increment. */
    AofManifest withIncrement(Part increment) {
        List<Part> more = new ArrayList<>(increments);
        more.add(increment);
        return new AofManifest(base, List.copyOf(more), history);
    }

    /**
     * The same after a rewrite: only increments from {@code first} on are needed with the new base.
     *
     * @param first null: none is needed
     */
    AofManifest rewritten(Part newBase, @Nullable Part first) {
        List<Part> kept = new ArrayList<>();
        List<Part> old = new ArrayList<>();
        for (Part increment : increments) {
            boolean isNeeded = first != null && increment.sequence() >= first.sequence();
            (isNeeded ? kept : old).add(increment);
        }
        if (base != null && !base.name().equals(newBase.name())) {
            old.add(base);
        }
        old.addAll(history); // the latest first
        if (first != null && kept.isEmpty()) {
            kept.add(first);
        }
        return new AofManifest(newBase, List.copyOf(kept), List.copyOf(old));
    }

    /** The same when nothing waits to be removed any more. */
    AofManifest withoutHistory() {
        return new AofManifest(base, increments, List.of());
    }

    /** What the file of this holds. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (base != null) {
            line(text, base, BASE);
        }
        history.forEach(part -> line(text, part, HISTORY));
        increments.forEach(part -> line(text, part, INCREMENT));
        return text.toString();
    }

    private static void line(StringBuilder text, Part part, char type) {
        boolean isPlain = part.name().chars().allMatch(c -> c > ' ' && c < 127 && c != '"');
        String name = isPlain ? part.name() : QuotedText.quote(part.name());
        text.append("file ").append(name).append(" seq ").append(part.sequence());
        text.append(" type ").append(type).append('\n');
    }

    /**
     * Reads what {@link #text} or a stock server has written.
     *
     * @param place the file, for the message of an error
     * @throws DataFileException says what is wrong in which line
     */
    static AofManifest parse(String text, String place) throws DataFileException {
        if (text.isEmpty()) {
            throw new DataFileException("Found an empty AOF manifest: " + place);
        }
        Reading reading = new Reading();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("#") || (i == lines.length - 1 && lines[i].isEmpty())) {
                continue;
            }
            String wrong =
                    i == lines.length - 1 || lines[i].length() >= LONGEST_LINE
                            ? "The AOF manifest file contains too long line"
                            : reading.line(lines[i].strip());
            if (wrong != null) {
                throw new DataFileException(
                        wrong + ": " + place + ", line " + (i + 1) + ": '" + lines[i] + "'");
            }
        }
        return new AofManifest(
                reading.base, List.copyOf(reading.increments), List.copyOf(reading.history));
    }

    private static final class Reading {
        private static final String MALFORMED = "Invalid AOF manifest file format";

        private @Nullable Part base;
        private final List<Part> increments = new ArrayList<>();
        private final List<Part> history = new ArrayList<>();

        /** Takes a line; gives what is wrong with it, or null. */
        private @Nullable String line(String line) {
            List<String> words = WordSplitter.split(line);
            if (words == null || words.size() < 6 || words.size() % 2 != 0) {
                return MALFORMED;
            }
            String name = "";
            String type = "";
            long sequence = 0;
            for (int i = 0; i < words.size(); i += 2) {
                String value = words.get(i + 1);
                switch (words.get(i).toLowerCase(Locale.ROOT)) {
                    case "file" -> name = value;
                    case "seq" -> sequence = number(value);
                    case "type" -> type = value;
                    default -> {} // of a later version
                }
            }
            if (name.contains("/") || name.contains("\\")) {
                return "File can't be a path, just a filename";
            }
            if (name.isEmpty() || sequence == 0 || type.isEmpty()) {
                return MALFORMED;
            }
            return add(type.charAt(0), new Part(name, sequence));
        }

        private @Nullable String add(char type, Part part) {
            switch (type) {
                case BASE -> {
                    if (base != null) {
                        return "Found duplicate base file information";
                    }
                    base = part;
                }
                case HISTORY -> history.add(part);
                case INCREMENT -> {
                    long last = increments.isEmpty() ? 0 : increments.getLast().sequence();
                    if (part.sequence() <= last) {
                        return "Found a non-monotonic sequence number";
                    }
                    increments.add(part);
                }
                default -> {
                    return "Unknown AOF file type";
                }
            }
            return null;
        }

        private static long number(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException none) {
                return 0;
            }
        }
    }
}
