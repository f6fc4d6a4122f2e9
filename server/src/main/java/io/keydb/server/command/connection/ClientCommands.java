package io.keydb.server.command.connection;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.CONNECTION;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientKind;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Waiting;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.command.HelpText;
import io.keydb.server.command.Pause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** CLIENT: who is connected. */
public final class ClientCommands {
    private static final CommandError INVALID_CLIENT_ID = new CommandError("ERR Invalid client ID");
    private static final CommandError NO_SUCH_CLIENT = new CommandError("ERR No such client");

    private static final CommandError UNBLOCK_REASON =
            new CommandError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    private static final byte[] UNBLOCKED =
            "UNBLOCKED client unblocked via CLIENT UNBLOCK".getBytes(StandardCharsets.US_ASCII);

    private final Clients clients;
    private final Gatekeeper gatekeeper;
    private final List<Command> all;

    /**
     * @param more subcommands of others
     */
    public ClientCommands(Clients clients, Gatekeeper gatekeeper, Pause pause, List<Command> more) {
        this.clients = clients;
        this.gatekeeper = gatekeeper;
        this.all =
                List.of(
                        command("CLIENT", CONNECTION)
                                .since("2.4.0")
                                .arity(-2)
                                .summary("Tells who is connected.")
                                .complexity("Depends on subcommand.")
                                .subcommands(subcommands(pause, more))
                                .container());
    }

