package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.NativeHeap;
import io.keydb.server.structure.TreePath;
import io.keydb.server.value.stream.Consumer;
import io.keydb.server.value.stream.ConsumerGroup;
import io.keydb.server.value.stream.Pending;
import io.keydb.server.value.stream.Stream;
import io.keydb.server.value.stream.StreamId;
import io.keydb.server.value.stream.StreamListpack;
import java.io.IOException;

/**
 * Writes a stream; {@link ForeignStream} draws the form.
 *
 * <p>Threads: confined to the writer; the lock of the stream's partition is held.
 */
final class StreamWriter {
    private static final int ID_BYTES = 16;

    private final RdbWriter out;
    private final long root;
    private final StreamId id = new StreamId();
    private final Pending pending = new Pending();

    StreamWriter(RdbWriter out, long root) {
        this.out = out;
        this.root = root;
    }

    void write() throws IOException {
        nodes();
        out.length(Stream.length(root));
        id(Stream.lastId(root, id));
        id(Stream.firstId(root, id));
        id(Stream.greatestDeletedId(root, id));
        out.length(Stream.added(root));
        int groups = ConsumerGroup.count(root);
        out.length(groups);
        for (int i = 0; i < groups; i++) {
            group(ConsumerGroup.at(root, i));
        }
    }

    private void nodes() throws IOException {
        out.length(Stream.nodes(root));
        TreePath path = new TreePath();
        for (long node = Stream.firstNode(root, path); node != 0; node = Stream.nextNode(path)) {
            Stream.nodeId(path, id);
            out.length(ID_BYTES);
            rawId(id.millis(), id.sequence());
            listpack(node);
        }
    }

    private void listpack(long node) throws IOException {
        int bytes = StreamListpack.bytes(node);
        long listpack = NativeHeap.allocate(bytes);
        try {
            StreamListpack.write(node, id, listpack);
            out.string(listpack, bytes);
        } finally {
            NativeHeap.free(listpack, bytes);
        }
    }

    private void group(long group) throws IOException {
        out.string(ConsumerGroup.name(group), ConsumerGroup.nameLength(group));
        id(ConsumerGroup.last(group, id));
        out.length(ConsumerGroup.read(group));
        out.length(ConsumerGroup.pending(group));
        for (boolean more = pending.seek(group, 0, 0, 0); more; more = pending.next()) {
            rawId(pending.millis(), pending.sequence());
            out.littleEndian(pending.time(), 8);
            out.length(pending.times());
        }
        int consumers = Consumer.count(group);
        out.length(consumers);
        for (int i = 0; i < consumers; i++) {
            consumer(group, Consumer.at(group, i));
        }
    }

    private void consumer(long group, long consumer) throws IOException {
        out.string(Consumer.name(consumer), Consumer.nameLength(consumer));
        out.littleEndian(Consumer.seen(consumer), 8);
        out.length(Consumer.pending(consumer));
        for (boolean more = pending.seek(group, consumer, 0, 0); more; more = pending.next()) {
            rawId(pending.millis(), pending.sequence());
        }
    }

    private void id(StreamId written) throws IOException {
        out.length(written.millis());
        out.length(written.sequence());
    }

    private void rawId(long millis, long sequence) throws IOException {
        out.littleEndian(Long.reverseBytes(millis), 8);
        out.littleEndian(Long.reverseBytes(sequence), 8);
    }
}
