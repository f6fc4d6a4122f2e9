package io.keydb.server.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * One word of the directive {@code bind}: an address or host name, {@code *} for all IPv4 addresses
 * or {@code ::*} for all IPv6 addresses. After a minus, it is no failure when this machine does not
 * have the address.
 *
 * <p>Threads: immutable.
 *
 * @param text the word without the minus
 * @param isOptional whether there was a minus
 */
public record BindAddress(String text, boolean isOptional) {

    public static BindAddress parse(String word) {
        return word.startsWith("-")
                ? new BindAddress(word.substring(1), true)
                : new BindAddress(word, false);
    }

    InetSocketAddress resolve(int port) throws UnknownHostException {
        return new InetSocketAddress(
                switch (text) {
                    case "*" -> InetAddress.getByAddress(new byte[4]);
                    case "::*" -> InetAddress.getByAddress(new byte[16]);
                    default -> InetAddress.getByName(text);
                },
                port);
    }

    /** Whether it names all IPv6 addresses. */
    boolean isAnyIpv6() {
        return text.equals("::*") || text.equals("::");
    }
}
