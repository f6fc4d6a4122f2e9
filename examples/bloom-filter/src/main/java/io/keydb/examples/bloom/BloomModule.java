package io.keydb.examples.bloom;

import static io.keydb.module.CommandDeclaration.command;
import static io.keydb.module.CommandFlag.DENYOOM;
import static io.keydb.module.CommandFlag.FAST;
import static io.keydb.module.CommandFlag.READONLY;
import static io.keydb.module.CommandFlag.WRITE;
import static io.keydb.module.KeyUse.ACCESS;
import static io.keydb.module.KeyUse.INSERT;
import static io.keydb.module.KeyUse.RO;
import static io.keydb.module.KeyUse.RW;
import static io.keydb.module.KeyUse.UPDATE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keydb.module.Bytes;
import io.keydb.module.CommandFailure;
import io.keydb.module.Invocation;
import io.keydb.module.Keys;
import io.keydb.module.ModuleKey;
import io.keydb.module.MutableBytes;
import io.keydb.module.Parameter;
import io.keydb.module.ServerModule;
import io.keydb.module.Setup;

/**
 * Bloom filters: BF.RESERVE, BF.ADD, BF.EXISTS, BF.MERGE and BF.INFO.
 *
 * <p>Threads: safe; it has no state besides its parameters.
 */
public final class BloomModule implements ServerModule {
    private static final CommandFailure EXISTS = new CommandFailure("ERR item exists");
    private static final CommandFailure NOT_FOUND = new CommandFailure("ERR not found");
    private static final CommandFailure NO_RATE =
            new CommandFailure("ERR error rate must be between 0 and 1");
    private static final CommandFailure NO_CAPACITY =
            new CommandFailure("ERR capacity must be positive, and the filter at most 256 MB");
    private static final CommandFailure DIFFERENT =
            new CommandFailure("ERR filters of different size or error rate");

    private final BloomType type = new BloomType();
    private Parameter<Long> defaultCapacity = () -> 0L;
    private Parameter<Long> defaultErrorPercent = () -> 0L;

