package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.command.Command;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A command as MONITOR shows it, ready to be sent:
 *
 * <pre>
 *   +1700000000.123456 [0 127.0.0.1:50480] "set" "key" "a\x00b"
 * </pre>
 *
 * <p>Threads: stateless.
 */
final class MonitorLine {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private MonitorLine() {}

    static byte[] of(Client client, Request request, Command command, long nowMicros) {
        StringBuilder line = new StringBuilder();
        String fraction = Long.toString(nowMicros % MICROS_PER_SECOND + MICROS_PER_SECOND);
        line.append('+').append(nowMicros / MICROS_PER_SECOND);
        line.append('.').append(fraction, 1, fraction.length());
        line.append(" [").append(client.database().index());
        line.append(' ').append(ClientText.origin(client)).append(']');
        for (int i = 0; i < request.count(); i++) {
            line.append(" \"");
            if (command.isSecret(request, i)) {
                line.append(ClientText.REDACTED);
            } else {
                quote(line, request.address(i), request.length(i));
            }
            line.append('"');
        }
        return line.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Appends bytes as printable characters, the others as their codes. */
    static void quote(StringBuilder line, long address, int length) {
        for (int i = 0; i < length; i++) {
            int b = Memory.getByte(address + i) & 0xFF;
            switch (b) {
                case '\\', '"' -> line.append('\\').append((char) b);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case 7 -> line.append("\\a");
                case '\b' -> line.append("\\b");
                default -> {
                    if (b >= ' ' && b <= '~') {
                        line.append((char) b);
                    } else {
                        line.append("\\x").append(HexFormat.of().toHexDigits((byte) b));
                    }
                }
            }
        }
    }
}
