package io.keydb.server.migration;

import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.support.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How this server connects to those that keys go to; asked anew for each connection.
 *
 * <p>Threads: safe, as what it holds is.
 *
 * @param sourceAddress gives the address of this machine to come from; empty leaves it to the
 *     system
 * @param tls gives null while connections are to be in clear
 */
public record ConnectionTerms(
        Supplier<String> sourceAddress, Supplier<@Nullable TlsContexts> tls, Clock clock) {}
