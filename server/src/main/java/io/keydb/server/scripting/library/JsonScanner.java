package io.keydb.server.scripting.library;

import io.keydb.server.memory.Memory;

/**
 * Cuts JSON into tokens. The text ends with a NUL, wherever that is. Strings are unescaped into a
 * buffer when they have escapes; else they are found in the text.
 *
 * <p>Threads: confined to one call.
 */
final class JsonScanner implements AutoCloseable {
    /** Kinds of tokens, by the names that errors show. */
    enum Token {
        T_OBJ_BEGIN,
        T_OBJ_END,
        T_ARR_BEGIN,
        T_ARR_END,
        T_STRING,
        T_NUMBER,
        T_BOOLEAN,
        T_NULL,
        T_COLON,
        T_COMMA,
        T_END,
        T_ERROR
    }

    private final long text;
    private final int length;
    private final boolean allowsInvalidNumbers;
    private final FloatScanner floats = new FloatScanner();
    private final NativeBuffer unescaped = new NativeBuffer();

    private long at;
    private Token token = Token.T_END;
    private long start;
    private String problem = "";
    private double number;
    private long textAddress;
    private long textLength;

    JsonScanner(long text, int length, boolean allowsInvalidNumbers) {
        this.text = text;
        this.length = length;
        this.allowsInvalidNumbers = allowsInvalidNumbers;
        at = text;
    }

    /** Whether this cannot be UTF-8, because one of the first two bytes is 0. */
    boolean isWide() {
        return length >= 2 && (byteAt(0) == 0 || byteAt(1) == 0);
    }

    Token token() {
        return token;
    }

    /** What the token is, in an error. */
    String found() {
        return token == Token.T_ERROR ? problem : token.name();
    }

    /** Where the token begins, or the error is; 0 is the first byte. */
    long start() {
        return start;
    }

    /** Where the next token is looked for. */
    long position() {
        return at - text;
    }

    /** The value of a number; of a boolean, 0 or 1. */
    double number() {
        return number;
    }

    /** Where the bytes of a string are until the next token. */
    long textAddress() {
        return textAddress;
    }

    long textLength() {
        return textLength;
    }

    @Override
    public void close() {
        unescaped.close();
    }

    Token next() {
        int c = byteAt(0);
        while (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            at++;
            c = byteAt(0);
        }
        start = at - text;
        return switch (c) {
            case '{' -> single(Token.T_OBJ_BEGIN);
            case '}' -> single(Token.T_OBJ_END);
            case '[' -> single(Token.T_ARR_BEGIN);
            case ']' -> single(Token.T_ARR_END);
            case ',' -> single(Token.T_COMMA);
            case ':' -> single(Token.T_COLON);
            case 0 -> set(Token.T_END);
            case '"' -> string();
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(c);
            default -> word();
        };
    }

    private int byteAt(long offset) {
        return Memory.getByte(at + offset) & 0xff;
    }

    private Token single(Token kind) {
        at++;
        return set(kind);
    }

    private Token set(Token kind) {
        token = kind;
        return kind;
    }

    private Token error(String what) {
        start = at - text;
        problem = what;
        return set(Token.T_ERROR);
    }

    // ---- words

    private Token word() {
        if (skip("true")) {
            number = 1;
            return set(Token.T_BOOLEAN);
        }
        if (skip("false")) {
            number = 0;
            return set(Token.T_BOOLEAN);
        }
        if (skip("null")) {
            return set(Token.T_NULL);
        }
        if (allowsInvalidNumbers && "iInN+".indexOf(byteAt(0)) >= 0 && isInvalidNumber()) {
            return anyNumber();
        }
        return error("invalid token");
    }

