package io.keydb.server.acl;

import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;

import io.keydb.server.client.User;
import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Group;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The subcommands of ACL that are about users. */
final class UserCommands {
    private static final Logger LOG = LoggerFactory.getLogger(UserCommands.class);
    private static final CommandError INVALID_NAME =
            new CommandError("ERR Usernames can't contain spaces or null characters");
    private static final CommandError DEFAULT_STAYS =
            new CommandError("ERR The 'default' user cannot be removed");
    private static final CommandError NO_FILE =
            new CommandError(
                    "ERR This Redis instance is not configured to use an ACL file. You may want to"
                            + " specify users via the ACL SETUSER command and then issue a CONFIG"
                            + " REWRITE (assuming you have a Redis configuration file set) in order"
                            + " to store users in the Redis configuration.");
    private static final CommandError NOT_SAVED =
            new CommandError(
                    "ERR There was an error trying to save the ACLs. Please check the server logs"
                            + " for more information");

    private final Users users;
    private final @Nullable AclFile file;

    UserCommands(Users users, @Nullable AclFile file) {
        this.users = users;
        this.file = file;
    }

    List<Command> all() {
        return List.of(
                deluser(), getuser(), list(), load(), save(), setuser(), userNames(), whoami());
    }

    private static Command.Builder subcommand(String name, String summary) {
        return Command.command("ACL|" + name, Group.SERVER)
                .since("6.0.0")
                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                .summary(summary)
                .complexity("O(N) where N is the number of users.");
    }

    private Command setuser() {
        return subcommand("SETUSER", "Makes or changes a user by rules, all of them or none.")
                .arity(-3)
                .syntax("username [rule [rule ...]]")
                .secrets((request, i) -> i >= 2)
                .complexity("O(N) where N is the number of rules.")
                .changed("6.2.0", "Added Pub/Sub channel patterns.")
                .changed("7.0.0", "Added selectors and key based permissions.")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(this::setuser);
    }

    private void setuser(Call call) {
        String name = call.text(2);
        if (Names.hasSpaces(name)) {
            throw INVALID_NAME;
        }
        List<String> rules = new ArrayList<>();
        for (int i = 3; i < call.count(); i++) {
            rules.add(call.text(i));
        }
        String error = users.set(name, rules, call.client());
        if (error != null) {
            throw new CommandError("ERR " + error);
        }
        call.reply().ok();
    }

    private Command deluser() {
        return subcommand("DELUSER", "Removes users and closes their connections.")
                .arity(-3)
                .syntax("username [username ...]")
                .complexity("O(N) where N is the number of connections.")
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(this::deluser);
    }

    private void deluser(Call call) {
        for (int i = 2; i < call.count(); i++) {
            if (call.text(i).equals(Users.DEFAULT)) {
                throw DEFAULT_STAYS;
            }
        }
        int deleted = 0;
        for (int i = 2; i < call.count(); i++) {
            deleted += users.delete(call.text(i), call.client()) ? 1 : 0;
        }
        call.reply().integer(deleted);
    }

    private Command getuser() {
        return subcommand("GETUSER", "Tells the rules of a user.")
                .arity(3)
                .syntax("username")
                .complexity("O(N) where N is the number of rules of the user.")
                .changed("6.2.0", "Added Pub/Sub channel patterns.")
                .changed(
                        "7.0.0",
                        "Added selectors and changed the format of key and channel patterns from a"
                                + " list to their rule representation.")
                .handledBy(this::getuser);
    }

    private void getuser(Call call) {
        Account account = users.find(call.text(2));
        if (account == null) {
            call.reply().nullBulk();
            return;
        }
        UserRules rules = account.rules();
        call.reply().map(6);
        call.reply().bulk("flags");
        List<String> flags = rules.flags();
        call.reply().set(flags.size());
        flags.forEach(call.reply()::bulk);
        call.reply().bulk("passwords");
        call.reply().array(rules.passwords().size());
        rules.passwords().forEach(call.reply()::bulk);
        replySelector(call, rules.root());
        call.reply().bulk("selectors");
        call.reply().array(rules.selectors().size() - 1L);
        for (Selector selector : rules.selectors().subList(1, rules.selectors().size())) {
            call.reply().map(3);
            replySelector(call, selector);
        }
    }

    private static void replySelector(Call call, Selector selector) {
        call.reply().bulk("commands");
        replyText(call, selector.describeCommands());
        call.reply().bulk("keys");
        replyText(call, selector.describeKeys());
        call.reply().bulk("channels");
        replyText(call, selector.describeChannels());
    }

    private static void replyText(Call call, String text) {
        call.reply().bulk(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Command list() {
        return subcommand("LIST", "Tells all users, each as a line of the file of users.")
                .arity(2)
                .handledBy(
                        call -> {
                            List<Account> all = users.all();
                            call.reply().array(all.size());
                            all.forEach(account -> replyText(call, account.describe()));
                        });
    }

    private Command userNames() {
        return subcommand("USERS", "Tells the names of all users.")
                .arity(2)
                .handledBy(
                        call -> {
                            List<Account> all = users.all();
                            call.reply().array(all.size());
                            all.forEach(account -> replyText(call, account.name()));
                        });
    }

    private static Command whoami() {
        return subcommand("WHOAMI", "Tells the name of the connection's user.")
                .arity(2)
                .flags(NOSCRIPT, LOADING, STALE)
                .complexity("O(1)")
                .handledBy(
                        call -> {
                            User user = call.client().user();
                            if (user == null) {
                                call.reply().nullBulk();
                            } else {
                                replyText(call, user.name());
                            }
                        });
    }

    private Command load() {
        return subcommand("LOAD", "Replaces all users by those of the file, or none.")
                .arity(2)
                .slow()
                .handledBy(this::load);
    }

    private void load(Call call) {
        if (file == null) {
            throw NO_FILE;
        }
        try {
            Map<String, UserRules> read = file.read(users);
            users.replaceAll(read, call.client());
        } catch (AclFile.Unreadable unreadable) {
            throw new CommandError("ERR " + unreadable.errors());
        }
        call.reply().ok();
    }

    private Command save() {
        return subcommand("SAVE", "Writes all users to the file.")
                .arity(2)
                .slow()
                .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                .handledBy(this::save);
    }

    private void save(Call call) {
        if (file == null) {
            throw NO_FILE;
        }
        try {
            file.write(users.all());
        } catch (IOException unwritable) {
            LOG.warn("Writing the ACL file failed: {}", unwritable.toString());
            throw NOT_SAVED;
        }
        call.reply().ok();
    }
}
