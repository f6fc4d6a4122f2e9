package io.keydb.server.command.connection;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ALLOW_BUSY;
import static io.keydb.server.command.CommandFlag.FAST;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.NO_AUTH;
import static io.keydb.server.command.CommandFlag.READONLY;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.CONNECTION;

import io.keydb.server.client.Client;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.command.Handler;
import io.keydb.server.resp.Request;
import io.keydb.server.support.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Greeting, authentication, database, protocol. */
public final class ConnectionCommands {
    private static final byte[] RESET_REPLY = "RESET".getBytes(StandardCharsets.US_ASCII);
    private static final CommandError WRONG_PASSWORD =
            new CommandError("WRONGPASS invalid username-password pair or user is disabled.");
    private static final CommandError NO_PASSWORD_SET =
            new CommandError(
                    "ERR AUTH <password> called without any password configured for the default"
                            + " user. Are you sure your configuration is correct?");
    private static final CommandError UNKNOWN_PROTOCOL =
            new CommandError("NOPROTO unsupported protocol version");
    private static final CommandError PROTOCOL_NOT_AN_INTEGER =
            new CommandError("ERR Protocol version is not an integer or out of range");
    private static final CommandError HELLO_BEFORE_AUTH =
            new CommandError(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise"
                            + " the HELLO <proto> AUTH <user> <pass> option can be used to"
                            + " authenticate the client and select the RESP protocol version at the"
                            + " same time");

    private final Gatekeeper gatekeeper;
    private final RoleTeller role;
    private final Handler modules;
    private final List<Command> all;

    /** Tells what this node is for HELLO. */
    public interface RoleTeller {
        /** {@code master} or {@code replica}. */
        String role();

        /** The zone of the cloud in which it runs; empty when that is not known. */
        default String availabilityZone() {
            return "";
        }
    }

    /**
     * @param modules replies which modules are loaded, for HELLO
     */
    public ConnectionCommands(Gatekeeper gatekeeper, RoleTeller role, Handler modules) {
        this.gatekeeper = gatekeeper;
        this.role = role;
        this.modules = modules;
        this.all = List.of(ping(), echo(), select(), auth(), hello(), quit(), reset(), fence());
    }

