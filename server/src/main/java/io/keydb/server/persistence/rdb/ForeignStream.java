package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Allocator;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.value.Element;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.Stream;
import io.keydb.server.value.stream.StreamCursor;
import io.keydb.server.value.stream.StreamId;
import io.keydb.server.value.stream.StreamListpack;

/**
 * A stream as it lies in an RDB.
 *
 * <pre>
 *   n   { id of the node (string of 16 bytes), listpack (string) }
 *   number of entries, id given last   [ id of the first, greatest deleted id, entries ever added ]
 *   n   { name of the group, id delivered last, [ entries read ]
 *         n { id (16), delivered when (8), how often }
 *         n { name of the consumer, seen when (8), { active when (8) }
 *             n { id (16) } } }
 *
 *   [ ] since 7.0   { } since 7.2; ids in the numbers are two lengths, in 16 bytes big-endian
 * </pre>
 *
 * <p>Pending entries name their consumer only in its own list; meanwhile they wait in a buffer,
 * sorted by id as they come.
 *
 * <p>Threads: confined to the reader.
 */
final class ForeignStream implements AutoCloseable {
    private static final int ID_BYTES = 16;
    private static final int WAITING_BYTES = 40;
    private static final int TIME = 16;
    private static final int TIMES = 24;
    private static final int OWNED = 32;

    private final RdbStrings strings;
    private final RdbCursor in;
    private final OffHeapBuffer waiting;
    private final OffHeapBuffer name;
    private final StreamId id = new StreamId();
    private final StreamCursor cursor = new StreamCursor();
    private final Pending pending = new Pending();
    private Allocator allocator;
    private int type;

    @SuppressWarnings("NullAway.Init") // set before anything is built
    ForeignStream(Pages pages, RdbStrings strings, RdbCursor in) {
        this.strings = strings;
        this.in = in;
        this.waiting = new OffHeapBuffer(pages);
        this.name = new OffHeapBuffer(pages);
    }

    /** The stream of that type at the cursor. */
    ForeignStream of(int newType) {
        type = newType;
        return this;
    }

    /** Makes the stream; gives its root. When it is damaged, nothing is left of it. */
    long build(Allocator newAllocator) throws RdbException {
        allocator = newAllocator;
        long root = Stream.create(allocator);
        boolean complete = false;
        try {
            nodes(root);
            numbers(root);
            long groups = count();
            for (long i = 0; i < groups; i++) {
                group(root);
            }
            complete = true;
        } finally {
            if (!complete) {
                Stream.free(allocator, root, Long.MAX_VALUE);
            }
        }
        return root;
    }

    private void nodes(long root) throws RdbException {
        long nodes = count();
        for (long i = 0; i < nodes; i++) {
            Element key = text(ID_BYTES);
            id.set(bigEndian(key.address()), bigEndian(key.address() + 8));
            Element listpack = complete(strings.read(in));
            require(!listpack.isInteger());
            require(StreamListpack.add(allocator, root, id, listpack.address(), listpack.length()));
        }
    }

    private void numbers(long root) throws RdbException {
        long length = in.length();
        id(id);
        Stream.setLastId(root, id);
        if (type == RdbFormat.TYPE_STREAM) {
            require(loaded(root, length));
            Stream.setAdded(root, length);
            return;
        }
        id(id);
        StreamId deleted = new StreamId();
        id(deleted);
        Stream.setGreatestDeletedId(root, deleted);
        Stream.setAdded(root, in.length());
        require(loaded(root, length));
    }

    private boolean loaded(long root, long length) throws RdbException {
        require(in.isWhole());
        return Stream.loaded(root, length, cursor);
    }

    private void group(long root) throws RdbException {
        long group = newGroup(root, complete(strings.read(in)));
        id(id);
        ConsumerGroup.setLast(group, id);
        if (type == RdbFormat.TYPE_STREAM) {
            ConsumerGroup.setRead(group, Stream.distanceFromStart(root, id));
        } else {
            ConsumerGroup.setRead(group, in.length());
        }
        awaitOwners();
        long consumers = count();
        for (long i = 0; i < consumers; i++) {
            consumer(group);
        }
        for (long at = 0; at < waiting.length(); at += WAITING_BYTES) {
            require(Memory.getLong(waiting.address() + at + OWNED) != 0);
        }
    }

