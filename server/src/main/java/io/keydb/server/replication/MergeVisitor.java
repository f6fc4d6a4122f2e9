package io.keydb.server.replication;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.log.HybridClock;
import io.keydb.server.log.Origin;
import io.keydb.server.log.Origins;
import io.keydb.server.log.VersionVector;
import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.RdbEntry;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbVisitor;
import io.keydb.server.replication.LastWriteWins.Change;
import java.nio.charset.StandardCharsets;

/**
 * Merges the snapshot of another active node into the live keyspace, key by key, each under its own
 * lock for a moment. Nothing is refused or hidden meanwhile: before, during and after, every key
 * has the latest state that has arrived.
 *
 * <p>Threads: confined to the link's event loop.
 */
final class MergeVisitor implements RdbVisitor, AutoCloseable {
    private static final int OWN = 0;

    private final UnitApplier.Shared shared;
    private final Keyspace keyspace;
    private final LastWriteWins rule;
    private final HybridClock clock;
    private final Origins origins;
    private final KeptKey tombstoneKey;
    private final Key key = new Key();
    private int[] originNumbers = {};
    private int origin = -1;
    private long stamp = -1;
    private VersionVector vector = new VersionVector();
    private Database database;
    private long changedKeys;
    private boolean isComplete;
    private final boolean takesUnstamped;
    private long unstampedKeys;

    MergeVisitor(UnitApplier.Shared shared, HybridClock clock) {
        this(shared, clock, false);
    }

    /**
     * @param takesUnstamped whether keys without a stamp are taken as writes of this node;
     *     otherwise they are an error
     */
    MergeVisitor(UnitApplier.Shared shared, HybridClock clock, boolean takesUnstamped) {
        this.takesUnstamped = takesUnstamped;
        this.shared = shared;
        this.keyspace = shared.keyspace();
        this.rule = shared.rule();
        this.clock = clock;
        this.origins = shared.log().origins();
        this.tombstoneKey = new KeptKey(keyspace.pages());
        this.database = keyspace.database(0);
    }

    /** What the snapshot has. */
    VersionVector vector() {
        return vector;
    }

    /** Keys and tombstones of the snapshot that were taken over. */
    long changedKeys() {
        return changedKeys;
    }

    /** Keys without a stamp, which now have one of this node. */
    long unstampedKeys() {
        return unstampedKeys;
    }

    boolean isComplete() {
        return isComplete;
    }

    @Override
    public void auxiliary(String name, byte[] value) throws RdbException {
        switch (name) {
            case AuxiliaryField.STAMP -> stamp(number(text(value)));
            case AuxiliaryField.ORIGIN -> origin = originNumber(text(value));
            case AuxiliaryField.ORIGINS -> origins(text(value));
            case AuxiliaryField.VECTOR ->
                    vector =
                            VersionVector.parse(text(value))
                                    .orElseThrow(() -> malformed("version vector"));
            case AuxiliaryField.FLUSHED -> flushed(text(value));
            case AuxiliaryField.BEHIND -> behind(text(value));
            case AuxiliaryField.TOMBSTONE -> tombstone(value);
            default -> {}
        }
    }

    @Override
    public void database(long index) throws RdbException {
        if (index < 0 || index >= keyspace.databases()) {
            throw new RdbException(
                    "database "
                            + index
                            + ", but this node has only "
                            + keyspace.databases()
                            + "; linked nodes need the same number of databases");
        }
        database = keyspace.database((int) index);
    }

    @Override
    public void entry(RdbEntry entry) throws RdbException {
        Change change = change();
        key.set(entry.keyAddress(), entry.keyLength());
        Partition partition = keyspace.partitionOf(key);
        partition.lock();
        try {
            if (rule.put(database, key, new EntryState(entry), change)) {
                changedKeys++;
            }
        } finally {
            partition.unlock();
        }
    }

    @Override
    public void end() {
        isComplete = true;
    }

    /** A key of which the other node has not the latest state, so that this one may not either. */
    private void behind(String text) throws RdbException {
        String[] parts = text.split(" ", 3);
        if (parts.length != 3) {
            throw malformed("key that is behind");
        }
        database(number(parts[0]));
        long wantedStamp = number(parts[1]);
        Key missing = tombstoneKey.keep(parts[2].getBytes(StandardCharsets.ISO_8859_1));
        Partition partition = keyspace.partitionOf(missing);
        partition.lock();
        try {
            shared.behind().add(database, missing, wantedStamp);
        } finally {
            partition.unlock();
        }
    }

    private void tombstone(byte[] keyBytes) throws RdbException {
        Change change = change();
        Key deleted = tombstoneKey.keep(keyBytes);
        Partition partition = keyspace.partitionOf(deleted);
        partition.lock();
        try {
            if (rule.delete(database, deleted, change)) {
                changedKeys++;
            }
        } finally {
            partition.unlock();
        }
    }

    private void flushed(String text) throws RdbException {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            throw malformed("flush stamp");
        }
        database(number(parts[0]));
        stamp(number(parts[1]));
        origin = originNumber(parts[2]);
        Change change = change();
        if (rule.isLaterThanFlush(database, change)) {
            rule.flush(database, change);
            changedKeys++;
        }
    }

    private Change change() throws RdbException {
        if (stamp < 0 && takesUnstamped) {
            unstampedKeys++;
            return new Change(clock.next(), OWN);
        }
        if (stamp < 0 || origin < 0) {
            throw new RdbException("a key without a stamp: the other side is not an active node");
        }
        Change change = new Change(stamp, origin);
        stamp = -1;
        return change;
    }

    private void stamp(long value) throws RdbException {
        if (clock.isAbsurd(value)) {
            throw new RdbException("a stamp more than a day ahead: check the clocks");
        }
        clock.observe(value);
        stamp = value;
    }

    private void origins(String text) throws RdbException {
        String[] names = text.split(",", -1);
        originNumbers = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            Origin named =
                    NodeKnowledge.origin(names[i]).orElseThrow(() -> malformed("list of origins"));
            originNumbers[i] = origins.number(named);
        }
    }

    private int originNumber(String text) throws RdbException {
        long index = number(text);
        if (index < 0 || index >= originNumbers.length) {
            throw malformed("index of an origin");
        }
        return originNumbers[(int) index];
    }

    private static long number(String text) throws RdbException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw malformed("number");
        }
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1);
    }

    private static RdbException malformed(String what) {
        return new RdbException("a malformed " + what);
    }

    @Override
    public void close() {
        tombstoneKey.close();
    }
}
