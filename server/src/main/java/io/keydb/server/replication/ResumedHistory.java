package io.keydb.server.replication;

import io.keydb.server.persistence.rdb.AuxiliaryField;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbEntry;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbVisitor;
import java.nio.charset.StandardCharsets;

/**
 * Loads a dump file and goes on with the history that it is of: so replicas, or this one itself,
 * need not sync again after a restart.
 *
 * <p>The history is taken up before the first key, as keys that have expired meanwhile are told to
 * those who continue it.
 *
 * <p>Threads: confined to the thread that loads.
 */
final class ResumedHistory implements RdbVisitor {
    private final KeyspaceLoader loader;
    private final Taker taker;
    private String id = "";
    private long offset = -1;
    private boolean isTaken;

    /** Takes the history up. */
    interface Taker {
        void resume(String id, long offset, int streamDatabase);
    }

    ResumedHistory(KeyspaceLoader loader, Taker taker) {
        this.loader = loader;
        this.taker = taker;
    }

    @Override
    public void auxiliary(String name, byte[] value) throws RdbException {
        String text = new String(value, StandardCharsets.US_ASCII);
        if (name.equals(AuxiliaryField.REPLICATION_ID)) {
            id = text;
        } else if (name.equals(AuxiliaryField.REPLICATION_OFFSET)) {
            offset = number(text);
        }
        loader.auxiliary(name, value);
    }

    private static long number(String text) throws RdbException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException malformed) {
            throw new RdbException("a malformed " + AuxiliaryField.REPLICATION_OFFSET);
        }
    }

    private void take() {
        if (!isTaken && id.length() == 40 && offset >= 0 && loader.streamDatabase() >= 0) {
            taker.resume(id, offset, loader.streamDatabase());
        }
        isTaken = true;
    }

    @Override
    public void database(long index) throws RdbException {
        take();
        loader.database(index);
    }

    @Override
    public void entry(RdbEntry entry) throws RdbException {
        take();
        loader.entry(entry);
    }

    @Override
    public void function(byte[] code) {
        loader.function(code);
    }

    @Override
    public void end() throws RdbException {
        take();
        loader.end();
    }
}
