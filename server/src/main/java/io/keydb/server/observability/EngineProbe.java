package io.keydb.server.observability;

import io.keydb.server.client.Client;
import io.keydb.server.command.Call;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.keyspace.ActiveExpiry;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.keyspace.snapshot.Digest;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What DEBUG does to the engine. Keys are added with SET NX through the dispatcher, so they reach
 * the log and the peers as any other write does.
 *
 * <p>Threads: safe, because populating holds the monitor.
 */
public final class EngineProbe implements DebugCommands.Probe {
    private static final int INTERNAL_CLIENT = 0;
    private static final byte[] SET = ascii("SET");
    private static final byte[] IF_ABSENT = ascii("NX");

    private final Dispatcher dispatcher;
    private final Keyspace keyspace;
    private final ActiveExpiry activeExpiry;
    private final Contents contents;
    private final Call call;

    /** What subsystems know about the data. */
    public interface Contents {
        /** The digest of all data. */
        String digest();

        /** See {@link DebugCommands.Probe#replicate}. */
        void replicate(List<byte[]> words);

        /** See {@link DebugCommands.Probe#changeReplicationId}. */
        void changeReplicationId();

        /** See {@link DebugCommands.Probe#pauseCron}. */
        void pauseCron(boolean paused);

        /** See {@link DebugCommands.Probe#scriptsMayCallAll}. */
        void scriptsMayCallAll(boolean yes);

        /** See {@link DebugCommands.Probe#checksumMatters}. */
        void checksumMatters(boolean matters);

        /** See {@link DebugCommands.Probe#failSaves}. */
        void failSaves();

        /** See {@link DebugCommands.Probe#delayAppending}. */
        void delayAppending(long micros);

        /** See {@link DebugCommands.Probe#reload}. */
        void reload(boolean saves, boolean flushes, boolean merges) throws IOException;

        /** See {@link DebugCommands.Probe#loadAppendOnly}. */
        void loadAppendOnly() throws IOException;

        /** Bytes of the value of this record in the RDB format. */
        long serializedLength(long record);
    }

    public EngineProbe(
            Dispatcher dispatcher,
            Keyspace keyspace,
            ActiveExpiry activeExpiry,
            Contents contents) {
        this.dispatcher = dispatcher;
        this.keyspace = keyspace;
        this.activeExpiry = activeExpiry;
        this.contents = contents;
        this.call = dispatcher.newCall();
    }

    @Override
    public synchronized void populate(int database, byte[] prefix, long count, int valueBytes) {
        Client client = new Client(INTERNAL_CLIENT, null, keyspace.database(database), 0);
        client.trust();
        try (Request request = new Request();
                NativeReplySpace space = new NativeReplySpace();
                OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            ReplyWriter reply = new ReplyWriter(space);
            reply.discarding(true);
            for (long i = 0; i < count; i++) {
                byte[] key = joined(prefix, ascii(":" + i));
                byte[] text = ascii("value:" + i);
                byte[] value = valueBytes == 0 ? text : Arrays.copyOf(text, valueBytes);
                put(bytes, request, SET, key, value, IF_ABSENT);
                dispatcher.run(call, client, request, reply);
            }
        }
    }

    private static void put(OffHeapBuffer bytes, Request request, byte[]... arguments) {
        bytes.clear();
        for (byte[] argument : arguments) {
            bytes.append(argument);
        }
        request.clear();
        long address = bytes.address();
        for (byte[] argument : arguments) {
            request.add(address, argument.length);
            address += argument.length;
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    @Override
    public void activeExpiry(boolean on) {
        activeExpiry.enabled(on);
    }

    @Override
    public void listLeafBytes(long bytes) {
        keyspace.limits().listLeafBytes(bytes);
    }

    @Override
    public String digest() {
        return contents.digest();
    }

    @Override
    public String digest(int database, byte[] name) {
        return locked(name, key -> Digest.of(keyspace.database(database), key));
    }

    @Override
    public @Nullable String describe(int database, byte[] name) {
        return locked(name, key -> describe(keyspace.database(database).stored(key)));
    }

    private @Nullable String describe(long record) {
        if (record == 0) {
            return null;
        }
        return "Value at:0x"
                + Long.toHexString(record)
                + " refcount:1 encoding:"
                + Values.encodingName(record)
                + " serializedlength:"
                + contents.serializedLength(record)
                + " lru:"
                + Record.access(record)
                + " lru_seconds_idle:"
                + keyspace.accesses().idleMillis(record) / 1000;
    }

    private <T extends @Nullable Object> T locked(byte[] name, Function<Key, T> question) {
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            Key key = kept.keep(name);
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                return question.apply(key);
            } finally {
                partition.unlock();
            }
        }
    }

    @Override
    public void replicate(List<byte[]> words) {
        contents.replicate(words);
    }

    @Override
    public void changeReplicationId() {
        contents.changeReplicationId();
    }

    @Override
    public void pauseCron(boolean paused) {
        contents.pauseCron(paused);
    }

    @Override
    public void scriptsMayCallAll(boolean yes) {
        contents.scriptsMayCallAll(yes);
    }

    @Override
    public void checksumMatters(boolean matters) {
        contents.checksumMatters(matters);
    }

    @Override
    public void failSaves() {
        contents.failSaves();
    }

    @Override
    public void delayAppending(long micros) {
        contents.delayAppending(micros);
    }

    @Override
    public void reload(boolean saves, boolean flushes, boolean merges) throws IOException {
        contents.reload(saves, flushes, merges);
    }

    @Override
    public void loadAppendOnly() throws IOException {
        contents.loadAppendOnly();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
