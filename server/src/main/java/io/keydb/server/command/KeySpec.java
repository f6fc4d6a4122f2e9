package io.keydb.server.command;

import io.keydb.server.resp.Request;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's keys stand among its arguments: where to begin, how to go on, and what is done
 * with them. The model is that of COMMAND INFO of Redis 7.
 *
 * <p>Threads: immutable.
 */
public final class KeySpec {
    /** Where the keys begin. */
    public sealed interface Begin {}

    /** At a fixed argument; the command's name is argument 0. */
    public record AtIndex(int index) implements Begin {}

    /**
     * Behind a keyword, looked for from {@code startFrom} on (negative: from the end backwards).
     */
    public record AtKeyword(String keyword, int startFrom) implements Begin {}

    /**
     * Where no rule can tell: keys made from a value's content, or behind a keyword that may stand
     * anywhere. The command itself knows, as far as it names keys at all.
     */
    public record Unknown(KeyLocator locator) implements Begin, Find {}

    /** Finds the one key of an {@link Unknown} specification, or the first of others. */
    public interface KeyLocator {
        /** The argument that is the key; -1 when there is none. */
        int locate(Request request);
    }

    /** How the keys go on from where they begin. */
    public sealed interface Find {}

    /**
     * Up to {@code last} relative to the first key (-1: up to the end, -2: one before the end …),
     * every {@code step}-th argument; with last -1, {@code limit} divides what remains.
     */
    public record Range(int last, int step, int limit) implements Find {}

    /**
     * As many as the argument {@code countAt} says, from {@code firstKeyAt} on, relative to the
     * begin.
     */
    public record Counted(int countAt, int firstKeyAt, int step) implements Find {}

    /** Tells what one request does with its keys, where the flags depend on its options. */
    public interface FlagChooser {
        Set<KeyFlag> flags(Request request);
    }

    /** The content of the keys is read, see {@link #access}. */
    public static final int READ = 1;

    /** Keys are written, see {@link #access}. */
    public static final int WRITE = 2;

    private final Begin begin;
    private final Find find;
    private final Set<KeyFlag> flags;
    private final String notes;
    private final @Nullable FlagChooser chooser;
    private final @Nullable KeyLocator locator;
    private final int access;

    private KeySpec(Begin begin, Find find, Set<KeyFlag> flags) {
        this(begin, find, flags, "", null, null);
    }

    private KeySpec(
            Begin begin,
            Find find,
            Set<KeyFlag> flags,
            String notes,
            @Nullable FlagChooser chooser,
            @Nullable KeyLocator locator) {
        this.begin = begin;
        this.find = find;
        this.flags = flags;
        this.notes = notes;
        this.chooser = chooser;
        this.locator = locator;
        this.access = access(flags);
    }

    /** One key at a fixed argument. */
    public static KeySpec at(int index, KeyFlag first, KeyFlag... more) {
        return new KeySpec(new AtIndex(index), new Range(0, 1, 0), EnumSet.of(first, more));
    }

    /** Keys from a fixed argument up to {@code last}, every {@code step}-th argument. */
    public static KeySpec range(int index, int last, int step, KeyFlag first, KeyFlag... more) {
        return new KeySpec(new AtIndex(index), new Range(last, step, 0), EnumSet.of(first, more));
    }

    /** A count at a fixed argument, its keys behind it. */
    public static KeySpec counted(int index, KeyFlag first, KeyFlag... more) {
        return new KeySpec(new AtIndex(index), new Counted(0, 1, 1), EnumSet.of(first, more));
    }

    /** One key behind a keyword. */
    public static KeySpec keyword(String keyword, int startFrom, KeyFlag first, KeyFlag... more) {
        return new KeySpec(
                new AtKeyword(keyword, startFrom), new Range(0, 1, 0), EnumSet.of(first, more));
    }

    /** At most one key, which the command itself finds. */
    public static KeySpec unknown(KeyLocator locator, KeyFlag first, KeyFlag... more) {
        Unknown unknown = new Unknown(locator);
        return new KeySpec(unknown, unknown, EnumSet.of(first, more));
    }

    /** The keys are the first half of all that stands behind a keyword. */
    public static KeySpec firstHalf(String keyword, int startFrom, KeyFlag first, KeyFlag... more) {
        return new KeySpec(
                new AtKeyword(keyword, startFrom), new Range(-1, 1, 2), EnumSet.of(first, more));
    }

    /** All that stands behind a keyword is keys. */
    public static KeySpec behind(String keyword, int startFrom, KeyFlag first, KeyFlag... more) {
        return new KeySpec(
                new AtKeyword(keyword, startFrom), new Range(-1, 1, 0), EnumSet.of(first, more));
    }

    /** The same with a remark for people. */
    public KeySpec notes(String text) {
        return new KeySpec(begin, find, flags, text, chooser, locator);
    }

    /** The same with flags that depend on the request. */
    public KeySpec chosenBy(FlagChooser byRequest) {
        return new KeySpec(begin, find, flags, notes, byRequest, locator);
    }

    /**
     * The same, but the command itself says of each request where the keys begin: what is declared
     * about that is for clients, and does not hold for all requests.
     */
    public KeySpec locatedBy(KeyLocator byRequest) {
        return new KeySpec(begin, find, flags, notes, chooser, byRequest);
    }

    public Begin begin() {
        return begin;
    }

    public Find find() {
        return find;
    }

    public Set<KeyFlag> flags() {
        return flags;
    }

    /** What is done with the keys of this request. */
    public Set<KeyFlag> flags(Request request) {
        return chooser == null ? flags : chooser.flags(request);
    }

    /** What a user must be allowed to do with the keys of this request: a set of bits. */
    public int access(Request request) {
        return chooser == null ? access : access(chooser.flags(request));
    }

    /** Finds the first key in place of {@link #begin}; null when that holds for all requests. */
    @Nullable KeyLocator locator() {
        return locator;
    }

    /** Whether what it finds are keys; they may be names of channels instead. */
    public boolean findsKeys() {
        return !flags.contains(KeyFlag.NOT_KEY);
    }

    private static int access(Set<KeyFlag> flags) {
        boolean writes =
                flags.contains(KeyFlag.INSERT)
                        || flags.contains(KeyFlag.DELETE)
                        || flags.contains(KeyFlag.UPDATE);
        return (flags.contains(KeyFlag.ACCESS) ? READ : 0) | (writes ? WRITE : 0);
    }

    /** A remark for people, or empty. */
    public String notes() {
        return notes;
    }
}
