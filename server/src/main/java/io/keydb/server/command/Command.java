package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one command or subcommand: what it is called, how it is checked, which keys it
 * names and what runs it. Declared once, as a constant above its handler; the command table, arity
 * errors, locks, ACL categories, COMMAND and the documentation derive from it.
 *
 * <pre>
 *   static final Command GETEX =
 *           command("GETEX", STRING).since("6.2.0").arity(-2)
 *                   .flags(WRITE, FAST)
 *                   .keys(at(1, RW, ACCESS, UPDATE))
 *                   .syntax("key [EX seconds | PX milliseconds | ... | PERSIST]")
 *                   .summary("…").complexity("O(1)")
 *                   .handledBy(StringCommands::getex);
 * </pre>
 *
 * <p>Threads: immutable once the table is built.
 */
public final class Command {
    private final Builder declared;
    private final Handler handler;
    private final String fullName;
    private final long flagBits;
    private final Locking locking;
    private final int singleKeyIndex;
    private final byte[] arityError;
    private final @Nullable FlagChooser flagChooser;
    private @Nullable Command parent;
    private int id = -1;

    private Command(Builder declared, Handler handler) {
        this.declared = declared;
        this.handler = handler;
        if (hasMovableKeys(declared.keySpecs)) {
            declared.flags.add(CommandFlag.MOVABLEKEYS);
        }
        long bits = 0;
        for (CommandFlag flag : declared.flags) {
            bits |= flag.bit();
        }
        this.flagBits = bits;
        this.fullName = declared.name.toLowerCase(Locale.ROOT);
        this.locking =
                declared.locking != null
                        ? declared.locking
                        : declared.keySpecs.isEmpty() ? Locking.NONE : Locking.KEYS;
        this.singleKeyIndex = singleKey(declared.keySpecs);
        this.flagChooser = declared.flagChooser;
        this.arityError = Errors.wrongArity(fullName).text();
        for (Command subcommand : declared.subcommands) {
            subcommand.parent = this;
        }
    }

    /** Begins the declaration of a command; a subcommand is named {@code CONTAINER|NAME}. */
    public static Builder command(String name, Group group) {
        return new Builder(name, group);
    }

    /** The name in upper case; for a subcommand with its container, as {@code CLIENT|KILL}. */
    public String name() {
        return declared.name;
    }

    /** The name in lower case, as errors and COMMAND tell it. */
    public String fullName() {
        return fullName;
    }

    /** The name behind the container's, in upper case; the whole name of a plain command. */
    public String shortName() {
        return declared.name.substring(declared.name.indexOf('|') + 1);
    }

    public Group group() {
        return declared.group;
    }

    public String since() {
        return declared.since;
    }

    /** Number of arguments with the name; negative: at least so many. */
    public int arity() {
        return declared.arity;
    }

    public Set<CommandFlag> flags() {
        return declared.flags;
    }

    public boolean has(CommandFlag flag) {
        return (flagBits & flag.bit()) != 0;
    }

    /** Whether it reads or changes data, or something it leads to may. */
    boolean touchesKeys() {
        return has(CommandFlag.READONLY)
                || has(CommandFlag.WRITE)
                || has(CommandFlag.MAY_REPLICATE);
    }

    public List<KeySpec> keySpecs() {
        return declared.keySpecs;
    }

    /** Which arguments are channels, or null. */
    public @Nullable ChannelSpec channels() {
        return declared.channels;
    }

    public String syntax() {
        return declared.syntax;
    }

    public String summary() {
        return declared.summary;
    }

    public String complexity() {
        return declared.complexity;
    }

    /** Whether a client that listens to channels may call it in RESP2. */
    public boolean isAllowedWhileSubscribed() {
        return declared.allowedWhileSubscribed;
    }

    /** Whether programs call it rather than people. */
    public boolean isInternal() {
        return declared.internal;
    }

