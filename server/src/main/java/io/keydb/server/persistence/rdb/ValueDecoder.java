package io.keydb.server.persistence.rdb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.Pages;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.Holder;
import io.keydb.server.value.cron.CronJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads values of every type and form an RDB may have, and shows their content to a {@link
 * ValueTarget}. Bytes come from anywhere and are trusted in nothing: each piece is checked whole
 * before a step is made in it.
 *
 * <p>Threads: confined to the reader.
 */
final class ValueDecoder implements AutoCloseable {
    private static final byte[] MEMBER = AuxiliaryField.MEMBER.getBytes(US_ASCII);
    private static final byte[] CRON_SINGLE = AuxiliaryField.CRON_SINGLE.getBytes(US_ASCII);
    private static final byte[] MEMBER_EXPIRY = AuxiliaryField.MEMBER_EXPIRY.getBytes(US_ASCII);

    private final RdbStrings first;
    private final RdbStrings second;
    private final ValueBuilder builder;
    private final RdbCursor in = new RdbCursor();
    private final Element element = new Element();
    private final Element other = new Element();
    private final Element third = new Element();
    private final ListpackElements listpack = new ListpackElements();
    private final ZiplistElements ziplist = new ZiplistElements();
    private final ZipmapElements zipmap = new ZipmapElements();
    private final IntegerElements integers = new IntegerElements();
    private final ForeignStream stream;
    private boolean isEmpty;

    ValueDecoder(Pages pages, int longestString) {
        first = new RdbStrings(pages, longestString);
        second = new RdbStrings(pages, longestString);
        builder = new ValueBuilder(pages);
        stream = new ForeignStream(pages, first, in);
    }

    /** Bytes of the value, the last one decoded; what is behind it was not looked at. */
    long consumed() {
        return in.position();
    }

    /**
     * Shows the value of that type in these bytes.
     *
     * @return false when it is a collection without elements, which no key can hold
     */
    boolean decode(int type, long address, long length, ValueTarget target) throws RdbException {
        in.reset(address, length);
        isEmpty = true;
        switch (type) {
            case RdbFormat.TYPE_STRING -> {
                isEmpty = false;
                target.string(complete(first.read(in)));
            }
            case RdbFormat.TYPE_LIST, RdbFormat.TYPE_SET -> elements(type, target);
            case RdbFormat.TYPE_HASH -> fields(target);
            case RdbFormat.TYPE_SORTED_SET, RdbFormat.TYPE_SORTED_SET_TEXT -> members(type, target);
            case RdbFormat.TYPE_LIST_ZIPLISTS -> nodes(target, false);
            case RdbFormat.TYPE_LIST_LISTPACKS -> nodes(target, true);
            case RdbFormat.TYPE_LIST_ZIPLIST -> {
                target.begin(Record.LIST, 0);
                list(ziplist, target);
            }
            case RdbFormat.TYPE_SET_INTEGERS -> set(integers, target);
            case RdbFormat.TYPE_SET_LISTPACK -> set(listpack, target);
            case RdbFormat.TYPE_SORTED_SET_ZIPLIST -> sortedSet(ziplist, target);
            case RdbFormat.TYPE_SORTED_SET_LISTPACK -> sortedSet(listpack, target);
            case RdbFormat.TYPE_HASH_ZIPMAP -> hash(zipmap, target);
            case RdbFormat.TYPE_HASH_ZIPLIST -> hash(ziplist, target);
            case RdbFormat.TYPE_HASH_LISTPACK -> hash(listpack, target);
            case RdbFormat.TYPE_HASH_EXPIRIES_BEFORE_RELEASE -> expiringFields(target, 0);
            case RdbFormat.TYPE_HASH_EXPIRIES -> {
                requireBytes(8);
                expiringFields(target, in.littleEndian(8) - 1);
            }
            case RdbFormat.TYPE_HASH_LISTPACK_EXPIRIES_BEFORE_RELEASE -> expiringHash(target);
            case RdbFormat.TYPE_HASH_LISTPACK_EXPIRIES -> {
                requireBytes(8);
                in.skip(8);
                expiringHash(target);
            }
            case RdbFormat.TYPE_STREAM, RdbFormat.TYPE_STREAM_2, RdbFormat.TYPE_STREAM_3 -> {
                isEmpty = false;
                target.stream(stream.of(type));
            }
            case RdbFormat.TYPE_MODULE -> {
                isEmpty = false;
                module(target);
            }
            case RdbFormat.TYPE_CRON -> {
                isEmpty = false;
                target.cron(cron());
            }
            default -> throw refused(type);
        }
        if (!isEmpty) {
            target.end();
            expiries(target);
        }
        return !isEmpty;
    }