    private long newGroup(long root, Element text) throws RdbException {
        long address = address(text);
        require(ConsumerGroup.find(root, address, text.length()) == 0);
        id.set(0, 0);
        return ConsumerGroup.create(allocator, root, address, text.length(), id);
    }

    private long newConsumer(long group, Element text) throws RdbException {
        long address = address(text);
        require(Consumer.find(group, address, text.length()) == 0);
        return Consumer.create(allocator, group, address, text.length(), 0);
    }

    private long address(Element text) {
        if (!text.isInteger()) {
            return text.address();
        }
        name.clear();
        text.copyTo(name.reserve(text.length()));
        return name.address();
    }

    /** Reads what is pending in a group. */
    private void awaitOwners() throws RdbException {
        waiting.clear();
        long count = count();
        long millis = 0;
        long sequence = 0;
        for (long i = 0; i < count; i++) {
            rawId(id);
            require(i == 0 || StreamId.compare(millis, sequence, id.millis(), id.sequence()) < 0);
            millis = id.millis();
            sequence = id.sequence();
            requireBytes(8);
            waiting.appendLong(millis);
            waiting.appendLong(sequence);
            waiting.appendLong(in.littleEndian(8));
            waiting.appendLong(in.length());
            waiting.appendLong(0);
        }
        require(in.isWhole());
    }

    private void consumer(long group) throws RdbException {
        long consumer = newConsumer(group, complete(strings.read(in)));
        requireBytes(8);
        long seen = in.littleEndian(8);
        Consumer.setSeen(consumer, seen);
        if (type == RdbFormat.TYPE_STREAM_3) {
            requireBytes(8);
            Consumer.setActive(consumer, in.littleEndian(8));
        } else {
            Consumer.setActive(consumer, seen);
        }
        long owned = count();
        for (long i = 0; i < owned; i++) {
            rawId(id);
            long item = find(id);
            require(item != 0 && Memory.getLong(item + OWNED) == 0);
            Memory.putLong(item + OWNED, 1);
            pending.add(allocator, group, consumer, id.millis(), id.sequence());
            pending.deliver(Memory.getLong(item + TIME), Memory.getLong(item + TIMES));
        }
    }

    private long find(StreamId sought) {
        long low = 0;
        long high = waiting.length() / WAITING_BYTES - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            long item = waiting.address() + middle * WAITING_BYTES;
            int order =
                    StreamId.compare(
                            Memory.getLong(item),
                            Memory.getLong(item + 8),
                            sought.millis(),
                            sought.sequence());
            if (order == 0) {
                return item;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return 0;
    }

    private void id(StreamId out) throws RdbException {
        long millis = in.length();
        out.set(millis, in.isWhole() ? in.length() : 0);
        require(in.isWhole());
    }

    private void rawId(StreamId out) throws RdbException {
        requireBytes(ID_BYTES);
        out.set(bigEndian(in.address()), bigEndian(in.address() + 8));
        in.skip(ID_BYTES);
    }

    private static long bigEndian(long address) {
        return Long.reverseBytes(Memory.getLong(address));
    }

    private Element text(int length) throws RdbException {
        Element read = complete(strings.read(in));
        require(!read.isInteger() && read.length() == length);
        return read;
    }

    private long count() throws RdbException {
        long count = in.isWhole() ? in.length() : 0;
        require(in.isWhole() && count >= 0);
        return count;
    }

    private Element complete(Element read) throws RdbException {
        require(in.isWhole());
        return read;
    }

    private void requireBytes(int bytes) throws RdbException {
        require(in.has(bytes));
    }

    private static void require(boolean holds) throws RdbException {
        if (!holds) {
            throw new RdbException("a damaged stream");
        }
    }

    @Override
    public void close() {
        waiting.close();
        name.close();
    }
}
