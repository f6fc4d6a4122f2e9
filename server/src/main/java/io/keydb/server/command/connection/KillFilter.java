package io.keydb.server.command.connection;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.User;
import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.net.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Which clients CLIENT KILL closes: those that fulfil every filter given.
 *
 * <p>Threads: immutable.
 */
record KillFilter(
        long id,
        @Nullable ClientKind kind,
        @Nullable User user,
        @Nullable String address,
        @Nullable String localAddress,
        boolean skipsCaller) {
    private static final CommandError INVALID_ID =
            new CommandError("ERR client-id should be greater than 0");

    static KillFilter parse(Call call, Gatekeeper gatekeeper) {
        long id = 0;
        ClientKind kind = null;
        User user = null;
        String address = null;
        String localAddress = null;
        boolean skipsCaller = true;
        for (int i = 2; i < call.count(); i += 2) {
            if (i + 1 >= call.count()) {
                throw Errors.SYNTAX;
            }
            if (call.is(i, "ID")) {
                id = call.integer(i + 1, INVALID_ID);
                if (id < 1) {
                    throw INVALID_ID;
                }
            } else if (call.is(i, "TYPE")) {
                kind = ClientCommands.kind(call, i + 1);
            } else if (call.is(i, "ADDR")) {
                address = call.text(i + 1);
            } else if (call.is(i, "LADDR")) {
                localAddress = call.text(i + 1);
            } else if (call.is(i, "USER")) {
                user = user(call, i + 1, gatekeeper);
            } else if (call.is(i, "SKIPME")) {
                skipsCaller = yesOrNo(call, i + 1);
            } else {
                throw Errors.SYNTAX;
            }
        }
        return new KillFilter(id, kind, user, address, localAddress, skipsCaller);
    }

    boolean matches(Client client, Client caller) {
        Connection connection = client.connection();
        return (address == null || address.equals(client.address()))
                && (localAddress == null
                        || (connection != null && localAddress.equals(connection.localText())))
                && (kind == null || client.kind() == kind)
                && (id == 0 || client.id() == id)
                && (user == null || client.user() == user)
                && !(client == caller && skipsCaller);
    }

    private static User user(Call call, int i, Gatekeeper gatekeeper) {
        String name = call.text(i);
        User user = gatekeeper.user(name);
        if (user == null) {
            throw new CommandError("ERR No such user '" + name + "'");
        }
        return user;
    }

    private static boolean yesOrNo(Call call, int i) {
        if (call.is(i, "YES")) {
            return true;
        }
        if (call.is(i, "NO")) {
            return false;
        }
        throw Errors.SYNTAX;
    }
}
