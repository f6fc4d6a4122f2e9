package io.keydb.server.acl;

import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Denial;
import io.keydb.server.command.Errors;
import io.keydb.server.command.Group;
import io.keydb.server.command.HelpText;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** ACL: users and what they may do. {@link UserCommands} has the other half of the subcommands. */
final class AclCommands {
    private static final int MOST_PASSWORD_BITS = 4096;
    private static final int DEFAULT_PASSWORD_BITS = 256;
    private static final int DEFAULT_LOG_ENTRIES = 10;
    private static final int LONGEST_NAME = 128;
    private static final CommandError PASSWORD_BITS =
            new CommandError(
                    "ERR ACL GENPASS argument must be the number of bits for the output password, a"
                            + " positive number up to "
                            + MOST_PASSWORD_BITS);

    private final Users users;
    private final AclLog log;
    private final Supplier<CommandTable> table;
    private final SecureRandom random = new SecureRandom();
    private final List<Command> all;

    AclCommands(Users users, UserCommands ofUsers, AclLog log, Supplier<CommandTable> table) {
        this.users = users;
        this.log = log;
        this.table = table;
        List<Command> subcommands = new ArrayList<>(ofUsers.all());
        subcommands.addAll(List.of(cat(), dryrun(), genpass(), help(), log()));
        this.all =
                List.of(
                        Command.command("ACL", Group.SERVER)
                                .since("6.0.0")
                                .arity(-2)
                                .summary("Says who may do what.")
                                .complexity("Depends on subcommand.")
                                .subcommands(subcommands.toArray(Command[]::new))
                                .container());
    }

    List<Command> all() {
        return all;
    }

    private static Command.Builder subcommand(String name, String summary) {
        return Command.command("ACL|" + name, Group.SERVER)
                .since("6.0.0")
                .flags(NOSCRIPT, LOADING, STALE)
                .summary(summary);
    }

    private Command cat() {
        return subcommand("CAT", "Tells the categories, or the commands of one.")
                .arity(-2)
                .syntax("[category]")
                .complexity("O(1) since the categories and commands are a fixed set.")
                .handledBy(this::cat);
    }

    private void cat(Call call) {
        if (call.count() > 3) {
            throw HelpText.unknownSubcommand(call);
        }
        if (call.count() == 2) {
            call.reply().array(AclCategory.values().length);
            for (AclCategory category : AclCategory.values()) {
                call.reply().bulk(category.plainName());
            }
            return;
        }
        AclCategory category = AclCategory.named(call.text(2));
        if (category == null) {
            String name = Names.shown(call.text(2));
            String shown = name.substring(0, Math.min(LONGEST_NAME, name.length()));
            throw new CommandError("ERR Unknown category '" + shown + "'");
        }
        List<Command> members =
                table.get().all().stream()
                        .filter(command -> command.categories().contains(category))
                        .toList();
        call.reply().array(members.size());
        members.forEach(command -> call.reply().bulk(command.fullName()));
    }

    private Command dryrun() {
        return subcommand("DRYRUN", "Tells whether a user may run a command, without running it.")
                .since("7.0.0")
                .arity(-4)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("username command [arg [arg ...]]")
                .complexity("O(1).")
                .handledBy(this::dryrun);
    }

