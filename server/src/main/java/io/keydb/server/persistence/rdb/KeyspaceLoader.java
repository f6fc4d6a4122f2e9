package io.keydb.server.persistence.rdb;

import io.keydb.server.command.CommandError;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the data of an RDB into a keyspace, key by key, each under its own lock for a moment.
 *
 * <p>Threads: confined to the thread that feeds the reader.
 */
public final class KeyspaceLoader implements RdbVisitor {
    private static final Logger LOG = LoggerFactory.getLogger(KeyspaceLoader.class);

    private final Keyspace keyspace;
    private final Rules rules;
    private final Key key = new Key();
    private Database database;
    private int streamDatabase;
    private long keys;
    private long expiredKeys;
    private long emptyKeys;
    private long stamp;
    private int origin;
    private boolean isComplete;
    private final FunctionStore functions;
    private final List<byte[]> codes = new ArrayList<>();
    private ExpiryListener expiries = (where, keyAddress, keyLength) -> {};

    /** Is told of keys that are left out because their time had come. */
    public interface ExpiryListener {
        void expired(int database, long keyAddress, int keyLength);
    }

    /**
     * What is done about keys that should not come.
     *
     * @param dropsBefore keys that expire before this moment are left out; 0: none are
     * @param replaces whether a key that is there already is replaced; otherwise it is damage
     */
    public record Rules(long dropsBefore, boolean replaces) {
        /** Every key is taken: what a replica does, which waits to be told of expired keys. */
        public static final Rules TAKE_ALL = new Rules(0, true);
    }

    /**
     * @param functions gets the functions of the snapshot when all of it was read: in place of
     *     those it has when every key is taken, else besides them
     */
    public KeyspaceLoader(Keyspace keyspace, Rules rules, FunctionStore functions) {
        this.functions = functions;
        this.keyspace = keyspace;
        this.rules = rules;
        this.database = keyspace.database(0);
    }

    /** Has somebody told of keys that are left out. */
    public void onExpired(ExpiryListener listener) {
        expiries = listener;
    }

    /** The database in which the commands behind the snapshot begin. */
    public int streamDatabase() {
        return streamDatabase;
    }

    public long keys() {
        return keys;
    }

    /** Keys that were left out because their time had come. */
    public long expiredKeys() {
        return expiredKeys;
    }

    public boolean isComplete() {
        return isComplete;
    }

    @Override
    public void auxiliary(String name, byte[] value) throws RdbException {
        switch (name) {
            case AuxiliaryField.STREAM_DATABASE -> streamDatabase = checked(number(name, value));
            case AuxiliaryField.LOCAL_STAMP -> stamp = number(name, value);
            case AuxiliaryField.LOCAL_ORIGIN -> origin = (int) number(name, value);
            default -> {}
        }
    }

    private static long number(String name, byte[] value) throws RdbException {
        try {
            return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
        } catch (NumberFormatException malformed) {
            throw new RdbException("a malformed " + name);
        }
    }

    @Override
    public void database(long index) throws RdbException {
        database = keyspace.database(checked(index));
    }

    private int checked(long index) throws RdbException {
        if (index < 0 || index >= keyspace.databases()) {
            throw new RdbException(
                    "database " + index + ", but this server has only " + keyspace.databases());
        }
        return (int) index;
    }

    @Override
    public void entry(RdbEntry entry) throws RdbException {
        if (entry.hasExpiry() && entry.expiryMillis() < rules.dropsBefore()) {
            expiredKeys++;
            expiries.expired(database.index(), entry.keyAddress(), entry.keyLength());
            return;
        }
        key.set(entry.keyAddress(), entry.keyLength());
        if (put(entry)) {
            keys++;
        } else {
            emptyKeys++;
            byte[] name = Memory.bytes(entry.keyAddress(), entry.keyLength());
            LOG.info("skipping empty key: {}", new String(name, StandardCharsets.UTF_8));
        }
    }

    /** Adds the key; false when it holds nothing. */
    private boolean put(RdbEntry entry) throws RdbException {
        Partition partition = keyspace.partitionOf(key);
        partition.lock();
        try (Draft draft = draft(entry)) {
            if (!rules.replaces() && database.stored(key) != 0) {
                throw new RdbException("a key that comes twice or is there already");
            }
            // A stock server skips keys that hold nothing, too.
            if (!entry.build(draft)) {
                return false;
            }
            if (keyspace.isStamped()) {
                Record.setStamp(draft.record(), stamp, origin);
            }
            draft.publish();
            keyspace.accesses()
                    .restore(database.stored(key), entry.idleSeconds(), entry.frequency());
            return true;
        } finally {
            partition.unlock();
        }
    }

    private Draft draft(RdbEntry entry) {
        return entry.hasExpiry()
                ? new Draft(database, key, entry.expiryMillis())
                : new Draft(database, key);
    }

    @Override
    public void function(byte[] code) {
        codes.add(code);
    }

    @Override
    public void end() throws RdbException {
        keyspace.lock(keyspace.allPartitions());
        try {
            if (rules == Rules.TAKE_ALL) {
                functions.replace(codes);
            } else {
                functions.add(codes, rules.replaces());
            }
        } catch (CommandError wrong) {
            throw new RdbException(new String(wrong.text(), StandardCharsets.UTF_8));
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
        isComplete = true;
        if (emptyKeys > 0) {
            LOG.info("Done loading RDB, empty keys skipped: {}", emptyKeys);
        }
    }
}
