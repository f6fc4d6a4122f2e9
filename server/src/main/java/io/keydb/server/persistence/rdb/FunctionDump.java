package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Libraries of functions on their own, as FUNCTION DUMP gives and FUNCTION RESTORE takes them:
 *
 * <pre>
 *   245 code   245 code   ...   version, little-endian (2)   crc64 of all before, little-endian (8)
 * </pre>
 *
 * <p>Threads: safe.
 */
public final class FunctionDump {
    private static final int FOOTER = 10;
    private static final int LONGEST_STRING = 1 << 30;

    private FunctionDump() {}

    /** The payload of these codes. */
    public static byte[] write(List<byte[]> codes) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        RdbWriter writer = RdbWriter.ofValue(payload::write);
        try {
            for (byte[] code : codes) {
                writer.function(code);
            }
            writer.endValue();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return payload.toByteArray();
    }

    /**
     * The codes of a payload, whose version and checksum must be right.
     *
     * @throws RdbException when it is damaged
     */
    public static List<byte[]> read(Pages pages, byte[] payload) throws RdbException {
        try (OffHeapBuffer bytes = new OffHeapBuffer(pages);
                RdbStrings strings = new RdbStrings(pages, LONGEST_STRING)) {
            bytes.append(payload);
            if (!DumpPayload.isSound(bytes.address(), bytes.length(), true)) {
                throw new RdbException("DUMP payload version or checksum are wrong");
            }
            List<byte[]> codes = new ArrayList<>();
            RdbCursor in = new RdbCursor();
            in.reset(bytes.address(), bytes.length() - FOOTER);
            while (in.left() > 0) {
                codes.add(code(in, strings));
            }
            return codes;
        }
    }

    private static byte[] code(RdbCursor in, RdbStrings strings) throws RdbException {
        int type = in.next();
        if (type == RdbFormat.FUNCTION_BEFORE_RELEASE) {
            throw new RdbException("Pre-GA function format not supported");
        }
        if (type != RdbFormat.FUNCTION) {
            throw new RdbException("given type is not a function");
        }
        byte[] code = RdbReader.text(strings.read(in));
        if (!in.isWhole()) {
            throw new RdbException("failed loading the given functions payload");
        }
        return code;
    }
}