    private void dryrun(Call call) {
        Account account = users.find(call.text(2));
        if (account == null) {
            throw new CommandError("ERR User '" + Names.shown(call.text(2)) + "' not found");
        }
        try (Request inner = new Request()) {
            for (int i = 3; i < call.count(); i++) {
                inner.add(call.request().address(i), call.request().length(i));
            }
            Command command = table.get().find(inner);
            if (command == null) {
                throw new CommandError("ERR Command '" + Names.shown(call.text(3)) + "' not found");
            }
            if (!command.acceptsCount(inner.count())) {
                throw Errors.wrongArity(command.fullName());
            }
            Denial denial = Access.denial(account, command, inner);
            if (denial == null) {
                call.reply().ok();
            } else {
                String text = denial.text(call.text(denial.argument() + 3));
                call.reply().bulk(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private Command genpass() {
        return subcommand("GENPASS", "Makes a password that nobody can guess.")
                .arity(-2)
                .syntax("[bits]")
                .handledBy(this::genpass);
    }

    private void genpass(Call call) {
        if (call.count() > 3) {
            throw HelpText.unknownSubcommand(call);
        }
        long bits = call.count() == 3 ? call.integer(2) : DEFAULT_PASSWORD_BITS;
        if (bits <= 0 || bits > MOST_PASSWORD_BITS) {
            throw PASSWORD_BITS;
        }
        int characters = (int) (bits + 3) / 4;
        byte[] bytes = new byte[(characters + 1) / 2];
        random.nextBytes(bytes);
        call.reply().bulk(HexFormat.of().formatHex(bytes).substring(0, characters));
    }

    private Command log() {
        return subcommand("LOG", "Tells what users were denied lately.")
                .arity(-2)
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .syntax("[count | RESET]")
                .complexity("O(N) with N being the number of entries shown.")
                .changed("7.2.0", "Added entry ID, timestamp created, and timestamp last updated.")
                .handledBy(this::log);
    }

    private void log(Call call) {
        if (call.count() > 3) {
            throw HelpText.unknownSubcommand(call);
        }
        if (call.count() == 3 && call.is(2, "RESET")) {
            log.clear();
            call.reply().ok();
            return;
        }
        long count = call.count() == 3 ? call.integer(2) : DEFAULT_LOG_ENTRIES;
        List<AclLog.Entry> entries = log.latest(Math.max(0, count));
        call.reply().array(entries.size());
        entries.forEach(entry -> replyEntry(call, entry));
    }

    private static void replyEntry(Call call, AclLog.Entry entry) {
        AclLog.Event last = entry.last();
        call.reply().map(10);
        call.reply().bulk("count");
        call.reply().integer(entry.count());
        replyText(call, "reason", last.kind().wireName());
        replyText(call, "context", last.context().wireName());
        replyText(call, "object", last.object());
        replyText(call, "username", last.user());
        call.reply().bulk("age-seconds");
        call.reply().doubleValue((call.nowMillis() - last.millis()) / 1000.0);
        replyText(call, "client-info", last.client());
        call.reply().bulk("entry-id");
        call.reply().integer(entry.id());
        call.reply().bulk("timestamp-created");
        call.reply().integer(entry.createdMillis());
        call.reply().bulk("timestamp-last-updated");
        call.reply().integer(last.millis());
    }

    private static void replyText(Call call, String name, String text) {
        call.reply().bulk(name);
        call.reply().bulk(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Command help() {
        return subcommand("HELP", "Tells what the subcommands do.")
                .arity(2)
                .flags(LOADING, STALE)
                .handledBy(
                        call ->
                                HelpText.reply(
                                        call,
                                        "ACL",
                                        "CAT [<category>]",
                                        "    List all commands that belong to <category>, or all"
                                                + " command categories",
                                        "    when no category is specified.",
                                        "DELUSER <username> [<username> ...]",
                                        "    Delete a list of users.",
                                        "DRYRUN <username> <command> [<arg> ...]",
                                        "    Returns whether the user can execute the given command"
                                                + " without executing the command.",
                                        "GETUSER <username>",
                                        "    Get the user's details.",
                                        "GENPASS [<bits>]",
                                        "    Generate a secure 256-bit user password. The optional"
                                                + " `bits` argument can",
                                        "    be used to specify a different size.",
                                        "LIST",
                                        "    Show users details in config file format.",
                                        "LOAD",
                                        "    Reload users from the ACL file.",
                                        "LOG [<count> | RESET]",
                                        "    Show the ACL log entries.",
                                        "SAVE",
                                        "    Save the current config to the ACL file.",
                                        "SETUSER <username> <attribute> [<attribute> ...]",
                                        "    Create or modify a user with the specified"
                                                + " attributes.",
                                        "USERS",
                                        "    List all the registered usernames.",
                                        "WHOAMI",
                                        "    Return the current connection username."));
    }
}
