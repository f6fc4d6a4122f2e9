package io.keydb.server.replication;

import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import java.nio.charset.StandardCharsets;

/**
 * Receives the snapshot of a full sync, in either of its two forms:
 *
 * <pre>
 *   $&lt;length&gt; CR LF  rdb
 *   $EOF:&lt;40 bytes&gt; CR LF  rdb  the same 40 bytes
 * </pre>
 *
 * <p>Threads: confined to the link's event loop.
 */
final class SyncReceiver implements AutoCloseable {
    private static final String MARKED = "$EOF:";
    private static final int MARK_LENGTH = 40;
    private static final int LONGEST_STRING = 1 << 30;

    private final KeyspaceLoader visitor;
    private final RdbReader reader;
    private final String mark;
    private final long announcedBytes;
    private long receivedBytes;
    private boolean isComplete;

    private SyncReceiver(
            Keyspace keyspace, FunctionStore functions, String mark, long announcedBytes) {
        this.visitor = new KeyspaceLoader(keyspace, KeyspaceLoader.Rules.TAKE_ALL, functions);
        this.reader = new RdbReader(keyspace.pages(), visitor, LONGEST_STRING);
        this.mark = mark;
        this.announcedBytes = announcedBytes;
    }

    /** Understands the line in front of a snapshot. */
    static SyncReceiver of(Keyspace keyspace, FunctionStore functions, String line)
            throws PeerProtocolException {
        if (line.startsWith(MARKED) && line.length() == MARKED.length() + MARK_LENGTH) {
            return new SyncReceiver(keyspace, functions, line.substring(MARKED.length()), -1);
        }
        if (line.startsWith("$")) {
            try {
                return new SyncReceiver(keyspace, functions, "", Long.parseLong(line.substring(1)));
            } catch (NumberFormatException malformed) {
                throw new PeerProtocolException("it announced a snapshot with: " + line);
            }
        }
        throw new PeerProtocolException("it announced a snapshot with: " + line);
    }

    /** Whether the primary goes on only when it is told that the snapshot has been loaded. */
    boolean isMarked() {
        return !mark.isEmpty();
    }

    long receivedBytes() {
        return receivedBytes;
    }

    /** The announced length, 0 when there was none. */
    long totalBytes() {
        return Math.max(0, announcedBytes);
    }

    KeyspaceLoader loaded() {
        return visitor;
    }

    boolean isComplete() {
        return isComplete;
    }

    /**
     * Takes bytes.
     *
     * @return how many of them belong to the sync
     */
    int take(long address, int length) throws PeerProtocolException {
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
            if (isMarked()) {
                taken += takeMark(address + taken, length - taken);
            } else if (receivedBytes != announcedBytes) {
                throw new PeerProtocolException("its snapshot has not the announced length");
            } else {
                isComplete = true;
            }
        }
        return taken;
    }

    private int takeMark(long address, int length) throws PeerProtocolException {
        if (length < MARK_LENGTH) {
            return 0;
        }
        String found = new String(Memory.bytes(address, MARK_LENGTH), StandardCharsets.US_ASCII);
        if (!found.equals(mark)) {
            throw new PeerProtocolException("its snapshot does not end with the announced mark");
        }
        isComplete = true;
        return MARK_LENGTH;
    }

    @Override
    public void close() {
        reader.close();
    }
}
