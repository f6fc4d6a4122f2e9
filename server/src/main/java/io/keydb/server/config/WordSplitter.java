package io.keydb.server.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a line into words as Redis does: blanks separate; {@code "..."} knows {@code \n \r \t \b
 * \a \xHH} and takes any other escaped character as it is; {@code '...'} knows only {@code \'}.
 * After a closing quote a blank or the end must follow.
 *
 * <p>Threads: confined to the caller.
 */
public final class WordSplitter {
    private final byte[] line;
    private final Charset charset;
    private int position;

    private WordSplitter(String line, Charset charset) {
        this.line = line.getBytes(charset);
        this.charset = charset;
    }

    /** The words of {@code line}, or null when its quotes are not balanced. */
    public static @Nullable List<String> split(String line) {
        return split(line, StandardCharsets.UTF_8);
    }

    /** The same for a line whose characters stand for bytes by another rule than UTF-8. */
    public static @Nullable List<String> split(String line, Charset charset) {
        return new WordSplitter(line, charset).words();
    }

    private @Nullable List<String> words() {
        List<String> words = new ArrayList<>();
        while (true) {
            while (position < line.length && isBlank(line[position])) {
                position++;
            }
            if (position == line.length) {
                return words;
            }
            String word = word();
            if (word == null) {
                return null;
            }
            words.add(word);
        }
    }

    private @Nullable String word() {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        while (position < line.length && !isBlank(line[position])) {
            byte next = line[position++];
            if (next == '"' || next == '\'') {
                boolean closed = next == '"' ? doubleQuoted(word) : singleQuoted(word);
                if (!closed || (position < line.length && !isBlank(line[position]))) {
                    return null;
                }
            } else {
                word.write(next);
            }
        }
        return word.toString(charset);
    }

    private boolean doubleQuoted(ByteArrayOutputStream word) {
        while (position < line.length) {
            byte next = line[position++];
            if (next == '"') {
                return true;
            }
            if (next == '\\' && position < line.length) {
                escaped(word);
            } else {
                word.write(next);
            }
        }
        return false;
    }

    private void escaped(ByteArrayOutputStream word) {
        byte next = line[position++];
        if (next == 'x' && position + 1 < line.length) {
            int high = Character.digit(line[position], 16);
            int low = Character.digit(line[position + 1], 16);
            if (high >= 0 && low >= 0) {
                word.write(high * 16 + low);
                position += 2;
                return;
            }
        }
        word.write(
                switch (next) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> 7;
                    default -> next;
                });
    }

    private boolean singleQuoted(ByteArrayOutputStream word) {
        while (position < line.length) {
            byte next = line[position++];
            if (next == '\'') {
                return true;
            }
            if (next == '\\' && position < line.length && line[position] == '\'') {
                next = line[position++];
            }
            word.write(next);
        }
        return false;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r') || character == 0;
    }
}
