package io.keydb.server.acl;

import io.keydb.server.acl.SelectorWords.Unmatched;
import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Listening;
import io.keydb.server.command.CommandTable;
import io.keydb.server.net.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All users of the server. The user {@code default} is always there.
 *
 * <p>A change is seen by every client before the method returns: the account gets its new rules,
 * then the clients that are this user have their rights looked up again. A client that becomes the
 * user meanwhile looks at the rules after it has become it, so one of the two sees to it.
 *
 * <p>Threads: safe; changes are made under the monitor of this object, reading takes no lock.
 */
public final class Users {
    /** The user that every client is at first. */
    static final String DEFAULT = "default";

    private final ConcurrentSkipListMap<String, Account> byName = new ConcurrentSkipListMap<>();
    private final Clients clients;
    private final Supplier<CommandTable> table;
    private final BooleanSupplier channelsByDefault;
    private final Account defaultUser;

    /**
     * The default user may do everything and needs no password.
     *
     * @param table the commands; asked for when a rule is read
     * @param channelsByDefault whether a new user may use every channel until told otherwise
     */
    Users(Clients clients, Supplier<CommandTable> table, BooleanSupplier channelsByDefault) {
        this.clients = clients;
        this.table = table;
        this.channelsByDefault = channelsByDefault;
        this.defaultUser = new Account(DEFAULT, UserRules.everything());
        byName.put(DEFAULT, defaultUser);
    }

    Account defaultUser() {
        return defaultUser;
    }

    @Nullable Account find(String name) {
        return byName.get(name);
    }

    /** All of them, by name. */
    List<Account> all() {
        return List.copyOf(byName.values());
    }

    /** Whether the account is one of these users, and not one that was deleted. */
    boolean has(Account account) {
        return byName.get(account.name()) == account;
    }

    /** A user who may nothing yet. */
    UserDraft newDraft() {
        return new UserDraft(table.get(), channelsByDefault.getAsBoolean());
    }

    /** Sets the default user's password, or none: the directive {@code requirepass}. */
    synchronized void defaultPassword(String password) {
        UserDraft draft = draftOf(defaultUser);
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        draft.onlyPassword(bytes);
        replace(defaultUser, draft.finish());
    }

    /**
     * Changes a user, or makes one, by all of the rules or none.
     *
     * @param caller the client that asks for it
     * @return the error text, or null
     */
    synchronized @Nullable String set(String name, List<String> rules, @Nullable Client caller) {
        Account account = byName.get(name);
        UserDraft draft = account == null ? newDraft() : draftOf(account);
        List<String> joined;
        try {
            joined = SelectorWords.join(rules);
        } catch (Unmatched open) {
            return "Unmatched parenthesis in acl selector starting at '"
                    + Names.shown(open.word())
                    + "'.";
        }
        for (String rule : joined) {
            try {
                draft.take(rule);
            } catch (RuleError wrong) {
                return "Error in ACL SETUSER modifier '" + Names.shown(rule) + "': " + wrong.text();
            }
        }
        if (account == null) {
            byName.put(name, new Account(name, draft.finish()));
        } else {
            UserRules old = account.rules();
            replace(account, draft.finish());
            endForbiddenListening(account, old, caller);
        }
        return null;
    }

    /** Removes a user and closes the connections that are it; gives whether there was one. */
    synchronized boolean delete(String name, @Nullable Client caller) {
        Account account = byName.remove(name);
        if (account != null) {
            closeAll(account, caller);
        }
        return account != null;
    }

    /** Replaces all users: those who are not there any more, or were, lose their connections. */
    synchronized void replaceAll(Map<String, UserRules> users, @Nullable Client caller) {
        List<Account> old = new ArrayList<>(byName.values());
        old.remove(defaultUser);
        byName.keySet().removeIf(name -> !name.equals(DEFAULT));
        users.forEach(
                (name, rules) -> {
                    if (!name.equals(DEFAULT)) {
                        byName.put(name, new Account(name, rules));
                    }
                });
        replace(defaultUser, users.getOrDefault(DEFAULT, UserRules.everything()));
        old.forEach(account -> closeAll(account, caller));
    }

    /** Adds a user read from a file, or replaces the default one. */
    synchronized void put(String name, UserRules rules) {
        Account account = byName.get(name);
        if (account == null) {
            byName.put(name, new Account(name, rules));
        } else {
            replace(account, rules);
        }
    }

    /** Looks anew at what rules allow, as commands have come or gone. */
    public synchronized void commandsChanged() {
        for (Account account : byName.values()) {
            UserDraft draft = draftOf(account);
            draft.commandsChanged();
            replace(account, draft.finish());
        }
    }

    private UserDraft draftOf(Account account) {
        return new UserDraft(table.get(), channelsByDefault.getAsBoolean(), account.rules());
    }

    private void replace(Account account, UserRules rules) {
        account.rules(rules);
        for (Client client : clients.all()) {
            if (client.user() == account) {
                client.rightsChanged();
            }
        }
    }

    private void closeAll(Account account, @Nullable Client caller) {
        account.rules(UserRules.nothing());
        for (Client client : clients.all()) {
            if (client.user() == account) {
                client.user(defaultUser, false);
                close(client, caller);
            }
        }
    }

    /** Closes the connections that listen to what the user may not listen to any longer. */
    private void endForbiddenListening(Account account, UserRules old, @Nullable Client caller) {
        UserRules now = account.rules();
        if (now.allowsAllChannels() || !losesChannels(old, now)) {
            return;
        }
        List<ChannelPattern> allowed = now.channels();
        Listening.Rule rule =
                (name, isPattern) ->
                        ChannelPattern.anyAllows(
                                allowed, new String(name, StandardCharsets.ISO_8859_1), isPattern);
        for (Client client : clients.all()) {
            if (client.user() == account) {
                closeUnless(client, rule, caller);
                Connection connection = client.connection();
                if (connection != null && client != caller) {
                    // what it began to listen to at this moment
                    connection.execute(() -> closeUnless(client, rule, null));
                }
            }
        }
    }

    private static boolean losesChannels(UserRules old, UserRules now) {
        Set<String> kept = new HashSet<>();
        now.channels().forEach(pattern -> kept.add(pattern.text()));
        return old.allowsAllChannels()
                || !old.channels().stream().allMatch(pattern -> kept.contains(pattern.text()));
    }

    private void closeUnless(Client client, Listening.Rule rule, @Nullable Client caller) {
        Listening listening = client.state(Listening.class);
        if (listening != null && !listening.isAllowedBy(rule)) {
            close(client, caller);
        }
    }

    private void close(Client client, @Nullable Client caller) {
        if (client == caller) {
            client.closeAfterReplies();
        } else if (client.connection() != null) {
            clients.kill(client);
        }
    }
}
