package io.keydb.server.keyspace.snapshot;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.structure.Record;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A fingerprint of all data: equal on nodes that hold the same keys with the same values, whatever
 * their stamps, tombstones, encodings and order in memory, and equal to that of a stock server with
 * these data. Of an expiry only that there is one is part of it; keys and members whose time has
 * come do not count. No keys give 40 zeros.
 *
 * <p>Threads: confined to one thread.
 */
public final class Digest implements SnapshotSink {
    private final long nowMillis;
    private final ContentDigest contents = new ContentDigest();
    private final byte[] sum = new byte[ContentDigest.BYTES];
    private final byte[] ofKey = new byte[ContentDigest.BYTES];
    private int database;
    private boolean isDatabaseMixed;

    private Digest(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** The fingerprint of the data at this instant: 40 hexadecimal digits. */
    public static String of(Keyspace keyspace, Snapshots snapshots) throws IOException {
        Digest digest = new Digest(keyspace.clock().millis());
        try (Snapshot snapshot = snapshots.begin(() -> {})) {
            snapshot.walk(digest);
        }
        return HexFormat.of().formatHex(digest.sum);
    }

    /** The fingerprint of the value of one key, zeros when there is none; its lock is held. */
    public static String of(Database database, Key key) {
        byte[] ofValue = new byte[ContentDigest.BYTES];
        long record = database.peek(key);
        if (record != 0) {
            new ContentDigest().value(ofValue, record, database.keyspace().clock().millis());
        }
        return HexFormat.of().formatHex(ofValue);
    }

    @Override
    public void database(int index, long keys, long expiringKeys) {
        database = index;
        isDatabaseMixed = false;
    }

    @Override
    public void record(long record) {
        if (Record.hasExpiry(record) && Record.expiry(record) < nowMillis) {
            return;
        }
        Arrays.fill(ofKey, (byte) 0);
        contents.mix(ofKey, Record.keyAddress(record), Record.keyLength(record));
        if (!contents.value(ofKey, record, nowMillis)) {
            return;
        }
        if (!isDatabaseMixed) {
            isDatabaseMixed = true;
            contents.mix(sum, ContentDigest.bigEndian(database));
        }
        contents.add(sum, ofKey);
    }

    @Override
    public void sliceEnded() {}
}