    private static Command fence() {
        return command("LFENCE", CONNECTION)
                .since("6.3.0")
                .arity(1)
                .flags(READONLY, STALE)
                .summary("Has later reads see all that was written before: here they always do.")
                .complexity("O(1)")
                .handledBy(call -> call.reply().ok());
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private static Command ping() {
        return command("PING", CONNECTION)
                .arity(-1)
                .flags(FAST)
                .syntax("[message]")
                .allowedWhileSubscribed()
                .summary("Answers PONG, or the message.")
                .tips("request_policy:all_shards", "response_policy:all_succeeded")
                .handledBy(
                        call -> {
                            if (call.count() > 2) {
                                throw Errors.wrongArity("ping");
                            }
                            if (call.client().isSubscribed() && call.client().protocol() == 2) {
                                pongToListener(call);
                            } else if (call.count() == 1) {
                                call.reply().pong();
                            } else {
                                bulkArgument(call);
                            }
                        });
    }

    /** One that listens gets a message, as all it is sent are messages. */
    private static void pongToListener(Call call) {
        call.reply().array(2);
        call.reply().bulk("pong");
        if (call.count() == 2) {
            bulkArgument(call);
        } else {
            call.reply().bulk("");
        }
    }

    private static Command echo() {
        return command("ECHO", CONNECTION)
                .arity(2)
                .flags(LOADING, STALE, FAST)
                .syntax("message")
                .summary("Gives the message back.")
                .handledBy(ConnectionCommands::bulkArgument);
    }

    private static void bulkArgument(Call call) {
        call.reply().bulk(call.request().address(1), call.request().length(1));
    }

    private static Command select() {
        return command("SELECT", CONNECTION)
                .arity(2)
                .flags(LOADING, STALE, FAST)
                .syntax("index")
                .summary("Chooses the database of the connection.")
                .handledBy(
                        call -> {
                            call.client().database(call.databaseArgument(1));
                            call.reply().ok();
                        });
    }

    private Command auth() {
        return command("AUTH", CONNECTION)
                .arity(-2)
                .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
                .syntax("[username] password")
                .secrets((request, i) -> i > 0)
                .summary("Authenticates the connection.")
                .complexity("O(N) where N is the number of passwords defined for the user.")
                .changed("6.0.0", "Added ACL style (username and password).")
                .handledBy(
                        call -> {
                            if (call.count() > 3) {
                                throw Errors.SYNTAX;
                            }
                            if (call.count() == 2 && gatekeeper.takesAnyPassword()) {
                                throw NO_PASSWORD_SET;
                            }
                            authenticate(
                                    call,
                                    call.count() == 2 ? "default" : call.text(1),
                                    call.request().bytes(call.count() - 1));
                            call.reply().ok();
                        });
    }

    private void authenticate(Call call, String user, byte[] password) {
        if (!gatekeeper.authenticate(call.client(), call.request(), user, password)) {
            throw WRONG_PASSWORD;
        }
    }

    private Command hello() {
        return command("HELLO", CONNECTION)
                .since("6.0.0")
                .arity(-1)
                .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
                .syntax("[protover [AUTH username password] [SETNAME clientname]]")
                .secrets(ConnectionCommands::isSecretOfHello)
                .summary("Greets the server and chooses the protocol.")
                .changed(
                        "6.2.0",
                        "`protover` made optional; when called without arguments the command"
                                + " reports the current connection's context.")
                .handledBy(this::hello);
    }

    /** What stands behind AUTH. */
    private static boolean isSecretOfHello(Request request, int argument) {
        int option = 2;
        while (option < argument) {
            int last = option + (Call.is(request, option, "AUTH") ? 2 : 1);
            if (argument <= last) {
                return last == option + 2;
            }
            option = last + 1;
        }
        return false;
    }

    private void hello(Call call) {
        int protocol = 0;
        if (call.count() > 1) {
            long asked = call.integer(1, PROTOCOL_NOT_AN_INTEGER);
            if (asked < 2 || asked > 3) {
                throw UNKNOWN_PROTOCOL;
            }
            protocol = (int) asked;
        }
        byte[] name = null;
        String user = null;
        byte[] password = {};
        for (int i = 2; i < call.count(); i++) {
            int more = call.count() - 1 - i;
            if (call.is(i, "AUTH") && more >= 2) {
                user = call.text(i + 1); // the last one counts
                password = call.request().bytes(i + 2);
                i += 2;
            } else if (call.is(i, "SETNAME") && more >= 1) {
                name = ClientNames.checked(call, ++i);
            } else {
                throw new CommandError("ERR Syntax error in HELLO option '" + call.text(i) + "'");
            }
        }
        if (user != null) {
            authenticate(call, user, password);
        }
        if (!call.client().isAuthenticated()) {
            throw HELLO_BEFORE_AUTH;
        }
        if (name != null) {
            call.client().name(name);
        }
        if (protocol != 0) {
            call.client().protocol(protocol);
            call.reply().protocol(protocol);
        }
        replyGreeting(call);
    }

    private void replyGreeting(Call call) {
        String zone = role.availabilityZone();
        call.reply().map(zone.isEmpty() ? 7 : 8);
        call.reply().bulk("server");
        call.reply().bulk("redis");
        call.reply().bulk("version");
        call.reply().bulk(Version.REDIS);
        call.reply().bulk("proto");
        call.reply().integer(call.client().protocol());
        call.reply().bulk("id");
        call.reply().integer(call.client().id());
        call.reply().bulk("mode");
        call.reply().bulk("standalone");
        call.reply().bulk("role");
        call.reply().bulk(role.role());
        if (!zone.isEmpty()) {
            call.reply().bulk("availability_zone");
            call.reply().bulk(zone);
        }
        call.reply().bulk("modules");
        modules.run(call);
    }

    private static Command quit() {
        return command("QUIT", CONNECTION)
                .arity(-1)
                .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
                .neverQueued()
                .allowedWhileSubscribed()
                .summary("Closes the connection.")
                .deprecated("7.2.0", "just closing the connection")
                .handledBy(
                        call -> {
                            call.reply().ok();
                            call.client().closeAfterReplies();
                        });
    }

    private Command reset() {
        return command("RESET", CONNECTION)
                .since("6.2.0")
                .arity(1)
                .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
                .neverQueued()
                .allowedWhileSubscribed()
                .summary("Puts the connection into the state of a new one.")
                .handledBy(
                        call -> {
                            Client client = call.client();
                            client.transaction().close();
                            client.transaction().unwatchAll();
                            client.forget();
                            client.database(call.keyspace().database(0));
                            client.name(new byte[0]);
                            client.protocol(2);
                            call.reply().protocol(2);
                            client.treatedAsNew();
                            call.reply().discarding(client.isDeaf());
                            gatekeeper.admit(client);
                            call.reply().simple(RESET_REPLY);
                        });
    }
}