    /** The name of the module that has brought it; null for the server's own commands. */
    public @Nullable String module() {
        return declared.module;
    }

    /** The version since which the command is deprecated, or empty. */
    public String deprecatedSince() {
        return declared.deprecatedSince;
    }

    public String replacedBy() {
        return declared.replacedBy;
    }

    /** Pairs of version and sentence. */
    public List<String[]> history() {
        return declared.history;
    }

    /** Hints for proxies and clients, as {@code nondeterministic_output}. */
    public List<String> tips() {
        return declared.tips;
    }

    public List<Command> subcommands() {
        return declared.subcommands;
    }

    public boolean isContainer() {
        return !declared.subcommands.isEmpty();
    }

    public @Nullable Command parent() {
        return parent;
    }

    /** Whether it runs on a worker instead of the event loop. */
    public boolean isSlow() {
        return declared.slow;
    }

    /** Whether it works on the keys that it names, and on nothing else, without waiting. */
    boolean isQuickOnKeys() {
        return locking == Locking.KEYS
                && declared.lockChooser == null
                && !declared.slow
                && !isContainer()
                && !has(CommandFlag.BLOCKING)
                && !has(CommandFlag.NOSCRIPT);
    }

    /** How many bytes of the argument at which a key stands are the key. */
    public int keyLength(Request request, int argument) {
        int length = request.length(argument);
        if (declared.keyEnd != 0) {
            for (int i = 0; i < length; i++) {
                if (Memory.getByte(request.address(argument) + i) == declared.keyEnd) {
                    return i;
                }
            }
        }
        return length;
    }

    public Locking locking() {
        return locking;
    }

    /** The command whose flags say whether this request is refused: as a rule itself. */
    Command checkedAs(Request request) {
        return flagChooser == null ? this : flagChooser.choose(this, request);
    }

    /** Whether {@link #checkedAs} depends on the request. */
    boolean isCheckedByRequest() {
        return flagChooser != null;
    }

    /** The same command with other flags, to be checked only, never run. */
    public Command withFlags(Set<CommandFlag> flags) {
        Builder same = new Builder(declared.name, declared.group);
        same.flags.addAll(flags);
        same.slow = declared.slow;
        same.runsScript = declared.runsScript;
        return new Command(same, handler);
    }

    /** Whether it runs a script. */
    public boolean runsScript() {
        return declared.runsScript;
    }

    /** Which partitions are locked while it serves this request. */
    Locking locking(Request request) {
        return declared.lockChooser == null ? locking : declared.lockChooser.locking(request);
    }

    /** Why the client may not call this subcommand, whatever its user may do; null when it may. */
    byte @Nullable [] objection(Client client, Request request) {
        Guard guard = declared.guard;
        if (guard == null || !acceptsCount(request.count())) {
            return null;
        }
        CommandError objection = guard.objection(client);
        return objection == null ? null : objection.text();
    }

    /** Whether an argument of a request is a secret, which nothing that shows requests may tell. */
    public boolean isSecret(Request request, int argument) {
        return declared.secrets != null && declared.secrets.isSecret(request, argument);
    }

    /** Whether it runs at once even within MULTI. */
    public boolean isNeverQueued() {
        return declared.neverQueued;
    }

    public Handler handler() {
        return handler;
    }

    /** Position among all commands and subcommands of the table. */
    public int id() {
        return id;
    }

    void id(int newId) {
        id = newId;
    }

    /** The argument that is the only key the command can have, or -1 when it is not that simple. */
    public int singleKeyIndex() {
        return singleKeyIndex;
    }

    /** Whether it takes so many arguments, the name included. */
    public boolean acceptsCount(int count) {
        return declared.arity >= 0 ? count == declared.arity : count >= -declared.arity;
    }

    byte[] arityError() {
        return arityError;
    }