    @Override
    public String name() {
        return "bf";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void load(Setup setup) {
        setup.type(type);
        defaultCapacity = setup.integer("default-capacity", 1000, 1, 1_000_000_000);
        defaultErrorPercent = setup.integer("default-error-percent", 1, 1, 99);
        setup.command(
                command("BF.RESERVE")
                        .arity(4)
                        .flags(WRITE, DENYOOM, FAST)
                        .keys(Keys.at(1, RW, INSERT))
                        .syntax("key error_rate capacity")
                        .summary("Makes an empty filter.")
                        .complexity("O(1)")
                        .handledBy(this::reserve));
        setup.command(
                command("BF.ADD")
                        .arity(3)
                        .flags(WRITE, DENYOOM, FAST)
                        .keys(Keys.at(1, RW, ACCESS, UPDATE))
                        .syntax("key item")
                        .summary("Adds an item; makes the filter when there is none.")
                        .complexity("O(k) where k is the number of hash functions")
                        .handledBy(this::add));
        setup.command(
                command("BF.EXISTS")
                        .arity(3)
                        .flags(READONLY, FAST)
                        .keys(Keys.at(1, RO, ACCESS))
                        .syntax("key item")
                        .summary("Tells whether an item was most likely added.")
                        .complexity("O(k) where k is the number of hash functions")
                        .handledBy(this::exists));
        setup.command(
                command("BF.MERGE")
                        .arity(-3)
                        .flags(WRITE, DENYOOM)
                        .keys(Keys.at(1, RW, ACCESS, UPDATE), Keys.range(2, -1, 1, RO, ACCESS))
                        .syntax("destination source [source ...]")
                        .summary("Adds what is in other filters of the same kind.")
                        .complexity("O(N) where N is the number of bytes of the filters")
                        .slow()
                        .handledBy(this::merge));
        setup.command(
                command("BF.INFO")
                        .arity(2)
                        .flags(READONLY, FAST)
                        .keys(Keys.at(1, RO, ACCESS))
                        .syntax("key")
                        .summary("Describes a filter.")
                        .complexity("O(1)")
                        .handledBy(this::info));
    }

    private void reserve(Invocation call) {
        double rate = rate(call.text(2));
        long capacity = call.integer(3);
        if (call.key(1).read(type) != null) {
            throw EXISTS;
        }
        make(call.key(1), rate, capacity);
        call.reply().ok();
    }

    private static double rate(String text) {
        try {
            double rate = Double.parseDouble(text);
            if (rate > 0 && rate < 1) {
                return rate;
            }
        } catch (NumberFormatException none) {
            throw NO_RATE;
        }
        throw NO_RATE;
    }

    private MutableBytes make(ModuleKey key, double rate, long capacity) {
        long bytes = capacity < 1 ? -1 : BloomFilter.bytes(rate, capacity);
        if (bytes < 0) {
            throw NO_CAPACITY;
        }
        MutableBytes filter = key.resize(type, bytes);
        filter.putInt(BloomType.HASHES, BloomFilter.hashes(rate));
        return filter;
    }

    private void add(Invocation call) {
        ModuleKey key = call.key(1);
        MutableBytes filter = key.change(type);
        if (filter == null) {
            double rate = defaultErrorPercent.value() / 100.0;
            long capacity = defaultCapacity.value();
            filter = make(key, rate, capacity);
            // a replica may have other defaults
            byte[] name = call.argument(1).toArray();
            call.replicate("BF.RESERVE", name, text(rate), text(capacity));
            call.replicate("BF.ADD", name, call.argument(2).toArray());
        }
        boolean isNew = BloomFilter.add(filter, call.argument(2));
        key.event("bf.add");
        call.reply().integer(isNew ? 1 : 0);
    }

    private static byte[] text(Object value) {
        return String.valueOf(value).getBytes(UTF_8);
    }

    private void exists(Invocation call) {
        Bytes filter = call.key(1).read(type);
        boolean has = filter != null && BloomFilter.has(filter, call.argument(2));
        call.reply().integer(has ? 1 : 0);
    }

    private void merge(Invocation call) {
        Bytes[] sources = new Bytes[call.count() - 2];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = required(call.key(i + 2));
            requireSameKind(sources[0], sources[i]);
        }
        Bytes present = call.key(1).read(type);
        if (present != null) {
            requireSameKind(sources[0], present);
        }
        MutableBytes merged = call.key(1).resize(type, sources[0].length());
        merged.putInt(BloomType.HASHES, sources[0].getInt(BloomType.HASHES));
        for (Bytes source : sources) {
            long items = merged.getLong(BloomType.ITEMS) + source.getLong(BloomType.ITEMS);
            merged.putLong(BloomType.ITEMS, items);
            for (long i = BloomType.BITS; i < source.length(); i++) {
                merged.put(i, (byte) (merged.get(i) | source.get(i)));
            }
        }
        call.reply().ok();
    }

    private static void requireSameKind(Bytes one, Bytes other) {
        if (one.length() != other.length()
                || one.getInt(BloomType.HASHES) != other.getInt(BloomType.HASHES)) {
            throw DIFFERENT;
        }
    }

    private Bytes required(ModuleKey key) {
        Bytes filter = key.read(type);
        if (filter == null) {
            throw NOT_FOUND;
        }
        return filter;
    }

    private void info(Invocation call) {
        Bytes filter = required(call.key(1));
        call.reply().map(3);
        call.reply().bulk("bits");
        call.reply().integer((filter.length() - BloomType.BITS) * 8);
        call.reply().bulk("hash functions");
        call.reply().integer(filter.getInt(BloomType.HASHES));
        call.reply().bulk("items");
        call.reply().integer(filter.getLong(BloomType.ITEMS));
    }
}
