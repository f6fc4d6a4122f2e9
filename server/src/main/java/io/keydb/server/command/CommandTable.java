package io.keydb.server.command;

import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All commands, found by name in any case without allocating.
 *
 * <p>An open-addressed table at most a quarter full; an entry's hash is taken over the name folded
 * to upper case, eight bytes at a time. Most names have at most eight bytes: they are compared as
 * one word, in which the bits that tell lower from upper case are cleared where letters stand.
 *
 * <p>What modules bring lies in a table of its own, which is looked at when nothing was found here;
 * its commands have numbers of their own, too, which are never given again.
 *
 * <p>Threads: safe; what modules bring is changed under the monitor of this object and seen by
 * others as a whole.
 */
public final class CommandTable {
    private static final long CASE_BITS = 0x2020202020202020L;
    private static final int LONGEST_NAME = 64;
    private static final String ABSENT = "";

    private final Command[] slots;
    private final byte[][] names;
    private final long[] hashes;

    /** Of each name the first eight bytes, in upper case, the first one lowest. */
    private final long[] heads;

    /** Of each name the bits of its head that must be equal. */
    private final long[] headMasks;

    private final int mask;
    private final int longestName;
    private final List<Command> originals;
    private final List<Command> commands;
    private final Map<Command, String> newNames;
    private final List<Command> withSubcommands = new ArrayList<>();

    /** By the number of the container. */
    private CommandTable[] subtables = {};

    /** What modules have brought; null in that table itself. */
    private volatile @Nullable CommandTable added;

    /** The same, and besides what is about to come or has just gone. */
    private volatile List<Command> known = List.of();

    private int nextId;

    /**
     * @throws IllegalArgumentException when two commands have the same name
     */
    public CommandTable(List<Command> commands) {
        this(commands, Map.of(), false);
    }

    /**
     * @param newNames what some commands are called instead of their names; a command with an empty
     *     name cannot be called
     * @throws IllegalArgumentException when two commands have the same name
     */
    public CommandTable(List<Command> commands, Map<Command, String> newNames) {
        this(commands, Map.copyOf(newNames), false);
    }

    private CommandTable(List<Command> all, Map<Command, String> newNames, boolean nested) {
        this.originals = List.copyOf(all);
        this.newNames = newNames;
        List<Command> callable = new ArrayList<>();
        int longest = LONGEST_NAME;
        for (Command command : originals) {
            String name = name(command);
            longest = Math.max(longest, name.length());
            if (!name.equals(ABSENT)) {
                callable.add(command);
            }
        }
        this.commands = List.copyOf(callable);
        this.longestName = longest;
        int size = Integer.highestOneBit(Math.max(4, commands.size())) * 8;
        mask = size - 1;
        slots = new Command[size];
        names = new byte[size][];
        hashes = new long[size];
        heads = new long[size];
        headMasks = new long[size];
        commands.forEach(this::insert);
        if (!nested) {
            number();
            nest();
        }
    }

    /** Top-level commands that can be called, in the order of declaration. */
    public List<Command> commands() {
        CommandTable more = added;
        return more == null ? commands : joined(commands, more.commands);
    }

    /** All commands and subcommands. */
    public List<Command> all() {
        return joined(withSubcommands, known);
    }

