package io.keydb.server.acl;

import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.KeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Selector} in the making: takes one rule after the other.
 *
 * <p>Threads: confined to the caller.
 */
final class SelectorDraft {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorDraft.class);

    private final CommandTable table;
    private CommandSet commands;
    private boolean allCommands;
    private boolean allKeys;
    private boolean allChannels;
    private final Map<Integer, List<String>> firstArguments = new HashMap<>();
    private final List<String> commandRules = new ArrayList<>();
    private final List<KeyPattern> keys = new ArrayList<>();
    private final List<ChannelPattern> channels = new ArrayList<>();

    /**
     * Nothing is allowed.
     *
     * @param allChannels but every channel may be
     */
    SelectorDraft(CommandTable table, boolean allChannels) {
        this.table = table;
        this.commands = new CommandSet(false);
        this.allChannels = allChannels;
    }

    SelectorDraft(CommandTable table, Selector from) {
        this.table = table;
        this.commands = new CommandSet(from.commands());
        this.allCommands = from.isAllCommands();
        this.allKeys = from.isAllKeys();
        this.allChannels = from.isAllChannels();
        this.firstArguments.putAll(from.firstArguments());
        this.commandRules.addAll(from.commandRules());
        this.keys.addAll(from.keys());
        this.channels.addAll(from.channels());
    }

    CommandSet commands() {
        return commands;
    }

    boolean isAllCommands() {
        return allCommands;
    }

    boolean isAllKeys() {
        return allKeys;
    }

    boolean isAllChannels() {
        return allChannels;
    }

    Map<Integer, List<String>> firstArguments() {
        return firstArguments;
    }

    List<String> commandRules() {
        return commandRules;
    }

    List<KeyPattern> keys() {
        return keys;
    }

    List<ChannelPattern> channels() {
        return channels;
    }

    /** The rules so far as a selector. */
    Selector finish() {
        return new Selector(this);
    }

    /** Makes the bits anew from the rules, as commands have come or gone. */
    void commandsChanged() {
        List<String> rules = List.copyOf(commandRules);
        allCommands(commands.takesOthers());
        for (String rule : rules) {
            try {
                take(rule);
            } catch (RuleError gone) {
                commandRules.add(rule); // of a module that is not loaded
            }
        }
    }

    /** Takes a rule. */
    void take(String rule) throws RuleError {
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "allkeys", "~*" -> allKeys(true);
            case "resetkeys" -> allKeys(false);
            case "allchannels", "&*" -> allChannels(true);
            case "resetchannels" -> allChannels(false);
            case "allcommands", "+@all" -> allCommands(true);
            case "nocommands", "-@all" -> allCommands(false);
            default -> takeOther(rule);
        }
    }

    private void takeOther(String rule) throws RuleError {
        requireNot(rule.isEmpty(), RuleError.Reason.SYNTAX);
        char kind = rule.charAt(0);
        boolean category = rule.startsWith("@", 1);
        switch (kind) {
            case '~' -> keys(rule.substring(1), KeyPattern.BOTH);
            case '%' -> limitedKeys(rule);
            case '&' -> channels(rule.substring(1));
            case '+', '-' -> {
                if (category) {
                    category(rule.substring(2), kind == '+');
                } else if (kind == '+' && rule.indexOf('|') >= 0) {
                    subcommand(rule.substring(1));
                } else {
                    Command command = command(rule.substring(1));
                    allow(command, kind == '+');
                    remember(command.fullName(), kind == '+');
                }
            }
            default -> throw new RuleError(RuleError.Reason.SYNTAX);
        }
    }

    private void allKeys(boolean all) {
        allKeys = all;
        keys.clear();
    }

    private void allChannels(boolean all) {
        allChannels = all;
        channels.clear();
    }

    private void allCommands(boolean all) {
        commands = new CommandSet(all);
        allCommands = all;
        commandRules.clear();
        firstArguments.clear();
    }

    /** {@code %R~pattern}, {@code %W~pattern}, {@code %RW~pattern}; the letters in any case. */
    private void limitedKeys(String rule) throws RuleError {
        requireNot(allKeys, RuleError.Reason.KEYS_AFTER_ALL);
        int access = 0;
        int at = 1;
        while (at < rule.length() && (rule.charAt(at) != '~' || access == 0)) {
            int more =
                    switch (rule.charAt(at++)) {
                        case 'R', 'r' -> KeySpec.READ;
                        case 'W', 'w' -> KeySpec.WRITE;
                        default -> 0;
                    };
            requireNot(more == 0 || (access & more) != 0, RuleError.Reason.SYNTAX);
            access |= more;
        }
        requireNot(access == 0, RuleError.Reason.SYNTAX);
        keys(rule.substring(Math.min(at + 1, rule.length())), access);
    }

    private void keys(String pattern, int access) throws RuleError {
        requireNot(allKeys, RuleError.Reason.KEYS_AFTER_ALL);
        requireNot(Names.hasSpaces(pattern), RuleError.Reason.SYNTAX);
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).text().equals(pattern)) {
                keys.set(i, keys.get(i).with(access));
                return;
            }
        }
        keys.add(KeyPattern.of(pattern, access));
    }

    private void channels(String pattern) throws RuleError {
        requireNot(allChannels, RuleError.Reason.CHANNELS_AFTER_ALL);
        requireNot(Names.hasSpaces(pattern), RuleError.Reason.SYNTAX);
        if (channels.stream().noneMatch(known -> known.text().equals(pattern))) {
            channels.add(ChannelPattern.of(pattern));
        }
    }

    private void category(String name, boolean allowed) throws RuleError {
        AclCategory category = AclCategory.named(name);
        if (category == null) {
            throw new RuleError(RuleError.Reason.UNKNOWN_COMMAND);
        }
        remember(category.wireName(), allowed);
        for (Command command : table.all()) {
            if (command.categories().contains(category)) {
                allow(command, allowed);
            }
        }
    }

    /** {@code command|subcommand}, or one first argument of a command that has no subcommands. */
    private void subcommand(String name) throws RuleError {
        int bar = name.lastIndexOf('|');
        Command container = command(name.substring(0, bar));
        String rest = name.substring(bar + 1);
        requireNot(container.parent() != null, RuleError.Reason.ARGUMENT_OF_SUBCOMMAND);
        requireNot(rest.isEmpty(), RuleError.Reason.SYNTAX);
        if (container.isContainer()) {
            allow(command(name), true);
        } else {
            // It would not survive being written to a file and read again.
            requireNot(Names.hasSpaces(rest) || hasQuotes(rest), RuleError.Reason.SYNTAX);
            LOG.warn(
                    "Deprecation warning: Allowing a first arg of an otherwise blocked command is a"
                            + " misuse of ACL and may get disabled in the future (offender: +{})",
                    name);
            allowFirstArgument(container, rest.toUpperCase(Locale.ROOT));
        }
        remember(name.toLowerCase(Locale.ROOT), true);
    }

    private static boolean hasQuotes(String text) {
        return text.indexOf('"') >= 0 || text.indexOf('\'') >= 0;
    }

    private void allowFirstArgument(Command command, String argument) {
        List<String> more = new ArrayList<>(firstArguments.getOrDefault(command.id(), List.of()));
        if (!more.contains(argument)) {
            more.add(argument);
        }
        firstArguments.put(command.id(), List.copyOf(more));
    }

    private Command command(String name) throws RuleError {
        Command command = table.original(name);
        if (command == null) {
            throw new RuleError(RuleError.Reason.UNKNOWN_COMMAND);
        }
        return command;
    }

    /** Allows or forbids a command with its subcommands. */
    private void allow(Command command, boolean allowed) {
        commands.set(command.id(), allowed);
        allCommands &= allowed;
        firstArguments.remove(command.id());
        for (Command subcommand : command.subcommands()) {
            commands.set(subcommand.id(), allowed);
        }
    }

    /** Keeps the rule; earlier ones about the same, or about a part of it, mean nothing now. */
    private void remember(String name, boolean allowed) {
        commandRules.removeIf(
                rule ->
                        rule.startsWith(name, 1)
                                && (rule.length() == name.length() + 1
                                        || rule.charAt(name.length() + 1) == '|'));
        commandRules.add((allowed ? "+" : "-") + name);
    }

    private static void requireNot(boolean wrong, RuleError.Reason reason) throws RuleError {
        if (wrong) {
            throw new RuleError(reason);
        }
    }
}