    /** Members that expire, in auxiliary fields behind the value; anything else ends it. */
    private void expiries(ValueTarget target) throws RdbException {
        while (in.left() > 1 && in.peek() == RdbFormat.AUX) {
            in.skip(1);
            Element name = complete(first.read(in));
            if (isNamed(name, CRON_SINGLE)) {
                complete(first.read(in));
                target.single();
                continue;
            }
            if (!isNamed(name, MEMBER)) {
                return;
            }
            Element member = complete(first.read(in));
            requireBytes(2);
            in.skip(1);
            require(isNamed(complete(second.read(in)), MEMBER_EXPIRY));
            Element when = complete(second.read(in));
            target.expires(member, time(when.isInteger() ? when.integer() : integer(when)));
        }
    }

    private static boolean isNamed(Element name, byte[] expected) {
        return !name.isInteger()
                && Arrays.equals(Memory.bytes(name.address(), name.length()), expected);
    }

    private static long integer(Element text) throws RdbException {
        long number = DecimalText.parse(text.address(), text.length());
        require(number != DecimalText.NONE);
        return number;
    }

    /** Why a type is not read. */
    static RdbException refused(int type) {
        return new RdbException(
                switch (type) {
                    case RdbFormat.TYPE_MODULE_BEFORE_RELEASE ->
                            "Pre-release module format not supported";
                    default -> "Unknown RDB encoding type " + type;
                });
    }

    /** What a module of ours wrote is one string; what another wrote only the message needs. */
    private void module(ValueTarget target) throws RdbException {
        long identity = in.length();
        requireBytes(0);
        if (in.length() != RdbFormat.MODULE_STRING) {
            target.module(identity, null);
            return;
        }
        Element bytes = first.read(in);
        target.module(identity, in.length() == RdbFormat.MODULE_END ? complete(bytes) : null);
    }

    /**
     * A cron job as KeyDB writes it: script, start, interval, keys, arguments. Behind it may stand
     * when it is due and whether it runs once.
     */
    private CronJob cron() throws RdbException {
        byte[] script = RdbReader.text(complete(first.read(in)));
        requireBytes(16);
        long start = in.littleEndian(8);
        long interval = in.littleEndian(8);
        if (!CronJob.isValid(start, interval)) {
            throw new RdbException("a cron job without a time");
        }
        return new CronJob(start + interval, interval, false, script, texts(), texts());
    }

