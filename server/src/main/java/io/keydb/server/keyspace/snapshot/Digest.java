package io.keydb.server.keyspace.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.string.StringValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A fingerprint of all data: equal on nodes that hold the same keys with the same values and expiry
 * times, whatever their stamps, tombstones and order in memory.
 *
 * <p>The exclusive or, over all keys, of SHA-1 over database, key, type, value and expiry; keys
 * whose time has come do not count. No keys give 40 zeros, as with stock servers; otherwise the
 * numbers are not those of stock servers.
 *
 * <p>Threads: confined to one thread.
 */
public final class Digest implements SnapshotSink {
    private static final int CHUNK = 8192;

    private final long nowMillis;
    private final MessageDigest sha1;
    private final ByteBuffer header = ByteBuffer.allocate(17);
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] sum = new byte[20];
    private int database;

    private Digest(long nowMillis) {
        this.nowMillis = nowMillis;
        try {
            this.sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** The fingerprint of the data at this instant: 40 hexadecimal digits. */
    public static String of(Keyspace keyspace, Snapshots snapshots) throws IOException {
        Digest digest = new Digest(keyspace.clock().millis());
        try (Snapshot snapshot = snapshots.begin(() -> {})) {
            snapshot.walk(digest);
        }
        return HexFormat.of().formatHex(digest.sum);
    }

    @Override
    public void database(int index, long keys, long expiringKeys) {
        database = index;
    }

    @Override
    public void record(long record) {
        if (Record.hasExpiry(record) && Record.expiry(record) < nowMillis) {
            return;
        }
        sha1.reset();
        header.clear();
        header.putInt(database).putInt(Record.keyLength(record));
        header.put((byte) Record.type(record)).putLong(Record.expiry(record));
        sha1.update(header.array(), 0, header.position());
        update(Record.keyAddress(record), Record.keyLength(record));
        if (StringValue.isInteger(record)) {
            sha1.update(Long.toString(StringValue.integer(record)).getBytes(US_ASCII));
        } else {
            update(StringValue.address(record), StringValue.length(record));
        }
        byte[] hash = sha1.digest();
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= hash[i];
        }
    }

    private void update(long address, long length) {
        for (long at = 0; at < length; at += CHUNK) {
            int part = (int) Math.min(CHUNK, length - at);
            Memory.copyOut(address + at, chunk, 0, part);
            sha1.update(chunk, 0, part);
        }
    }

    @Override
    public void sliceEnded() {}
}
