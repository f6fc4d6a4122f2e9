package io.keydb.e2e.process;

import java.util.List;

/**
 * One reply: its exact bytes and their meaning. Bytes are kept as Latin-1 strings, one character
 * per byte.
 *
 * @param type the first byte: {@code + - : $ *} of RESP2, {@code _ # , ( = ! % ~ >} of RESP3
 * @param text the line of a scalar or the content of a blob; empty for aggregates and nulls
 * @param isNull true for {@code $-1}, {@code *-1} and {@code _}
 * @param children the elements of an aggregate; a map holds keys and values in turn
 * @param raw all bytes as they came over the wire
 *     <p>Threads: immutable.
 */
public record RespReply(
        char type, String text, boolean isNull, List<RespReply> children, String raw) {

    static RespReply scalar(char type, String text, String raw) {
        return new RespReply(type, text, type == '_', List.of(), raw);
    }

    static RespReply absent(char type, String raw) {
        return new RespReply(type, "", true, List.of(), raw);
    }

    static RespReply aggregate(char type, List<RespReply> children, String raw) {
        return new RespReply(type, "", false, children, raw);
    }

    public boolean isError() {
        return type == '-' || type == '!';
    }

    public boolean isSimple(String expected) {
        return type == '+' && text.equals(expected);
    }

    public boolean isAggregate() {
        return switch (type) {
            case '*', '%', '~', '>' -> !isNull;
            default -> false;
        };
    }

    /** The value of an integer reply, or of a blob or line that holds one. */
    public long integer() {
        return Long.parseLong(text);
    }

    /** The value that follows a key in a map, or in the flat list that RESP2 has for one. */
    public RespReply valueOf(String key) {
        for (int i = 0; i + 1 < children.size(); i += 2) {
            if (children.get(i).text().equals(key)) {
                return children.get(i + 1);
            }
        }
        throw new IllegalArgumentException("no " + key + " in " + this);
    }

    /** The bytes in printable form. */
    @Override
    public String toString() {
        return printable(raw);
    }

    /** Shows control and non-ASCII bytes as escapes. */
    public static String printable(String bytes) {
        StringBuilder out = new StringBuilder(bytes.length() + 16);
        for (int i = 0; i < bytes.length(); i++) {
            char at = bytes.charAt(i);
            switch (at) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (at >= ' ' && at < 0x7f) {
                        out.append(at);
                    } else {
                        out.append("\\x")
                                .append(Character.forDigit(at >> 4, 16))
                                .append(Character.forDigit(at & 15, 16));
                    }
                }
            }
        }
        return out.toString();
    }
}
