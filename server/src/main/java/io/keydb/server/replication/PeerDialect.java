package io.keydb.server.replication;

import io.keydb.server.log.LogReader;
import io.keydb.server.log.Origin;
import io.keydb.server.log.Origins;
import io.keydb.server.log.VersionVector;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.net.Connection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The log as an active peer reads it: a frame for each unit that the peer lacks.
 *
 * <p>What the peer has is known from its vector at the start, from what was sent since, and from
 * its acknowledgements. Its own units are not sent back. Where the log notes a merge, the units are
 * not in it: when the peer does not turn out to have them by itself it must merge, too.
 *
 * <p>Threads: confined to the connection's event loop.
 */
final class PeerDialect implements LogPump.Dialect, AutoCloseable {
    private final Connection connection;
    private final Origins origins;
    private final Origin peer;
    private final VersionVector covered;
    private final OffHeapBuffer header;
    private boolean[] announced = {};
    private long[] sent = {};
    private @Nullable VersionVector awaited;

    PeerDialect(
            Connection connection,
            Origins origins,
            Pages pages,
            Origin peer,
            VersionVector covered) {
        this.connection = connection;
        this.origins = origins;
        this.peer = peer;
        this.covered = covered.copy();
        this.header = new OffHeapBuffer(pages);
    }

    /** What the peer must have before the log can go on; null when nothing holds it up. */
    @Nullable VersionVector awaited() {
        return awaited;
    }

    /** The peer has told what it has. */
    void acknowledged(VersionVector vector) {
        covered.join(vector);
        VersionVector wanted = awaited;
        if (wanted != null && covers(wanted)) {
            awaited = null;
        }
    }

    /** From now on the peer has all that a snapshot had, or will have it before what follows. */
    void merged(VersionVector vector) {
        covered.join(vector);
        awaited = null;
    }

    @Override
    public boolean isReady() {
        return awaited == null;
    }

    @Override
    public void write(LogReader entry) {
        if (entry.isMerge()) {
            VersionVector merged = entry.mergedVector();
            if (!covers(merged)) {
                awaited = merged;
            }
        } else if (entry.isUnit()) {
            writeUnit(entry);
        }
    }

    /** Sends a frame whose body is a text. */
    void text(int kind, String text) {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        PeerFrame.begin(header, kind, body.length);
        header.append(body);
        sendHeader();
    }

    private void writeUnit(LogReader entry) {
        int number = entry.origin();
        if (number >= sent.length) {
            int known = sent.length;
            sent = Arrays.copyOf(sent, number + 8);
            announced = Arrays.copyOf(announced, number + 8);
            Arrays.fill(sent, known, sent.length, -1);
        }
        Origin origin = origins.origin(number);
        if (entry.number() <= sent[number]
                || origin.equals(peer)
                || covered.covers(origin, entry.number())) {
            return;
        }
        if (!announced[number]) {
            announced[number] = true;
            byte[] name = origin.toString().getBytes(StandardCharsets.US_ASCII);
            PeerFrame.begin(header, PeerFrame.ORIGIN, 4 + name.length);
            header.appendInt(number);
            header.append(name);
            sendHeader();
        }
        sent[number] = entry.number();
        PeerFrame.begin(header, PeerFrame.UNIT, PeerFrame.UNIT_HEADER + entry.peerLength());
        PeerFrame.unit(header, number, entry.database(), entry.number(), entry.stamp());
        sendHeader();
        connection.reply().raw(entry.peerAddress(), entry.peerLength());
    }

    private boolean covers(VersionVector wanted) {
        VersionVector known = covered.copy();
        for (int i = 0; i < sent.length; i++) {
            if (sent[i] >= 0) {
                known.advance(origins.origin(i), sent[i]);
            }
        }
        // What the peer wrote itself it has, whether it was acknowledged or not.
        wanted.numbers()
                .forEach(
                        (origin, number) -> {
                            if (origin.equals(peer)) {
                                known.advance(origin, number);
                            }
                        });
        return known.covers(wanted);
    }

    private void sendHeader() {
        connection.reply().raw(header.address(), header.length());
    }

    @Override
    public void close() {
        header.close();
    }
}
