package io.keydb.server.persistence.aof;

import io.keydb.server.keyspace.snapshot.SnapshotSink;
import io.keydb.server.memory.DecimalText;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.persistence.rdb.RdbSink;
import io.keydb.server.structure.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a base of commands: for each key a RESTORE with its value as DUMP gives it, for each
 * library of functions a FUNCTION LOAD.
 *
 * <p>Threads: confined to the thread that walks the snapshot.
 */
public final class CommandWriter implements SnapshotSink, AutoCloseable {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] SELECT = ascii("SELECT");
    private static final byte[] RESTORE = ascii("RESTORE");
    private static final byte[] ABSTTL = ascii("ABSTTL");
    private static final byte[] FUNCTION = ascii("FUNCTION");
    private static final byte[] LOAD = ascii("LOAD");

    private final RdbSink sink;
    private final OffHeapBuffer staged;
    private final OffHeapBuffer payload;

    public CommandWriter(RdbSink sink, Pages pages) {
        this.sink = sink;
        this.staged = new OffHeapBuffer(pages);
        this.payload = new OffHeapBuffer(pages);
    }

    /** Adds a library of functions. */
    public void function(byte[] code) {
        header('*', 3);
        argument(FUNCTION);
        argument(LOAD);
        argument(code);
    }

    @Override
    public void database(int index, long keys, long expiringKeys) {
        header('*', 2);
        argument(SELECT);
        argument(index);
    }

    @Override
    public void record(long record) {
        boolean expires = Record.hasExpiry(record);
        payload.clear();
        DumpPayload.write(record, payload);
        header('*', expires ? 5 : 4);
        argument(RESTORE);
        argument(Record.keyAddress(record), Record.keyLength(record));
        argument(expires ? Record.expiry(record) : 0);
        argument(payload.address(), payload.length());
        if (expires) {
            argument(ABSTTL);
        }
    }

    @Override
    public void sliceEnded() throws IOException {
        byte[] bytes = Memory.bytes(staged.address(), Math.toIntExact(staged.length()));
        sink.write(bytes, 0, bytes.length);
        staged.close();
        payload.close();
    }

    private void argument(byte[] bytes) {
        header('$', bytes.length);
        staged.append(bytes);
        staged.append(CRLF);
    }

    private void argument(long address, long length) {
        header('$', length);
        staged.append(address, length);
        staged.append(CRLF);
    }

    private void argument(long number) {
        int digits = DecimalText.length(number);
        header('$', digits);
        DecimalText.write(staged.reserve(digits), number);
        staged.append(CRLF);
    }

    private void header(char kind, long number) {
        staged.appendByte((byte) kind);
        int digits = DecimalText.length(number);
        DecimalText.write(staged.reserve(digits), number);
        staged.append(CRLF);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        staged.close();
        payload.close();
    }
}