    private boolean skip(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (byteAt(i) != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    // ---- numbers

    private Token number(int first) {
        if (!allowsInvalidNumbers && isInvalidNumber()) {
            return error("invalid number");
        }
        return first == '0' ? anyNumber() : shortInteger();
    }

    /** An integer of few digits, which is the most common number; or else any number. */
    private Token shortInteger() {
        long digitsFrom = at + (byteAt(0) == '-' ? 1 : 0);
        long end = digitsFrom;
        long value = 0;
        int c = Memory.getByte(end);
        while (c >= '0' && c <= '9' && end - digitsFrom < 15) {
            value = value * 10 + (c - '0');
            end++;
            c = Memory.getByte(end);
        }
        boolean isMore =
                (c >= '0' && c <= '9') || c == '.' || (c | 0x20) == 'e' || (c | 0x20) == 'x';
        if (value == 0 || isMore) {
            return anyNumber();
        }
        number = digitsFrom > at ? -value : value;
        at = end;
        return set(Token.T_NUMBER);
    }

    /** A number as C takes it. */
    private Token anyNumber() {
        number = floats.scan(at);
        if (floats.end() == at) {
            return error("invalid number");
        }
        at = floats.end();
        return set(Token.T_NUMBER);
    }

    /** Whether JSON forbids what C would take for a number. */
    private boolean isInvalidNumber() {
        if (byteAt(0) == '+') {
            return true;
        }
        int sign = byteAt(0) == '-' ? 1 : 0;
        int c = byteAt(sign);
        if (c == '0') {
            int second = byteAt(sign + 1);
            return (second | 0x20) == 'x' || (second >= '0' && second <= '9');
        }
        return isWord(sign, "inf") || isWord(sign, "nan");
    }

    private boolean isWord(int offset, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            if ((byteAt(offset + i) | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    // ---- strings

    private Token string() {
        at++;
        long from = at;
        int c = byteAt(0);
        while (c != '"' && c != '\\' && c != 0) {
            at++;
            c = byteAt(0);
        }
        if (c == '"') {
            textAddress = from;
            textLength = at - from;
            at++;
            return set(Token.T_STRING);
        }
        unescaped.truncate(0);
        unescaped.append(from, at - from);
        return escapedString();
    }

    private Token escapedString() {
        int c = byteAt(0);
        while (c != '"') {
            if (c == 0) {
                return error("unexpected end of string");
            }
            if (c != '\\') {
                unescaped.append(c);
                at++;
            } else if (byteAt(1) == 'u') {
                if (!unicode()) {
                    return error("invalid unicode escape code");
                }
            } else {
                int value = escaped(byteAt(1));
                if (value == 0) {
                    return error("invalid escape code");
                }
                unescaped.append(value);
                at += 2;
            }
            c = byteAt(0);
        }
        at++;
        textAddress = unescaped.address();
        textLength = unescaped.length();
        return set(Token.T_STRING);
    }

    private static int escaped(int letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            default -> 0;
        };
    }

    /** A code in four hexadecimal digits, or two of them that make one character. */
    private boolean unicode() {
        int code = hexadecimal(2);
        int bytes = 6;
        if (code >= 0xdc00 && code <= 0xdfff) {
            return false;
        }
        if (code >= 0xd800 && code <= 0xdbff) {
            if (byteAt(6) != '\\' || byteAt(7) != 'u') {
                return false;
            }
            int low = hexadecimal(8);
            if (low < 0xdc00 || low > 0xdfff) {
                return false;
            }
            code = Character.toCodePoint((char) code, (char) low);
            bytes = 12;
        }
        if (code < 0) {
            return false;
        }
        appendUtf8(code);
        at += bytes;
        return true;
    }

    private int hexadecimal(int offset) {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int c = byteAt(offset + i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            code = (code << 4) | digit;
        }
        return code;
    }

    private void appendUtf8(int code) {
        if (code < 0x80) {
            unescaped.append(code);
        } else if (code < 0x800) {
            unescaped.append((code >> 6) | 0xc0);
            unescaped.append((code & 0x3f) | 0x80);
        } else if (code < 0x10000) {
            unescaped.append((code >> 12) | 0xe0);
            unescaped.append(((code >> 6) & 0x3f) | 0x80);
            unescaped.append((code & 0x3f) | 0x80);
        } else {
            unescaped.append((code >> 18) | 0xf0);
            unescaped.append(((code >> 12) & 0x3f) | 0x80);
            unescaped.append(((code >> 6) & 0x3f) | 0x80);
            unescaped.append((code & 0x3f) | 0x80);
        }
    }
}
