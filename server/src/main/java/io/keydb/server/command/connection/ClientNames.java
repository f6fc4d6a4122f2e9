package io.keydb.server.command.connection;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;

/**
 * What a client may be called: printable characters without spaces, so that lists of clients stay
 * readable.
 *
 * <p>Threads: immutable.
 */
final class ClientNames {
    private static final CommandError INVALID =
            new CommandError(
                    "ERR Client names cannot contain spaces, newlines or special characters.");

    private ClientNames() {}

    /** Argument {@code i} as a name. */
    static byte[] checked(Call call, int i) {
        return checked(call.request().bytes(i), INVALID);
    }

    /** The name itself; throws {@code otherwise} when it may not be one. */
    static byte[] checked(byte[] name, CommandError otherwise) {
        for (byte b : name) {
            if (b < '!' || b > '~') {
                throw otherwise;
            }
        }
        return name;
    }
}
