package io.keydb.server.acl;

import io.keydb.server.client.Client;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.Clients;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Gatekeeper;
import io.keydb.server.command.Permissions;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.support.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users and what they may do, put together: who is let in, what is checked, what is noted, and the
 * commands for all that.
 *
 * <p>Threads: safe; started by one thread before the first client.
 */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
    private static final String BOTH =
            "Users are defined both by 'user' lines and by 'aclfile'. Define them in one place: it"
                    + " would not be plain otherwise who may do what.";

    private final Configuration configuration;
    private final Users users;
    private final AclLog log;
    private final Access access;
    private final Admission admission;
    private final @Nullable AclFile file;
    private final AclCommands commands;
    private String password = "";

    /**
     * @param table the commands of the server; asked for once the server has started
     * @param folder where the name of the file of users begins
     */
    public AccessControl(
            Configuration configuration,
            Clients clients,
            Supplier<CommandTable> table,
            Path folder,
            Clock clock) {
        this.configuration = configuration;
        Setting<Long> longest = configuration.setting(AclDirectives.ACLLOG_MAX_LEN);
        Setting<AclDirectives.Channels> channels =
                configuration.setting(AclDirectives.ACL_PUBSUB_DEFAULT);
        this.log = new AclLog(longest::value);
        this.access = new Access(log, clock);
        this.users =
                new Users(
                        clients,
                        table,
                        () -> channels.value() == AclDirectives.Channels.ALLCHANNELS);
        this.admission = new Admission(configuration, users, access);
        String name = configuration.value(AclDirectives.ACLFILE);
        this.file = name.isEmpty() ? null : new AclFile(name, folder);
        this.commands = new AclCommands(users, new UserCommands(users, file), log, table);
    }

    /**
     * Makes the users of the configuration, or of the file it names. Before the first client.
     *
     * @throws ConfigFileException when something is wrong with them
     */
    public void start() throws ConfigFileException {
        setPassword();
        configuration.onChange(this::setPassword, ClientDirectives.REQUIREPASS);
        configuration.rewrittenAs(AclDirectives.USER, this::rewritten);
        List<List<String>> lines = configuration.value(AclDirectives.USER);
        if (file != null && !lines.isEmpty()) {
            throw new ConfigFileException(BOTH);
        }
        List<String> names = new ArrayList<>();
        for (List<String> line : lines) {
            addUser(line, names);
        }
        if (file != null) {
            try {
                users.replaceAll(file.read(users), null);
            } catch (AclFile.Unreadable unreadable) {
                throw new ConfigFileException(
                        "Aborting Redis startup because of ACL errors: " + unreadable.errors());
            }
        }
    }

    private synchronized void setPassword() {
        String value = configuration.value(ClientDirectives.REQUIREPASS);
        if (!value.equals(password)) {
            password = value;
            users.defaultPassword(value);
        }
    }

    /** What CONFIG REWRITE writes: nothing when a file of its own keeps the users. */
    private List<String> rewritten() {
        List<String> lines = new ArrayList<>();
        if (file == null) {
            for (Account account : users.all()) {
                String line = account.name() + " " + account.rules().describe();
                lines.add(
                        new String(
                                line.getBytes(StandardCharsets.ISO_8859_1),
                                StandardCharsets.UTF_8));
            }
        }
        return lines;
    }

    private void addUser(List<String> line, List<String> names) throws ConfigFileException {
        List<String> words = new ArrayList<>();
        for (String word : line) {
            words.add(
                    new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
        String name = words.getFirst();
        if (Names.hasSpaces(name)) {
            throw refused(name, "Spaces not allowed in ACL usernames");
        }
        if (names.contains(name)) {
            throw refused(name, new RuleError(RuleError.Reason.DUPLICATE_USER).text());
        }
        names.add(name);
        UserDraft draft = users.newDraft();
        String current = name;
        try {
            for (String rule : SelectorWords.join(words.subList(1, words.size()))) {
                current = rule;
                draft.take(rule);
            }
        } catch (RuleError wrong) {
            throw refused(current, wrong.text());
        } catch (SelectorWords.Unmatched open) {
            throw refused(open.word(), "Unmatched parenthesis");
        }
        UserRules rules = draft.finish();
        if (!rules.isOn()) {
            LOG.info(
                    "The user '{}' is disabled (there is no 'on' modifier in the user"
                            + " description). Make sure this is not a configuration error.",
                    name);
        }
        users.put(name, rules);
    }

    private static ConfigFileException refused(String what, String reason) {
        return new ConfigFileException("Error in user declaration '" + what + "': " + reason);
    }

    /** Who is let in. */
    public Gatekeeper gatekeeper() {
        return admission;
    }

    /** What users may do. */
    public Permissions permissions() {
        return access;
    }

    /** Whether the client may set protected directives. */
    public boolean mayChangeProtected(Client client) {
        return configuration.value(AclDirectives.ENABLE_PROTECTED_CONFIGS).includes(client);
    }

    /** Whether the client may use MODULE. */
    public boolean mayUseModules(Client client) {
        return configuration.value(AclDirectives.ENABLE_MODULE_COMMAND).includes(client);
    }

    /** What was denied. */
    public AclLog log() {
        return log;
    }

    /** Looks anew at what rules allow, as commands have come or gone. */
    public void commandsChanged() {
        users.commandsChanged();
    }

    /** ACL. */
    public List<Command> commands() {
        return commands.all();
    }
}
