package io.keydb.server.command;

import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.structure.Record;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What the running unit has changed: its keys, whole databases, and how many changes there were.
 * The keys matter on an active node only.
 *
 * <p>Threads: confined to the thread that runs the unit.
 */
final class Commits {
    private final boolean stamped;
    private final TouchedKeys touchedByScript;
    private Key[] keys = new Key[4];
    private Database[] databases = new Database[4];
    private int count;
    private long changes;
    private long flushesOfNothing;
    private final BitSet flushedDatabases = new BitSet();
    private Database onlyDatabase;
    private Key onlyKey;
    private boolean byScript;
    private boolean untold;

    Commits(Keyspace keyspace) {
        onlyDatabase = keyspace.database(0);
        onlyKey = new Key();
        stamped = keyspace.isStamped();
        touchedByScript = new TouchedKeys(keyspace);
    }

    void clear() {
        touchedByScript.clear();
        count = 0;
        changes = 0;
        flushesOfNothing = 0;
        flushedDatabases.clear();
    }

    /** Number of changes, as INFO's rdb_changes_since_last_save counts them. */
    long counted() {
        return changes - flushesOfNothing;
    }

    /** Number of changes that are told, the removal of all keys where there are none included. */
    long changes() {
        return changes;
    }

    /** Whether a script runs, whose keys are to be copied. */
    void byScript(boolean yes) {
        byScript = yes;
    }

    /** Whether what changes is not told to anybody. */
    void untold(boolean yes) {
        untold = yes;
    }

    void touched(Database database, Key key) {
        touched(database, key, 1);
    }

    void touched(Database database, Key key, long newChanges) {
        changes += newChanges;
        if (!stamped) {
            return;
        }
        if (byScript) {
            if (!untold) {
                touchedByScript.add(database, key);
            }
            return;
        }
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, count * 2);
            databases = Arrays.copyOf(databases, count * 2);
        }
        keys[count] = key;
        databases[count++] = database;
    }

    void changedBesidesKeys() {
        changes++;
    }

    void swapped() {
        changes++;
    }

    void flushed(int database, long removed) {
        changes += Math.max(1, removed);
        flushesOfNothing += removed == 0 ? 1 : 0;
        if (!untold) {
            flushedDatabases.set(database);
        }
    }

    /**
     * Stamps everything that was changed and writes its resulting state as the unit's effects: what
     * an active node tells its peers.
     */
    void writeStates(Keyspace keyspace, Effects effects, StateForm form, long stamp, int origin) {
        effects.restart();
        for (int i = flushedDatabases.nextSetBit(0);
                i >= 0;
                i = flushedDatabases.nextSetBit(i + 1)) {
            keyspace.database(i).flushed(stamp, origin);
            effects.command(i, 1).argument(StateEffects.FLUSHDB);
        }
        for (int i = 0; i < count; i++) {
            if (!touchedLater(i)) {
                databases[i].stamp(keys[i], stamp, origin);
                StateEffects.write(effects, databases[i], keys[i], form);
            }
        }
        touchedByScript.forEach(
                (database, key) -> {
                    database.stamp(key, stamp, origin);
                    StateEffects.write(effects, database, key, form);
                });
        effects.transaction(effects.commands() > 1);
    }

    /**
     * Stamps the one key that was changed and leaves the effects as they are, as a delta for peers;
     * false, and nothing is done, when the state must be told as a whole.
     */
    boolean writeDelta(Effects effects, DeltaRule rule, long stamp, int origin) {
        if (effects.commands() == 0 || !flushedDatabases.isEmpty() || !findOnlyKey()) {
            return false;
        }
        Database database = onlyDatabase;
        Key key = onlyKey;
        long record = database.stored(key);
        // A new record has no stamp yet. Deltas follow a state that this node told as a whole.
        if (record == 0
                || Record.stamp(record) == 0
                || Record.origin(record) != origin
                || !rule.suits(record)
                || !DeltaRule.areTimeless(effects)
                || !areAllFor(effects, database)) {
            return false;
        }
        effects.transaction(effects.commands() > 1);
        effects.basedOn(key, Record.stamp(record));
        database.stamp(key, stamp, origin);
        return true;
    }

    /** Finds the one key that was changed; false when there are more, or none. */
    private boolean findOnlyKey() {
        if (count + touchedByScript.count() == 0 || (count > 0 && touchedByScript.count() > 0)) {
            return false;
        }
        if (count == 0) {
            touchedByScript.forEach(this::only);
            return touchedByScript.count() == 1;
        }
        only(databases[0], keys[0]);
        for (int i = 1; i < count; i++) {
            if (databases[i] != onlyDatabase || !keys[i].sameAs(onlyKey)) {
                return false;
            }
        }
        return true;
    }

    private void only(Database database, Key key) {
        onlyDatabase = database;
        onlyKey = key;
    }

    private static boolean areAllFor(Effects effects, Database database) {
        for (int i = 0; i < effects.commands(); i++) {
            if (effects.database(i) != database.index()) {
                return false;
            }
        }
        return true;
    }

    private boolean touchedLater(int i) {
        if (count - i > 64) {
            return false;
        }
        for (int j = i + 1; j < count; j++) {
            if (databases[j] == databases[i] && keys[j].sameAs(keys[i])) {
                return true;
            }
        }
        return false;
    }
}
