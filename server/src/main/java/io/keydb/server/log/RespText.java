package io.keydb.server.log;

import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;

/**
 * The commands the log itself adds to units: SELECT, MULTI, EXEC.
 *
 * <p>Threads: immutable.
 */
final class RespText {
    static final byte[] MULTI = ascii("*1\r\n$5\r\nMULTI\r\n");
    static final byte[] EXEC = ascii("*1\r\n$4\r\nEXEC\r\n");

    private RespText() {}

    /** {@code SELECT database}. */
    static byte[] select(int database) {
        String number = Integer.toString(database);
        return ascii("*2\r\n$6\r\nSELECT\r\n$" + number.length() + "\r\n" + number + "\r\n");
    }

    static long put(long to, byte[] bytes) {
        Memory.copyIn(bytes, 0, to, bytes.length);
        return to + bytes.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
