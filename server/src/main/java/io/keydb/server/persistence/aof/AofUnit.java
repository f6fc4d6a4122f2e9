package io.keydb.server.persistence.aof;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;

/**
 * A unit of an active node as it stands in the append-only file, which lets it keep its origin, its
 * number and its stamp:
 *
 * <pre>
 *   KEYDB.UNIT origin number stamp database commands
 * </pre>
 *
 * The commands are what peers get, in RESP; they begin in the database.
 *
 * <p>Threads: immutable; the bytes belong to the request.
 */
public record AofUnit(
        String origin, long number, long stamp, int database, long address, int length) {
    /** How a unit begins. */
    public static final String NAME = "KEYDB.UNIT";

    private static final int WORDS = 6;
    private static final byte[] HEAD =
            ("*" + WORDS + "\r\n$" + NAME.length() + "\r\n" + NAME + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = {'\r', '\n'};

    /** Whether the request is one. */
    public static boolean is(Request request) {
        return request.length(0) == NAME.length()
                && new String(request.bytes(0), StandardCharsets.US_ASCII).equals(NAME);
    }

    /** Takes it out of a request. */
    public static AofUnit of(Request request) throws AofScanner.FormatException {
        if (request.count() != WORDS) {
            throw new AofScanner.FormatException("a unit of " + request.count() + " words");
        }
        return new AofUnit(
                text(request, 1),
                number(request, 2),
                number(request, 3),
                (int) number(request, 4),
                request.address(5),
                request.length(5));
    }

    private static long number(Request request, int argument) throws AofScanner.FormatException {
        try {
            return Long.parseLong(text(request, argument));
        } catch (NumberFormatException none) {
            throw new AofScanner.FormatException("a unit with a number that is none");
        }
    }

    private static String text(Request request, int argument) {
        return new String(request.bytes(argument), StandardCharsets.ISO_8859_1);
    }

    /** Appends one. */
    public static void write(
            OffHeapBuffer to,
            byte[] origin,
            long number,
            long stamp,
            int database,
            long address,
            int length) {
        to.append(HEAD);
        header(to, origin.length);
        to.append(origin);
        to.append(CRLF);
        decimal(to, number);
        decimal(to, stamp);
        decimal(to, database);
        header(to, length);
        to.append(address, length);
        to.append(CRLF);
    }

    private static void decimal(OffHeapBuffer to, long value) {
        int digits = DecimalText.length(value);
        header(to, digits);
        DecimalText.write(to.reserve(digits), value);
        to.append(CRLF);
    }

    private static void header(OffHeapBuffer to, int length) {
        to.appendByte('$');
        int digits = DecimalText.length(length);
        DecimalText.write(to.reserve(digits), length);
        to.append(CRLF);
    }
}