    private static List<Command> joined(List<Command> first, List<Command> second) {
        if (second.isEmpty()) {
            return first;
        }
        List<Command> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /**
     * Adds commands of a module, all at once.
     *
     * @param announced runs when {@link #all} has them and nobody can call them yet
     * @throws IllegalArgumentException when a name is taken; nothing is added then
     */
    public synchronized void add(List<Command> more, Runnable announced) {
        for (Command command : more) {
            if (find(command.name()) != null || original(command.name()) != null) {
                throw new IllegalArgumentException(
                        "there is a command " + command.name() + " already");
            }
        }
        CommandTable next = new CommandTable(joined(known, more), Map.of(), true);
        for (Command command : more) {
            command.id(nextId++);
        }
        known = next.commands;
        announced.run();
        added = next;
    }

    /**
     * Takes commands of a module away, all at once; calls of them that have begun go on.
     *
     * @param gone runs when nobody can call them any more
     */
    public synchronized void remove(List<Command> those, Runnable gone) {
        List<Command> rest = new ArrayList<>(known);
        rest.removeAll(those);
        CommandTable next = new CommandTable(rest, Map.of(), true);
        added = rest.isEmpty() ? null : next;
        known = next.commands;
        gone.run();
    }

    /** The command of this name, not looking at subcommands, or null. */
    public @Nullable Command find(long address, int length) {
        int slot = slotOf(address, length);
        return slot < 0 ? findAdded(address, length) : slots[slot];
    }

    private @Nullable Command findAdded(long address, int length) {
        CommandTable more = added;
        return more == null ? null : more.find(address, length);
    }

    /** The command of this name, or null; a subcommand is asked for as {@code container|name}. */
    public @Nullable Command find(String name) {
        int bar = name.indexOf('|');
        String first = bar < 0 ? name : name.substring(0, bar);
        for (Command command : commands()) {
            if (name(command).equalsIgnoreCase(first)) {
                return bar < 0 ? command : subcommand(command, name.substring(bar + 1));
            }
        }
        return null;
    }

    private static @Nullable Command subcommand(Command container, String name) {
        for (Command subcommand : container.subcommands()) {
            if (subcommand.shortName().equalsIgnoreCase(name)) {
                return subcommand;
            }
        }
        return null;
    }

    /** What a command is called by. */
    private String name(Command command) {
        return newNames.getOrDefault(command, command.shortName());
    }

    /** The command or subcommand a request calls, or null. */
    public @Nullable Command find(Request request) {
        Command command = find(request.address(0), request.length(0));
        return command == null || !command.isContainer() || request.count() == 1
                ? command
                : findSubcommand(command, request.address(1), request.length(1));
    }

    /** As {@link #find(String)}, by the name that the command was declared with. */
    public @Nullable Command original(String name) {
        int bar = name.indexOf('|');
        String first = bar < 0 ? name : name.substring(0, bar);
        for (Command command : joined(originals, known)) {
            if (command.shortName().equalsIgnoreCase(first)) {
                return bar < 0 ? command : subcommand(command, name.substring(bar + 1));
            }
        }
        return null;
    }

    /** The command a request of another server calls, which does not know of new names here. */
    public @Nullable Command original(Request request) {
        String name = new String(request.bytes(0), StandardCharsets.ISO_8859_1);
        return newNames.isEmpty() ? null : original(name);
    }

    /** The subcommand of {@code container} of this name, or null. */
    public @Nullable Command findSubcommand(Command container, long address, int length) {
        return subtables[container.id()].find(address, length);
    }

    private void insert(Command command) {
        byte[] name = name(command).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        long hash = hash(name);
        int slot = (int) hash & mask;
        while (slots[slot] != null) {
            if (hashes[slot] == hash && Arrays.equals(names[slot], name)) {
                throw new IllegalArgumentException("two commands are named " + command.name());
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = command;
        names[slot] = name;
        hashes[slot] = hash;
        heads[slot] = word(name, 0);
        headMasks[slot] = headMask(name);
    }

    private static long headMask(byte[] name) {
        long mask = -1;
        for (int i = 0; i < Math.min(name.length, Long.BYTES); i++) {
            if (name[i] >= 'A' && name[i] <= 'Z') {
                mask &= ~(0x20L << (8 * i));
            }
        }
        return mask;
    }

    private void nest() {
        subtables = new CommandTable[withSubcommands.size()];
        for (Command command : originals) {
            if (command.isContainer()) {
                subtables[command.id()] = new CommandTable(command.subcommands(), Map.of(), true);
            }
        }
    }

    private void number() {
        for (Command command : originals) {
            numberOne(command);
            command.subcommands().forEach(this::numberOne);
        }
        nextId = withSubcommands.size();
    }

    private void numberOne(Command command) {
        command.id(withSubcommands.size());
        withSubcommands.add(command);
    }

    private int slotOf(long address, int length) {
        if (length > longestName) {
            return -1;
        }
        long head = head(address, length);
        boolean isShort = length <= Long.BYTES;
        long hash = isShort ? mix(length, head & ~CASE_BITS) : hash(address, length);
        int slot = (int) hash & mask;
        while (slots[slot] != null) {
            if (hashes[slot] == hash
                    && (head & headMasks[slot]) == heads[slot]
                    && (isShort || matches(names[slot], address, length))) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /** The first eight bytes of a name, or all of a shorter one, the first one lowest. */
    private static long head(long address, int length) {
        if (length >= 8) {
            return Memory.getLong(address);
        }
        if (length >= 4) {
            long last = Memory.getInt(address + length - 4) & 0xFFFFFFFFL;
            return (Memory.getInt(address) & 0xFFFFFFFFL) | (last << (8 * (length - 4)));
        }
        if (length >= 2) {
            long last = Memory.getByte(address + length - 1) & 0xFFL;
            return (Memory.getShort(address) & 0xFFFFL) | (last << (8 * (length - 1)));
        }
        return length == 1 ? Memory.getByte(address) & 0xFFL : 0;
    }

    private static boolean matches(byte[] name, long address, int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = Memory.getByte(address + i);
            if (b >= 'a' && b <= 'z') {
                b -= 32;
            }
            if (b != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static long hash(long address, int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = mix(hash, Memory.getLong(address + i) & ~CASE_BITS);
        }
        return i == length ? hash : mix(hash, head(address + i, length - i) & ~CASE_BITS);
    }

    private static long hash(byte[] name) {
        long hash = name.length;
        for (int i = 0; i < name.length || i == 0; i += Long.BYTES) {
            hash = mix(hash, word(name, i) & ~CASE_BITS);
        }
        return hash;
    }

    /** Up to eight bytes of a name from an offset on, the first one lowest. */
    private static long word(byte[] name, int offset) {
        long word = 0;
        for (int i = offset; i < Math.min(name.length, offset + Long.BYTES); i++) {
            word |= (name[i] & 0xFFL) << (8 * (i - offset));
        }
        return word;
    }

    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 32;
    }
}
