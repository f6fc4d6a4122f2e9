package io.keydb.server.resp;

import io.keydb.server.memory.Memory;

/**
 * Splits a line into arguments by the quoting rules of Redis: blanks separate, {@code "..."} knows
 * {@code \n \r \t \b \a \xHH} and takes any other escaped character as it is, {@code '...'} knows
 * only {@code \'}, and a closing quote must be followed by a blank or the end. A NUL ends the line.
 *
 * <p>Arguments are unescaped in place: they never get longer.
 *
 * <p>Threads: stateless.
 */
final class InlineSplitter {

    private static final int END = 0;

    private InlineSplitter() {}

    /** Adds the arguments to a request; false when quotes are not balanced. */
    static boolean split(long from, long end, Request request) {
        long at = from;
        while (true) {
            while (isBlank(character(at, end))) {
                at++;
            }
            if (character(at, end) == END) {
                return true;
            }
            at = argument(at, end, request);
            if (at < 0) {
                return false;
            }
        }
    }

    /**
     * Reads one argument, parts of which may be quoted; returns where it ends, -1 when quotes are
     * not balanced.
     */
    private static long argument(long from, long end, Request request) {
        long at = from;
        long to = from;
        while (true) {
            int character = character(at, end);
            switch (character) {
                case END, ' ', '\n', '\r', '\t' -> {
                    request.add(from, (int) (to - from));
                    return character == END ? at : at + 1;
                }
                case '"', '\'' -> {
                    long closing = closingQuote(at, end, character);
                    if (closing < 0) {
                        return -1;
                    }
                    to = unquote(at + 1, closing, character, to);
                    request.add(from, (int) (to - from));
                    return closing + 1;
                }
                default -> {
                    Memory.putByte(to++, (byte) character);
                    at++;
                }
            }
        }
    }

    /**
     * The quote that ends a quoted part, which also ends the argument; -1 when there is none or
     * more follows.
     */
    private static long closingQuote(long opening, long end, int quote) {
        long at = opening + 1;
        while (true) {
            int character = character(at, end);
            if (character == END) {
                return -1;
            }
            if (character == quote) {
                int next = character(at + 1, end);
                return next == END || isBlank(next) ? at : -1;
            }
            boolean escape =
                    character == '\\'
                            && (quote == '"'
                                    ? character(at + 1, end) != END
                                    : character(at + 1, end) == '\'');
            at += escape ? 2 : 1;
        }
    }

    private static long unquote(long from, long closing, int quote, long target) {
        long at = from;
        long to = target;
        while (at < closing) {
            byte character = Memory.getByte(at);
            if (character != '\\' || (quote == '\'' && Memory.getByte(at + 1) != '\'')) {
                Memory.putByte(to++, character);
                at++;
            } else if (quote == '"' && isHexEscape(at, closing)) {
                int value = hex(Memory.getByte(at + 2)) << 4 | hex(Memory.getByte(at + 3));
                Memory.putByte(to++, (byte) value);
                at += 4;
            } else {
                byte escaped = Memory.getByte(at + 1);
                Memory.putByte(to++, quote == '"' ? unescaped(escaped) : escaped);
                at += 2;
            }
        }
        return to;
    }

    private static boolean isHexEscape(long at, long closing) {
        return at + 3 < closing
                && Memory.getByte(at + 1) == 'x'
                && hex(Memory.getByte(at + 2)) >= 0
                && hex(Memory.getByte(at + 3)) >= 0;
    }

    private static byte unescaped(byte character) {
        return switch (character) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> character;
        };
    }

    private static int hex(byte character) {
        return character >= '0' && character <= '9'
                ? character - '0'
                : character >= 'a' && character <= 'f'
                        ? character - 'a' + 10
                        : character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
    }

    private static int character(long at, long end) {
        return at < end ? Memory.getByte(at) : END;
    }

    private static boolean isBlank(int character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
