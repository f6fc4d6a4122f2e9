package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.Record;
import io.keydb.server.value.CollectionType;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;
import io.keydb.server.value.Members;
import io.keydb.server.value.Values;
import io.keydb.server.value.cron.CronJob;
import io.keydb.server.value.hash.HashValue;
import io.keydb.server.value.list.ListWriter;
import io.keydb.server.value.module.ModuleTypes;
import io.keydb.server.value.module.ModuleValue;
import io.keydb.server.value.module.TypeIdentity;
import io.keydb.server.value.set.SetValue;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.string.StringValue;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value from its content, in the record of a {@link Holder}. The record is made with the
 * first element, so a value without elements leaves none.
 *
 * <p>Threads: confined to the reader; the lock of the holder's partition is held.
 */
final class ValueBuilder implements ValueTarget, AutoCloseable {
    private final OffHeapBuffer firstText;
    private final OffHeapBuffer secondText;
    private final ListWriter list = new ListWriter();
    private Holder holder;
    private long expected;

    @SuppressWarnings("NullAway.Init") // set before anything is shown
    ValueBuilder(Pages pages) {
        firstText = new OffHeapBuffer(pages);
        secondText = new OffHeapBuffer(pages);
    }

    ValueBuilder on(Holder newHolder) {
        holder = newHolder;
        return this;
    }

    @Override
    public void string(Element text) {
        if (text.isInteger()) {
            Record.setNumber(holder.create(Record.STRING, Record.INT, Long.BYTES), text.integer());
            return;
        }
        long address = text.address();
        int length = text.length();
        int encoding = StringValue.encodingFor(address, length);
        long inline = StringValue.inlineBytes(encoding, length);
        long record = holder.create(Record.STRING, encoding, inline);
        StringValue.fill(holder.allocator(), record, address, length);
    }

    @Override
    public void begin(int type, long elements) {
        expected = Math.max(1, elements);
    }

    @Override
    public void element(Element element) {
        list.on(holder).expect(1, element.length());
        list.push(false, address(element, firstText), element.length());
    }

    @Override
    public void member(Element member, long expiryMillis) throws RdbException {
        long address = address(member, firstText);
        requireNew(
                SetValue.add(holder, address, member.length(), expected),
                "Duplicate set members detected");
    }

    @Override
    public void scored(Element member, double score, long expiryMillis) throws RdbException {
        long address = address(member, firstText);
        int length = member.length();
        requireNew(
                holder.record() == 0 || SortedSet.find(holder.record(), address, length) == 0,
                "Duplicate zset fields detected");
        SortedSet.insert(holder, address, length, score);
    }

    @Override
    public void field(Element field, Element value, long expiryMillis) throws RdbException {
        if (holder.record() == 0) {
            HashValue.prepare(holder, expected, 0, 0);
        }
        long address = address(field, firstText);
        long valueAddress = address(value, secondText);
        requireNew(
                HashValue.set(holder, address, field.length(), valueAddress, value.length()),
                "Duplicate hash fields detected");
        if (expiryMillis != NO_EXPIRY) {
            expires(field, expiryMillis);
        }
    }

    @Override
    public void end() {
        switch (Record.type(holder.record())) {
            case Record.HASH -> HashValue.trim(holder);
            case Record.LIST -> list.on(holder).built();
            default -> {}
        }
    }

    private static void requireNew(boolean isNew, String otherwise) throws RdbException {
        if (!isNew) {
            throw new RdbException(otherwise);
        }
    }

    /** Where the text of an element is; that of a number is made. */
    private static long address(Element element, OffHeapBuffer text) {
        if (!element.isInteger()) {
            return element.address();
        }
        text.clear();
        element.copyTo(text.reserve(element.length()));
        return text.address();
    }

    @Override
    public void stream(ForeignStream stream) throws RdbException {
        long root = stream.build(holder.allocator());
        Record.setNumber(holder.create(Record.STREAM, Record.INT, Long.BYTES), root);
    }

    @Override
    public void module(long identity, @Nullable Element bytes) throws RdbException {
        ModuleTypes types = holder.moduleTypes();
        long current = types.current(identity);
        if (current == ModuleTypes.UNKNOWN) {
            throw new RdbException(
                    "The RDB file contains module data I can't load: no matching module type '"
                            + TypeIdentity.name(identity)
                            + "'");
        }
        if (bytes == null) {
            throw damaged(identity, "it is not one string");
        }
        long address = address(bytes, firstText);
        byte[] instead;
        try {
            instead = types.accept(identity, address, bytes.length());
        } catch (IllegalArgumentException refused) {
            throw damaged(identity, String.valueOf(refused.getMessage()));
        }
        int length = instead == null ? bytes.length() : instead.length;
        long to = ModuleValue.create(holder, current, length);
        if (instead == null) {
            Memory.copy(address, to, length);
        } else {
            Memory.copyIn(instead, 0, to, length);
        }
    }

    private static RdbException damaged(long identity, String reason) {
        return new RdbException(
                "a value of module type '" + TypeIdentity.name(identity) + "': " + reason);
    }

    @Override
    public void cron(CronJob job) {
        job.write(holder);
    }

    @Override
    public void single() throws RdbException {
        if (Record.type(holder.record()) != Record.CRON) {
            throw new RdbException("a value that cannot run is to run once");
        }
        CronJob.setSingle(holder.record());
    }

    @Override
    public void expires(Element member, long expiryMillis) throws RdbException {
        if (Record.type(holder.record()) == Record.CRON) {
            if (!CronJob.setDue(holder.record(), expiryMillis)) {
                throw new RdbException("a cron job without a time");
            }
            return;
        }
        if (!(Values.of(holder.record()) instanceof CollectionType type)) {
            throw new RdbException("an expiry of a member of a value without such");
        }
        type.toTable(holder);
        long root = Record.number(holder.record());
        long found = Members.find(root, address(member, firstText), member.length());
        // KeyDB keeps the expiry of members that are gone.
        if (found != 0) {
            Members.expire(holder, found, expiryMillis);
        }
    }

    @Override
    public void close() {
        firstText.close();
        secondText.close();
    }
}