    /**
     * The ACL categories: of the group, of the flags, and those declared besides. A container is in
     * no group's category, only its subcommands are.
     */
    public Set<AclCategory> categories() {
        Set<AclCategory> categories = EnumSet.noneOf(AclCategory.class);
        if (declared.subcommands.isEmpty() && !declared.outsideGroup) {
            categories.addAll(declared.group.categories());
        }
        categories.addAll(declared.categories);
        if (has(CommandFlag.WRITE)) {
            categories.add(AclCategory.WRITE);
        }
        if (has(CommandFlag.READONLY) && !categories.contains(AclCategory.SCRIPTING)) {
            categories.add(AclCategory.READ);
        }
        if (has(CommandFlag.ADMIN)) {
            categories.add(AclCategory.ADMIN);
            categories.add(AclCategory.DANGEROUS);
        }
        if (has(CommandFlag.PUBSUB)) {
            categories.add(AclCategory.PUBSUB);
        }
        if (has(CommandFlag.BLOCKING)) {
            categories.add(AclCategory.BLOCKING);
        }
        categories.add(has(CommandFlag.FAST) ? AclCategory.FAST : AclCategory.SLOW);
        return categories;
    }

    @Override
    public String toString() {
        return declared.name;
    }

    private static int singleKey(List<KeySpec> specs) {
        if (specs.size() == 1
                && specs.get(0).begin() instanceof KeySpec.AtIndex(int index)
                && specs.get(0).find() instanceof KeySpec.Range(int last, int step, int limit)
                && last == 0
                && step == 1
                && limit == 0) {
            return index;
        }
        return -1;
    }

    /**
     * Whether a first and a last key and a step do not tell all keys, as stock finds: whenever the
     * specifications are not ranges one behind the other.
     */
    private static boolean hasMovableKeys(List<KeySpec> specs) {
        boolean movable = false;
        int last = 0;
        for (KeySpec spec : specs) {
            movable |= spec.flags().contains(KeyFlag.INCOMPLETE);
            if (spec.begin() instanceof KeySpec.AtIndex(int index)
                    && spec.find() instanceof KeySpec.Range range
                    && (specs.size() == 1
                            || (range.step() == 1 && (last == 0 || last == index - 1)))) {
                last = range.last() >= 0 ? index + range.last() : range.last();
            } else {
                movable = true;
            }
        }
        return movable;
    }

    /** Says which partitions a request needs, where that depends on its options. */
    public interface LockChooser {
        Locking locking(Request request);
    }

    /** Says which arguments are secrets: passwords and the like. */
    public interface Secrets {
        boolean isSecret(Request request, int argument);
    }

    /** Says which clients may call a subcommand that the configuration guards. */
    public interface Guard {
        /** Why the client may not; null when it may. */
        @Nullable CommandError objection(Client client);
    }

    /** Says by which flags a request is checked, where that depends on its arguments. */
    public interface FlagChooser {
        /** The declared command, or one made of it by {@link Command#withFlags}. */
        Command choose(Command declared, Request request);
    }

    /** Collects what is declared about a command. */
    public static final class Builder {
        private final String name;
        private final Group group;
        private final List<Command> subcommands = new ArrayList<>();
        private final List<KeySpec> keySpecs = new ArrayList<>();
        private final List<String[]> history = new ArrayList<>();
        private final List<AclCategory> categories = new ArrayList<>();
        private final List<String> tips = new ArrayList<>();
        private Set<CommandFlag> flags = EnumSet.noneOf(CommandFlag.class);
        private @Nullable Locking locking;
        private @Nullable LockChooser lockChooser;
        private @Nullable Secrets secrets;
        private @Nullable FlagChooser flagChooser;
        private @Nullable Guard guard;
        private @Nullable ChannelSpec channels;
        private String since = "1.0.0";
        private String syntax = "";
        private String summary = "";
        private String complexity = "O(1)";
        private @Nullable String module;
        private String deprecatedSince = "";
        private String replacedBy = "";
        private int arity = 1;
        private boolean slow;
        private boolean runsScript;
        private boolean neverQueued;
        private char keyEnd;
        private boolean internal;
        private boolean outsideGroup;
        private boolean allowedWhileSubscribed;