    private Command[] subcommands(Pause pause, List<Command> more) {
        List<Command> subcommands = new ArrayList<>(more);
        subcommands.addAll(new ClientModeCommands(pause).all());
        subcommands.addAll(
                List.of(
                        getname(),
                        id(),
                        info(),
                        kill(),
                        list(),
                        setinfo(),
                        setname(),
                        unblock(),
                        ClientHelp.COMMAND));
        return subcommands.toArray(Command[]::new);
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    /** Begins the declaration of a subcommand. */
    static Command.Builder subcommand(String name, String since, String summary) {
        return command("CLIENT|" + name, CONNECTION)
                .since(since)
                .flags(NOSCRIPT, LOADING, STALE)
                .summary(summary);
    }

    private static Command id() {
        return subcommand("ID", "5.0.0", "Gives the id of the connection.")
                .arity(2)
                .handledBy(call -> call.reply().integer(call.client().id()));
    }

    private static Command getname() {
        return subcommand("GETNAME", "2.6.9", "Gives the name of the connection.")
                .arity(2)
                .handledBy(
                        call -> {
                            if (call.client().name().length == 0) {
                                call.reply().nullBulk();
                            } else {
                                call.reply().bulk(call.client().name());
                            }
                        });
    }

    private static Command setname() {
        return subcommand("SETNAME", "2.6.9", "Gives the connection a name.")
                .arity(3)
                .syntax("connection-name")
                .handledBy(
                        call -> {
                            call.client().name(ClientNames.checked(call, 2));
                            call.reply().ok();
                        });
    }

    private static Command setinfo() {
        return subcommand("SETINFO", "7.2.0", "Notes which library the client uses.")
                .arity(4)
                .syntax("<LIB-NAME libname | LIB-VER libver>")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(ClientCommands::setinfo);
    }

    private static void setinfo(Call call) {
        boolean name = call.is(2, "LIB-NAME");
        if (!name && !call.is(2, "LIB-VER")) {
            throw new CommandError("ERR Unrecognized option '" + call.text(2) + "'");
        }
        byte[] value =
                ClientNames.checked(
                        call.request().bytes(3),
                        new CommandError(
                                "ERR "
                                        + call.text(2)
                                        + " cannot contain spaces, newlines or special"
                                        + " characters."));
        if (name) {
            call.client().libraryName(value);
        } else {
            call.client().libraryVersion(value);
        }
        call.reply().ok();
    }

    private static Command info() {
        return subcommand("INFO", "6.2.0", "Describes the connection.")
                .arity(2)
                .tips("nondeterministic_output")
                .handledBy(
                        call -> {
                            call.client().interacted(call.nowMillis(), "client|info");
                            replyText(call, ClientLine.of(call.client(), call) + "\n");
                        });
    }

    private Command list() {
        return subcommand("LIST", "2.4.0", "Describes all connections.")
                .arity(-2)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax(
                        "[TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id"
                                + " ...]]")
                .complexity("O(N) where N is the number of client connections")
                .changed("2.8.12", "Added unique client `id` field.")
                .changed("5.0.0", "Added optional `TYPE` filter.")
                .changed("6.0.0", "Added `user` field.")
                .changed(
                        "6.2.0",
                        "Added `argv-mem`, `tot-mem`, `laddr` and `redir` fields and the optional"
                                + " `ID` filter.")
                .changed("7.0.0", "Added `resp`, `multi-mem`, `rbs` and `rbp` fields.")
                .tips("nondeterministic_output")
                .handledBy(this::list);
    }

    private void list(Call call) {
        call.client().interacted(call.nowMillis(), "client|list");
        List<Client> chosen = new ArrayList<>();
        if (call.count() == 2) {
            chosen.addAll(clients.withLinks());
        } else if (call.count() == 4 && call.is(2, "TYPE")) {
            ClientKind kind = kind(call, 3);
            for (Client client : clients.withLinks()) {
                if (client.kind() == kind) {
                    chosen.add(client);
                }
            }
        } else if (call.count() > 3 && call.is(2, "ID")) {
            for (int i = 3; i < call.count(); i++) {
                Client client = clients.find(call.integer(i, INVALID_CLIENT_ID));
                if (client != null) {
                    chosen.add(client);
                }
            }
        } else {
            throw Errors.SYNTAX;
        }
        StringBuilder text = new StringBuilder();
        for (Client client : chosen) {
            text.append(ClientLine.of(client, call)).append('\n');
        }
        replyText(call, text.toString());
    }

    private static void replyText(Call call, String text) {
        call.reply().verbatim("txt", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static ClientKind kind(Call call, int i) {
        if (call.is(i, "SLAVE")) {
            return ClientKind.REPLICA;
        }
        for (ClientKind kind : ClientKind.values()) {
            if (call.is(i, kind.wireName().toUpperCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new CommandError("ERR Unknown client type '" + call.text(i) + "'");
    }

    private Command kill() {
        return subcommand("KILL", "2.4.0", "Closes connections.")
                .arity(-3)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax(
                        "<ip:port | <[ID client-id] | [TYPE <NORMAL | MASTER | SLAVE | REPLICA |"
                                + " PUBSUB>] | [USER username] | [ADDR ip:port] | [LADDR ip:port] |"
                                + " [SKIPME yes/no]> ...>")
                .complexity("O(N) where N is the number of client connections")
                .changed("2.8.12", "Added new filter format.")
                .changed("2.8.12", "`ID` option.")
                .changed("3.2.0", "Added `master` type in for `TYPE` option.")
                .changed(
                        "5.0.0",
                        "Replaced `slave` `TYPE` with `replica`. `slave` still supported for"
                                + " backward compatibility.")
                .changed("6.2.0", "`LADDR` option.")
                .handledBy(this::kill);
    }

    private void kill(Call call) {
        if (call.count() == 3) {
            killAddress(call);
            return;
        }
        KillFilter filter = KillFilter.parse(call, gatekeeper);
        long killed = 0;
        for (Client client : clients.withLinks()) {
            if (filter.matches(client, call.client())) {
                close(client, call.client());
                killed++;
            }
        }
        call.reply().integer(killed);
    }

    private void killAddress(Call call) {
        String address = call.text(2);
        for (Client client : clients.withLinks()) {
            if (client.address().equals(address)) {
                close(client, call.client());
                call.reply().ok();
                return;
            }
        }
        throw NO_SUCH_CLIENT;
    }

    private void close(Client client, Client caller) {
        if (client == caller) {
            client.closeAfterReplies();
        } else if (client.connection() != null) {
            clients.kill(client);
        } else {
            clients.endLink(client);
        }
    }

    private Command unblock() {
        return subcommand("UNBLOCK", "5.0.0", "Ends the waiting of a client whose command blocks.")
                .arity(-3)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("client-id [TIMEOUT | ERROR]")
                .complexity("O(log N) where N is the number of client connections")
                .handledBy(this::unblock);
    }

    private void unblock(Call call) {
        if (call.count() > 4) {
            throw HelpText.unknownSubcommand(call);
        }
        boolean withError = call.count() == 4 && call.is(3, "ERROR");
        if (call.count() == 4 && !withError && !call.is(3, "TIMEOUT")) {
            throw UNBLOCK_REASON;
        }
        Client client = clients.get(call.integer(2));
        Waiting waiting = client == null ? null : client.waiting();
        boolean ended =
                waiting != null && (withError ? waiting.fail(UNBLOCKED) : waiting.timeOut());
        call.reply().integer(ended ? 1 : 0);
    }
}
