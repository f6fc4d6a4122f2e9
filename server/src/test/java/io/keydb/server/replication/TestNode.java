package io.keydb.server.replication;

import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.snapshot.Digest;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.keyspace.snapshot.Snapshots;
import io.keydb.server.log.HybridClock;
import io.keydb.server.log.LogReader;
import io.keydb.server.log.NodeId;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.OrderedLog.LogCut;
import io.keydb.server.log.OrderedLog.RemoteUnit;
import io.keydb.server.log.Origin;
import io.keydb.server.log.Origins;
import io.keydb.server.log.SelectCommands;
import io.keydb.server.log.UnitAppender;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.rdb.RdbReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An active node without sockets: commands, keyspace, log, applier. What the network would carry is
 * handed over directly.
 *
 * <p>Threads: confined to one thread.
 */
final class TestNode implements AutoCloseable {
    final CommandTester commands = new CommandTester(true);
    final Keyspace keyspace = commands.keyspace();
    final Origin origin;
    final Origins origins;
    final HybridClock clock = new HybridClock(commands.clock());
    final OrderedLog log;
    final UnitApplier applier;
    final UnitApplier.Shared shared;
    private final Snapshots snapshots = new Snapshots(keyspace);

    TestNode(int number, long backlogBytes) {
        origin = new Origin(new NodeId(Integer.toHexString(number + 1).repeat(40)), 1_000);
        origins = new Origins(origin);
        log = new OrderedLog(keyspace.pages(), origins, backlogBytes, 1 << 30);
        SelectCommands selects = new SelectCommands(keyspace.databases());
        UnitAppender appender = new UnitAppender(log, clock, selects);
        appender.wanted(true, false);
        commands.dispatcher().deltas().least(number % 3);
        commands.dispatcher().effectLog(appender);
        shared =
                new UnitApplier.Shared(
                        keyspace,
                        log,
                        new LastWriteWins(keyspace, origins),
                        new OriginLocks(),
                        selects,
                        () -> {},
                        new Behind(keyspace, log, clock, commands::dispatcher),
                        commands::dispatcher);
        applier = new UnitApplier(shared, true);
    }

    String digest() throws Exception {
        return Digest.of(keyspace, snapshots);
    }

    /** Takes the present entry of another node's log. */
    UnitApplier.Outcome take(TestNode from, LogReader entry) throws PeerProtocolException {
        clock.observe(entry.stamp());
        int number = origins.number(from.origins.origin(entry.origin()));
        return applier.apply(
                new RemoteUnit(number, entry.number(), entry.stamp()),
                entry.database(),
                entry.peerAddress(),
                entry.peerLength());
    }

    /** Merges all that another node has; {@code meanwhile} runs between the slices of its walk. */
    LogReader mergeFrom(TestNode from, Runnable meanwhile) throws Exception {
        LogCut cut = from.log.openAtEnd(() -> {});
        List<byte[]> pieces = new ArrayList<>();
        PeerSyncWriter writer = new PeerSyncWriter(pieces::add, from.origins);
        writer.begin(from.keyspace, cut.vector());
        LiveWalk.walk(from.keyspace, new Interrupted(writer, meanwhile));
        writer.behind(from.shared.behind());
        writer.end();
        try (MergeVisitor visitor = new MergeVisitor(shared, clock);
                RdbReader reader = new RdbReader(keyspace.pages(), visitor, 1 << 20);
                OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            for (byte[] piece : pieces) {
                bytes.clear();
                bytes.append(piece);
                reader.feed(bytes.address(), piece.length);
                meanwhile.run();
            }
            log.merged(visitor.vector());
        }
        return cut.reader();
    }

    @Override
    public void close() {
        applier.close();
        log.release();
        commands.close();
    }

    /** Passes everything on and lets something happen between the slices. */
    private record Interrupted(LiveWalk.Sink sink, Runnable meanwhile) implements LiveWalk.Sink {
        @Override
        public void database(int index, long keys, long expiringKeys) throws IOException {
            sink.database(index, keys, expiringKeys);
        }

        @Override
        public void record(long record) throws IOException {
            sink.record(record);
        }

        @Override
        public void tombstone(long tombstone) throws IOException {
            sink.tombstone(tombstone);
        }

        @Override
        public void sliceEnded() throws IOException {
            sink.sliceEnded();
            meanwhile.run();
        }
    }
}