        private Builder(String name, Group group) {
            this.name = name;
            this.group = group;
        }

        public Builder since(String version) {
            since = version;
            return this;
        }

        public Builder arity(int count) {
            arity = count;
            return this;
        }

        public Builder flags(CommandFlag... all) {
            flags = EnumSet.noneOf(CommandFlag.class);
            flags.addAll(List.of(all));
            return this;
        }

        public Builder categories(AclCategory... more) {
            categories.addAll(List.of(more));
            return this;
        }

        /** The category that comes with the group does not hold for this command. */
        public Builder outsideGroupCategory() {
            outsideGroup = true;
            return this;
        }

        public Builder keys(KeySpec... specs) {
            keySpecs.addAll(List.of(specs));
            return this;
        }

        /** These arguments are channels that the user must be allowed to use. */
        public Builder channels(ChannelSpec spec) {
            channels = spec;
            return this;
        }

        public Builder locking(Locking how) {
            locking = how;
            return this;
        }

        /** Which partitions are locked depends on the request. */
        public Builder lockingBy(LockChooser chooser) {
            lockChooser = chooser;
            return this;
        }

        /** Some arguments are secrets: SLOWLOG and MONITOR show {@code (redacted)} instead. */
        public Builder secrets(Secrets which) {
            secrets = which;
            return this;
        }

        /** The flags by which a request is checked depend on the request. */
        public Builder checkedBy(FlagChooser chooser) {
            flagChooser = chooser;
            return this;
        }

        /**
         * The arguments at which keys stand are paths: a key goes up to the first such character.
         */
        public Builder keysEndAt(char separator) {
            keyEnd = separator;
            return this;
        }

        /** The configuration says who may call it; of subcommands only. */
        public Builder guardedBy(Guard by) {
            guard = by;
            return this;
        }

        /** Runs on a worker; the connection waits, its event loop does not. */
        public Builder slow() {
            slow = true;
            return this;
        }

        /**
         * Runs a script, or works on what scripts run in: under the locks of all partitions, on the
         * scripts' worker.
         */
        public Builder script() {
            slow = true;
            runsScript = true;
            locking = Locking.ALL;
            return this;
        }

        /** Runs at once even within MULTI. */
        public Builder neverQueued() {
            neverQueued = true;
            return this;
        }

        /** A client that listens to channels may call it in RESP2. */
        public Builder allowedWhileSubscribed() {
            allowedWhileSubscribed = true;
            return this;
        }

        /** A module has brought it. */
        public Builder module(String name) {
            module = name;
            flags.add(CommandFlag.MODULE);
            return this;
        }

        /** Called by programs rather than people. */
        public Builder internal() {
            internal = true;
            return this;
        }

        /** What follows the name, in the notation of the command reference. */
        public Builder syntax(String text) {
            syntax = text;
            return this;
        }

        public Builder summary(String text) {
            summary = text;
            return this;
        }

        public Builder complexity(String text) {
            complexity = text;
            return this;
        }

        public Builder deprecated(String version, String replacement) {
            deprecatedSince = version;
            replacedBy = replacement;
            return this;
        }

        public Builder changed(String version, String sentence) {
            history.add(new String[] {version, sentence});
            return this;
        }

        public Builder tips(String... hints) {
            tips.addAll(List.of(hints));
            return this;
        }

        public Builder subcommands(Command... commands) {
            subcommands.addAll(List.of(commands));
            return this;
        }

        public Command handledBy(Handler handler) {
            return new Command(this, handler);
        }

        /** Ends the declaration of a container whose bare name does nothing. */
        public Command container() {
            return new Command(
                    this,
                    call -> {
                        throw Errors.wrongArity(name.toLowerCase(Locale.ROOT));
                    });
        }
    }
}
