package io.keydb.server.replication;

import io.keydb.server.log.HybridClock;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.Origin;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who an active node is, kept in its directory: {@code node.id} has the node's id for ever, {@code
 * node.run} the number of its latest run.
 *
 * <p>The number of a run is the time of its start in the layout of stamps. When the machine's clock
 * was set back it is the last number plus room for a million units for every millisecond of twelve
 * days, which is more than any run has written.
 *
 * <p>Threads: stateless.
 */
public final class NodeIdentity {
    static final String ID_FILE = "node.id";
    static final String RUN_FILE = "node.run";

    private static final long ROOM_OF_A_RUN = 1L << 50;

    private NodeIdentity() {}

    /**
     * Reads the identity, or makes one, and begins a new run.
     *
     * @throws IOException when the files cannot be read or written, or hold something else
     */
    public static Origin beginRun(Path directory, Clock clock) throws IOException {
        NodeId id = id(directory.resolve(ID_FILE));
        Path runFile = directory.resolve(RUN_FILE);
        long now = clock.millis() << HybridClock.COUNTER_BITS;
        long last = Files.exists(runFile) ? lastRun(runFile) : 0;
        long run = now > last ? now : last + ROOM_OF_A_RUN;
        AtomicFile.write(runFile, run + "\n");
        return new Origin(id, run);
    }

    /** The identity of a node that is not active: good for one run, kept nowhere. */
    public static Origin passing(Clock clock) {
        return new Origin(NodeId.random(), clock.millis() << HybridClock.COUNTER_BITS);
    }

    private static NodeId id(Path file) throws IOException {
        if (Files.exists(file)) {
            String text = read(file);
            if (!NodeId.isValid(text)) {
                throw new IOException(
                        file
                                + " does not hold a node id (40 hexadecimal digits): remove it or"
                                + " bring the right one back");
            }
            return new NodeId(text);
        }
        NodeId id = NodeId.random();
        AtomicFile.write(file, id.hex() + "\n");
        return id;
    }

    private static long lastRun(Path file) throws IOException {
        try {
            return Long.parseLong(read(file));
        } catch (NumberFormatException malformed) {
            throw new IOException(file + " does not hold a number", malformed);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }
}
