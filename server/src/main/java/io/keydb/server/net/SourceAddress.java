package io.keydb.server.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address that connections to other servers come from: {@code bind-source-addr}. Where it
 * cannot be had the system chooses one, as without the directive: a server that comes from
 * somewhere else is worth more than one that does not come.
 *
 * <p>Threads: stateless; resolving a name may take long.
 */
public final class SourceAddress {
    private static final Logger LOG = LoggerFactory.getLogger(SourceAddress.class);

    private SourceAddress() {}

    /**
     * The address of this name that fits the one to connect to.
     *
     * @param name an address or a name of this machine; empty for none
     * @return null when the system is to choose
     */
    public static @Nullable InetAddress of(String name, InetAddress target) {
        if (name.isEmpty()) {
            return null;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(name)) {
                if (address.getClass() == target.getClass()) {
                    return address;
                }
            }
            unusable(name, "no address of the family of " + AddressText.host(target));
        } catch (UnknownHostException unknown) {
            unusable(name, "unknown host");
        }
        return null;
    }

    /** Says why a connection does not come from there. */
    public static void unusable(String address, String reason) {
        LOG.warn("Connecting without bind-source-addr, as {} cannot be used: {}", address, reason);
    }
}
