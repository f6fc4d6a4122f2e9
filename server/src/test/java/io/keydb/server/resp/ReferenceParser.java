package io.keydb.server.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same language as {@link RequestParser}, written again in the plainest way: the whole stream
 * as a string, after the functions {@code processInlineBuffer}, {@code processMultibulkBuffer} and
 * {@code sdssplitargs} of Redis 7.0. The fuzz test compares the two.
 */
final class ReferenceParser {

    private final String stream;
    private final List<List<String>> requests = new ArrayList<>();
    private int position;
    private String error = "";

    private ReferenceParser(byte[] stream) {
        this.stream = new String(stream, StandardCharsets.ISO_8859_1);
    }

    static ParsedStream parse(byte[] stream) {
        ReferenceParser parser = new ReferenceParser(stream);
        boolean goesOn = true;
        while (goesOn && parser.position < parser.stream.length()) {
            goesOn =
                    parser.stream.charAt(parser.position) == '*' ? parser.array() : parser.inline();
        }
        return new ParsedStream(parser.requests, parser.error);
    }

    private boolean fail(String text) {
        error = "ERR Protocol error: " + text;
        return false;
    }

    /** strchr: a NUL ends the search. */
    private int find(char wanted) {
        int found = stream.indexOf(wanted, position);
        int nul = stream.indexOf('\0', position);
        return nul >= 0 && nul < found ? -1 : found;
    }

    private boolean array() {
        int line = find('\r');
        if (line < 0 || line + 2 > stream.length()) {
            return false;
        }
        Long count = number(stream.substring(position + 1, line));
        if (count == null || count > Integer.MAX_VALUE) {
            return fail("invalid multibulk length");
        }
        position = line + 2;
        List<String> arguments = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            String argument = bulk();
            if (argument == null) {
                return false;
            }
            arguments.add(argument);
        }
        if (count > 0) {
            requests.add(arguments);
        }
        return true;
    }

    private @Nullable String bulk() {
        int line = find('\r');
        if (line < 0 || line + 2 > stream.length()) {
            return null;
        }
        char first = stream.charAt(position);
        if (first != '$') {
            fail("expected '$', got '" + (first == 0 ? "" : first + "'"));
            return null;
        }
        Long length = number(stream.substring(position + 1, line));
        if (length == null || length < 0 || length > RequestLimits.DEFAULT_BULK_BYTES) {
            fail("invalid bulk length");
            return null;
        }
        position = line + 2;
        if (stream.length() - position < length + 2) {
            return null;
        }
        String argument = stream.substring(position, position + (int) (long) length);
        position += (int) (length + 2);
        return argument;
    }

    private static @Nullable Long number(String text) {
        try {
            long value = Long.parseLong(text);
            return Long.toString(value).equals(text) ? value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private boolean inline() {
        int line = find('\n');
        if (line < 0) {
            return false;
        }
        int end = line > position && stream.charAt(line - 1) == '\r' ? line - 1 : line;
        List<String> arguments = split(stream.substring(position, end) + "\0\0\0\0");
        if (arguments == null) {
            return fail("unbalanced quotes in request");
        }
        if (!arguments.isEmpty()) {
            requests.add(arguments);
        }
        position = line + 1;
        return true;
    }

    private static @Nullable List<String> split(String line) {
        List<String> arguments = new ArrayList<>();
        int p = 0;
        while (true) {
            while (isSpace(line.charAt(p))) {
                p++;
            }
            if (line.charAt(p) == 0) {
                return arguments;
            }
            StringBuilder current = new StringBuilder();
            char quote = 0;
            boolean done = false;
            while (!done) {
                char c = line.charAt(p);
                if (quote != 0) {
                    if (c == 0) {
                        return null;
                    }
                    char next = line.charAt(p + 1);
                    if (quote == '"' && line.substring(p).matches("(?s)\\\\x[0-9a-fA-F]{2}.*")) {
                        current.append((char) Integer.parseInt(line.substring(p + 2, p + 4), 16));
                        p += 3;
                    } else if (quote == '"' && c == '\\' && next != 0) {
                        int known = "nrtba".indexOf(next);
                        current.append(known < 0 ? next : "\n\r\t\b\7".charAt(known));
                        p++;
                    } else if (quote == '\'' && c == '\\' && next == '\'') {
                        current.append('\'');
                        p++;
                    } else if (c == quote) {
                        if (next != 0 && !isSpace(next)) {
                            return null;
                        }
                        done = true;
                    } else {
                        current.append(c);
                    }
                } else if (" \n\r\t\0".indexOf(c) >= 0) {
                    done = true;
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    current.append(c);
                }
                if (c != 0) {
                    p++;
                }
            }
            arguments.add(current.toString());
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
