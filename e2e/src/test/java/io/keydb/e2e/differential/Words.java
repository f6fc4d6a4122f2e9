package io.keydb.e2e.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words with the quoting rules of {@code redis-cli}. Threads: confined to one
 * call of {@link #split}.
 */
final class Words {

    private final String line;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    static List<String> split(String line) {
        Words words = new Words(line);
        List<String> found = new ArrayList<>();
        while (words.skipBlanks()) {
            found.add(words.word());
        }
        return found;
    }

    private boolean skipBlanks() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at < line.length();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (at < line.length() && line.charAt(at) != ' ') {
            char first = line.charAt(at++);
            switch (first) {
                case '"' -> doubleQuoted(word);
                case '\'' -> singleQuoted(word);
                default -> word.append(first);
            }
        }
        return word.toString();
    }

    private void singleQuoted(StringBuilder word) {
        int end = line.indexOf('\'', at);
        if (end < 0) {
            throw new IllegalArgumentException("unbalanced single quote");
        }
        word.append(line, at, end);
        at = end + 1;
    }

    private void doubleQuoted(StringBuilder word) {
        while (at < line.length()) {
            char here = line.charAt(at++);
            if (here == '"') {
                return;
            }
            word.append(here == '\\' ? escaped() : here);
        }
        throw new IllegalArgumentException("unbalanced double quote");
    }

    private char escaped() {
        char kind = line.charAt(at++);
        return switch (kind) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 0x07;
            case 'x' -> {
                at += 2;
                yield (char) Integer.parseInt(line.substring(at - 2, at), 16);
            }
            default -> kind;
        };
    }
}
