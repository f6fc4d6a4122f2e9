package io.keydb.e2e.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a template file, parsed: what a made-up command consists of. The package comment
 * tells the syntax.
 *
 * <p>Threads: immutable.
 *
 * @param family the file it stands in
 * @param parts what its words come from, in order
 */
record Template(String family, List<Part> parts) {

    /** What some words of a command come from. */
    sealed interface Part {
        /** A word, in which letters are still to be replaced. */
        record Word(String text) implements Part {}

        /** A word as it stands, which was quoted. */
        record Literal(String text) implements Part {}

        /** One of several sequences, or perhaps nothing. */
        record Choice(List<List<Part>> alternatives, boolean isOptional) implements Part {}

        /** A sequence several times, each time with other words. */
        record Repeated(List<Part> parts) implements Part {}

        /** How often a sequence follows, and then the sequence so often. */
        record Counted(List<Part> parts) implements Part {}
    }

    static Template parse(String family, String line) {
        Parser parser = new Parser(line);
        List<Part> parts = parser.sequence();
        if (parser.at < line.length() || parts.isEmpty()) {
            throw new IllegalArgumentException("not a template: " + line);
        }
        return new Template(family, parts);
    }

    /** Recursive descent over one line. */
    private static final class Parser {
        private final String line;
        private int at;

        Parser(String line) {
            this.line = line;
        }

        /** Parts up to the end, a bar or a closing bracket. */
        List<Part> sequence() {
            List<Part> parts = new ArrayList<>();
            while (true) {
                while (at < line.length() && line.charAt(at) == ' ') {
                    at++;
                }
                if (at == line.length() || "|]>)".indexOf(line.charAt(at)) >= 0) {
                    return parts;
                }
                parts.add(part());
            }
        }

        private Part part() {
            char first = line.charAt(at);
            return switch (first) {
                case '[' -> new Part.Choice(alternatives(']'), true);
                case '<' -> new Part.Choice(alternatives('>'), false);
                case '(' -> repeated(group());
                case '#' -> {
                    if (at + 1 < line.length() && "(K".indexOf(line.charAt(at + 1)) >= 0) {
                        at++;
                        yield new Part.Counted(line.charAt(at) == '(' ? group() : word());
                    }
                    yield repeated(word());
                }
                case '"' -> literal();
                default -> repeated(word());
            };
        }

        private Part repeated(List<Part> parts) {
            if (line.startsWith("...", at)) {
                at += 3;
                return new Part.Repeated(parts);
            }
            if (parts.size() != 1) {
                throw new IllegalArgumentException("a group without dots: " + line);
            }
            return parts.getFirst();
        }

        private List<List<Part>> alternatives(char end) {
            List<List<Part>> alternatives = new ArrayList<>();
            do {
                at++;
                alternatives.add(sequence());
            } while (at < line.length() && line.charAt(at) == '|');
            close(end);
            return alternatives;
        }

        private List<Part> group() {
            at++;
            List<Part> parts = sequence();
            close(')');
            return parts;
        }

        private void close(char end) {
            if (at == line.length() || line.charAt(at) != end) {
                throw new IllegalArgumentException("no " + end + " in " + line);
            }
            at++;
        }

        private List<Part> word() {
            int start = at;
            while (at < line.length()
                    && " |]>)".indexOf(line.charAt(at)) < 0
                    && !line.startsWith("...", at)) {
                at++;
            }
            return List.of(new Part.Word(line.substring(start, at)));
        }

        private Part literal() {
            int start = at++;
            while (at < line.length() && line.charAt(at) != '"') {
                at += line.charAt(at) == '\\' ? 2 : 1;
            }
            at++;
            return new Part.Literal(Words.split(line.substring(start, at)).getFirst());
        }
    }
}
