package io.keydb.server.replication;

import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;

/**
 * Loads a snapshot as it comes: for a node that has no data to lose.
 *
 * <p>Threads: confined to the link's event loop.
 */
final class StraightReceiver implements SyncReceiver {
    private final KeyspaceLoader visitor;
    private final RdbReader reader;
    private final SyncFraming framing;
    private long receivedBytes;
    private boolean isComplete;

    StraightReceiver(SyncFraming framing, Keyspace keyspace, FunctionStore functions) {
        this.framing = framing;
        this.visitor = new KeyspaceLoader(keyspace, KeyspaceLoader.Rules.TAKE_ALL, functions);
        this.reader = new RdbReader(keyspace.pages(), visitor, LONGEST_STRING);
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public long totalBytes() {
        return framing.totalBytes();
    }

    @Override
    public KeyspaceLoader loaded() {
        return visitor;
    }

    @Override
    public boolean isComplete() {
        return isComplete;
    }

    @Override
    public boolean isLoading() {
        return !isComplete;
    }

    @Override
    public boolean goesOnAlone() {
        return false;
    }

    @Override
    public boolean takesMore() {
        return true;
    }

    @Override
    public int take(long address, int length) throws PeerProtocolException {
        int taken = 0;
        if (!reader.isDone()) {
            try {
                taken = (int) reader.feed(address, length);
            } catch (RdbException refused) {
                throw new PeerProtocolException(
                        "it sent a snapshot that cannot be loaded: " + refused.getMessage());
            }
            receivedBytes += taken;
        }
        if (reader.isDone()) {
            if (framing.isMarked()) {
                taken += takeMark(address + taken, length - taken);
            } else if (receivedBytes != framing.announcedBytes()) {
                throw new PeerProtocolException("its snapshot has not the announced length");
            } else {
                isComplete = true;
            }
        }
        return taken;
    }

    private int takeMark(long address, int length) throws PeerProtocolException {
        if (length < SyncFraming.MARK_LENGTH) {
            return 0;
        }
        if (!framing.isMark(Memory.bytes(address, SyncFraming.MARK_LENGTH))) {
            throw new PeerProtocolException("its snapshot does not end with the announced mark");
        }
        isComplete = true;
        return SyncFraming.MARK_LENGTH;
    }

    @Override
    public void cancel() {
        // it ends with the connection
    }

    @Override
    public boolean awaitEnd(long millis) {
        return true; // it has no thread
    }

    @Override
    public void close() {
        reader.close();
    }
}