    private List<byte[]> texts() throws RdbException {
        long count = count();
        List<byte[]> texts = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            texts.add(RdbReader.text(complete(first.read(in))));
        }
        return texts;
    }

    private void elements(int type, ValueTarget target) throws RdbException {
        boolean isList = type == RdbFormat.TYPE_LIST;
        long count = count();
        target.begin(isList ? Record.LIST : Record.SET, count);
        for (long i = 0; i < count; i++) {
            Element read = complete(first.read(in));
            isEmpty = false;
            if (isList) {
                target.element(read);
            } else {
                target.member(read, ValueTarget.NO_EXPIRY);
            }
        }
    }

    private void fields(ValueTarget target) throws RdbException {
        long count = count();
        target.begin(Record.HASH, count);
        for (long i = 0; i < count; i++) {
            Element field = complete(first.read(in));
            Element value = complete(second.read(in));
            isEmpty = false;
            target.field(field, value, ValueTarget.NO_EXPIRY);
        }
    }

    /** Fields with their expiry, 0 for none, counted from {@code base}. */
    private void expiringFields(ValueTarget target, long base) throws RdbException {
        long count = count();
        target.begin(Record.HASH, count);
        for (long i = 0; i < count; i++) {
            long expiry = in.length();
            Element field = complete(first.read(in));
            Element value = complete(second.read(in));
            isEmpty = false;
            target.field(field, value, expiry == 0 ? ValueTarget.NO_EXPIRY : time(base + expiry));
        }
    }

    private void members(int type, ValueTarget target) throws RdbException {
        long count = count();
        target.begin(Record.SORTED_SET, count);
        for (long i = 0; i < count; i++) {
            Element member = complete(first.read(in));
            double score;
            if (type == RdbFormat.TYPE_SORTED_SET) {
                requireBytes(8);
                score = Double.longBitsToDouble(in.littleEndian(8));
            } else {
                score = Scores.textNumber(in);
                complete(member);
            }
            isEmpty = false;
            target.scored(member, number(score), ValueTarget.NO_EXPIRY);
        }
    }

    private void nodes(ValueTarget target, boolean areListpacks) throws RdbException {
        long count = count();
        target.begin(Record.LIST, 0);
        for (long i = 0; i < count; i++) {
            long container = areListpacks ? in.length() : RdbFormat.NODE_LISTPACK;
            if (container == RdbFormat.NODE_PLAIN) {
                Element read = complete(first.read(in));
                if (read.length() == 0) {
                    throw new RdbException("an empty node of a list");
                }
                isEmpty = false;
                target.element(read);
            } else if (container == RdbFormat.NODE_LISTPACK) {
                list(areListpacks ? listpack : ziplist, target);
            } else {
                throw new RdbException("a node of a list that is neither plain nor packed");
            }
        }
    }

    private void list(PackedElements packed, ValueTarget target) throws RdbException {
        open(packed);
        while (packed.next(element)) {
            isEmpty = false;
            target.element(element);
        }
    }

    private void set(PackedElements packed, ValueTarget target) throws RdbException {
        open(packed);
        target.begin(Record.SET, 0);
        while (packed.next(element)) {
            isEmpty = false;
            target.member(element, ValueTarget.NO_EXPIRY);
        }
    }

    private void sortedSet(PackedElements packed, ValueTarget target) throws RdbException {
        open(packed);
        target.begin(Record.SORTED_SET, 0);
        while (packed.next(element)) {
            require(packed.next(other));
            isEmpty = false;
            target.scored(element, number(Scores.of(other)), ValueTarget.NO_EXPIRY);
        }
    }

    private void hash(PackedElements packed, ValueTarget target) throws RdbException {
        open(packed);
        target.begin(Record.HASH, 0);
        while (packed.next(element)) {
            require(packed.next(other));
            isEmpty = false;
            target.field(element, other, ValueTarget.NO_EXPIRY);
        }
    }

    private void expiringHash(ValueTarget target) throws RdbException {
        open(listpack);
        target.begin(Record.HASH, 0);
        while (listpack.next(element)) {
            require(listpack.next(other) && listpack.next(third) && third.isInteger());
            isEmpty = false;
            long expiry = third.integer();
            target.field(element, other, expiry == 0 ? ValueTarget.NO_EXPIRY : time(expiry));
        }
    }

    private void open(PackedElements packed) throws RdbException {
        Element piece = complete(first.read(in));
        require(!piece.isInteger());
        packed.open(piece.address(), piece.length());
    }

    private static long time(long unixMillis) throws RdbException {
        if (unixMillis < 0) {
            throw new RdbException("a damaged expiry of a field");
        }
        return unixMillis;
    }

    private static double number(double score) throws RdbException {
        if (Double.isNaN(score)) {
            throw new RdbException("Zset with NAN score detected");
        }
        return score;
    }

    private long count() throws RdbException {
        long count = in.length();
        if (!in.isWhole() || count < 0) {
            throw new RdbException("a damaged count");
        }
        return count;
    }

    private Element complete(Element read) throws RdbException {
        if (!in.isWhole()) {
            throw new RdbException("a value that ends too early");
        }
        return read;
    }

    private void requireBytes(int bytes) throws RdbException {
        if (!in.has(bytes)) {
            throw new RdbException("a value that ends too early");
        }
    }

    private static void require(boolean holds) throws RdbException {
        if (!holds) {
            throw new RdbException("a damaged packed value");
        }
    }

    /** Makes the value in a record of the holder; see {@link RdbEntry#build}. */
    boolean build(int type, long address, long length, Holder holder) throws RdbException {
        return decode(type, address, length, builder.on(holder));
    }

    @Override
    public void close() {
        builder.close();
        stream.close();
        first.close();
        second.close();
    }
}
