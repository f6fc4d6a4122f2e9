package io.keydb.server.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses as Redis writes them: "127.0.0.1:6379", "[::1]:6379", and "?:0" for what is not
 * known.
 *
 * <p>Threads: stateless.
 */
public final class AddressText {

    private AddressText() {}

    public static String of(@Nullable InetSocketAddress address) {
        if (address == null || address.getAddress() == null) {
            return "?:0";
        }
        String host = host(address.getAddress());
        return address.getAddress() instanceof Inet4Address
                ? host + ":" + address.getPort()
                : "[" + host + "]:" + address.getPort();
    }

    /** The numeric address; IPv6 in its shortest form (RFC 5952), without a zone. */
    public static String host(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : shortest(bytes);
    }

    private static String shortest(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int runStart = -1;
        int runLength = 1; // a single zero is not shortened
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
