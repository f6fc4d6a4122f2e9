package io.keydb.server.acl;

import io.keydb.server.command.Call;
import io.keydb.server.command.ChannelSpec;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.Denial.Reason;
import io.keydb.server.command.KeyFinder;
import io.keydb.server.command.KeySpec;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One set of permissions: some commands, on some keys and some channels. A request is allowed when
 * one selector of the user allows all of it.
 *
 * <p>What a check finds is one number, so that it costs no object: {@link #ALLOWED}, or the reason
 * in the upper half and the number of the argument in the lower one. The greater of two denials is
 * the one to tell.
 *
 * <p>Threads: immutable.
 */
final class Selector {
    /** The result of a check that found nothing wrong. */
    static final long ALLOWED = -1;

    private final CommandSet commands;
    private final boolean allCommands;
    private final boolean allKeys;
    private final boolean allChannels;
    private final Map<Integer, List<String>> firstArguments;
    private final List<String> commandRules;
    private final List<KeyPattern> keys;
    private final List<ChannelPattern> channels;

    /** What {@link SelectorDraft} has collected. */
    Selector(SelectorDraft draft) {
        this.commands = new CommandSet(draft.commands());
        this.allCommands = draft.isAllCommands();
        this.allKeys = draft.isAllKeys();
        this.allChannels = draft.isAllChannels();
        this.firstArguments = Map.copyOf(draft.firstArguments());
        this.commandRules = List.copyOf(draft.commandRules());
        this.keys = List.copyOf(draft.keys());
        this.channels = List.copyOf(draft.channels());
    }

    private Selector(boolean all) {
        this.commands = new CommandSet(all);
        this.allCommands = all;
        this.allKeys = all;
        this.allChannels = all;
        this.firstArguments = Map.of();
        this.commandRules = List.of();
        this.keys = List.of();
        this.channels = List.of();
    }

    static Selector everything() {
        return new Selector(true);
    }

    static Selector nothing() {
        return new Selector(false);
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

    boolean isUnrestricted() {
        return allCommands && allKeys && allChannels;
    }

    /** The reason of a denial. */
    static Reason reason(long denial) {
        return Reason.values()[(int) (denial >>> 32)];
    }

    /** The argument a denial is about. */
    static int argument(long denial) {
        return (int) denial;
    }

    static long denial(Reason reason, int argument) {
        return (long) reason.ordinal() << 32 | argument;
    }

    /** Checks all of a request. */
    long check(Command command, Request request) {
        if (!allCommands && !allowsCommand(command, request)) {
            return denial(Reason.COMMAND, 0);
        }
        if (!allKeys) {
            long denial = checkKeys(command, request);
            if (denial != ALLOWED) {
                return denial;
            }
        }
        ChannelSpec spec = command.channels();
        return allChannels || spec == null ? ALLOWED : checkChannels(spec, request);
    }

    private boolean allowsCommand(Command command, Request request) {
        if (commands.contains(command.id()) || command.has(CommandFlag.NO_AUTH)) {
            return true;
        }
        List<String> allowed = firstArguments.get(command.id());
        if (allowed != null && request.count() > 1) {
            for (String argument : allowed) {
                if (Call.is(request, 1, argument)) {
                    return true;
                }
            }
        }
        return false;
    }

    private long checkKeys(Command command, Request request) {
        int single = command.singleKeyIndex();
        if (single > 0 && single < request.count()) {
            KeySpec spec = command.keySpecs().getFirst();
            boolean allowed =
                    !spec.findsKeys()
                            || allowsKey(
                                    request.address(single),
                                    command.keyLength(request, single),
                                    spec.access(request));
            return allowed ? ALLOWED : denial(Reason.KEY, single);
        }
        if (command.keySpecs().isEmpty()) {
            return ALLOWED;
        }
        KeyCheck check = new KeyCheck(command, request);
        KeyFinder.find(command, request, check);
        return check.found;
    }

    /** Whether a pattern allows this access to the key. */
    boolean allowsKey(long address, int length, int access) {
        for (KeyPattern pattern : keys) {
            if (pattern.allows(address, length, access)) {
                return true;
            }
        }
        return false;
    }

    /** Whether every key there is may be read. */
    boolean readsAllKeys() {
        if (allKeys) {
            return true;
        }
        for (KeyPattern pattern : keys) {
            if (pattern.isStar() && (pattern.access() & KeySpec.READ) != 0) {
                return true;
            }
        }
        return false;
    }

    private long checkChannels(ChannelSpec spec, Request request) {
        int end = spec.toEnd() ? request.count() : Math.min(spec.first() + 1, request.count());
        for (int i = spec.first(); i < end; i++) {
            if (!allowsChannel(request.address(i), request.length(i), spec.isPattern())) {
                return denial(Reason.CHANNEL, i);
            }
        }
        return ALLOWED;
    }

    private boolean allowsChannel(long address, int length, boolean isPattern) {
        if (isPattern) {
            byte[] bytes = Memory.bytes(address, length);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            return ChannelPattern.anyAllows(channels, text, true);
        }
        for (ChannelPattern pattern : channels) {
            if (pattern.allows(address, length)) {
                return true;
            }
        }
        return false;
    }

    /** The commands as rules, beginning with all or none. */
    String describeCommands() {
        String first = commands.takesOthers() ? "+@all" : "-@all";
        return commandRules.isEmpty() ? first : first + " " + String.join(" ", commandRules);
    }

    /** The keys as rules. */
    String describeKeys() {
        return allKeys
                ? "~*"
                : keys.stream().map(KeyPattern::rule).collect(Collectors.joining(" "));
    }

    /** The channels as rules. */
    String describeChannels() {
        return allChannels
                ? "&*"
                : channels.stream()
                        .map(pattern -> "&" + pattern.text())
                        .collect(Collectors.joining(" "));
    }

    /** The rules that make a new selector equal to this one. */
    String describe() {
        StringBuilder rules = new StringBuilder();
        append(rules, describeKeys());
        append(rules, allChannels ? "" : "resetchannels");
        append(rules, describeChannels());
        rules.append(describeCommands());
        return rules.toString();
    }

    private static void append(StringBuilder rules, String rule) {
        if (!rule.isEmpty()) {
            rules.append(rule).append(' ');
        }
    }

    /** Notes the first key that is not allowed. */
    private final class KeyCheck implements KeyFinder.KeySink {
        private final Command command;
        private final Request request;
        private long found = ALLOWED;

        KeyCheck(Command command, Request request) {
            this.command = command;
            this.request = request;
        }

        @Override
        public void key(int argument, KeySpec spec) {
            if (found == ALLOWED
                    && spec.findsKeys()
                    && !allowsKey(
                            request.address(argument),
                            command.keyLength(request, argument),
                            spec.access(request))) {
                found = denial(Reason.KEY, argument);
            }
        }
    }
}
