package io.keydb.server.persistence.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.snapshot.Digest;
import io.keydb.server.keyspace.snapshot.Snapshot;
import io.keydb.server.keyspace.snapshot.SnapshotSink;
import io.keydb.server.keyspace.snapshot.Snapshots;
import io.keydb.server.memory.OffHeapBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A snapshot of collections that change while it is written is what they were at the cut: every
 * command that changes a value in place says so before.
 */
class SnapshotOfCollectionsTest {
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());

    @Test
    void whatIsWrittenIsWhatWasThereAtTheCut() throws Exception {
        for (int round = 0; round < 25; round++) {
            Random random = new Random(SEED + round);
            try (CommandTester server = new CommandTester();
                    CommandTester copy = new CommandTester()) {
                for (int i = 0; i < 3_000; i++) {
                    write(server, random);
                }
                Snapshots snapshots = new Snapshots(server.keyspace());
                String atCut = Digest.of(server.keyspace(), snapshots);
                byte[] file = written(server, snapshots, random);
                load(copy, file);
                assertThat(Digest.of(copy.keyspace(), new Snapshots(copy.keyspace())))
                        .as("-Dkeydb.seed=%d", SEED + round)
                        .isEqualTo(atCut);
            }
        }
    }

    private static byte[] written(CommandTester server, Snapshots snapshots, Random random)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RdbWriter writer = new RdbWriter(out::write, true);
        try (Snapshot snapshot = snapshots.begin(() -> {})) {
            writer.begin();
            snapshot.walk(
                    new SnapshotSink() {
                        @Override
                        public void database(int index, long keys, long expiringKeys)
                                throws IOException {
                            writer.database(index, keys, expiringKeys);
                        }

                        @Override
                        public void record(long record) throws IOException {
                            writer.entry(record);
                        }

                        @Override
                        public void sliceEnded() {
                            for (int n = random.nextInt(80); n > 0; n--) {
                                write(server, random);
                            }
                        }
                    });
            writer.end();
        }
        return out.toByteArray();
    }

    private static void load(CommandTester copy, byte[] file) throws RdbException {
        KeyspaceLoader loader =
                new KeyspaceLoader(
                        copy.keyspace(), KeyspaceLoader.Rules.TAKE_ALL, FunctionStore.none());
        try (RdbReader reader = new RdbReader(copy.keyspace().pages(), loader, 1 << 20);
                OffHeapBuffer bytes = new OffHeapBuffer(copy.keyspace().pages())) {
            bytes.append(file);
            reader.feed(bytes.address(), file.length);
        }
        assertThat(loader.isComplete()).isTrue();
    }

    private static void write(CommandTester server, Random random) {
        String key = Integer.toString(random.nextInt(40));
        String small = Integer.toString(random.nextInt(300));
        String text = "t".repeat(random.nextInt(40)) + random.nextInt(1_000);
        switch (random.nextInt(34)) {
            case 0, 1, 2 -> server.run("RPUSH", "l" + key, small, text);
            case 3 -> server.run("LPOP", "l" + key);
            case 4 -> server.run("LSET", "l" + key, "0", text);
            case 5 -> server.run("LREM", "l" + key, "0", small);
            case 6 -> server.run("LINSERT", "l" + key, "AFTER", small, text);
            case 7 -> server.run("LTRIM", "l" + key, "1", "-2");
            case 8 -> server.run("LMOVE", "l" + key, "l" + small, "LEFT", "RIGHT");
            case 9, 10 -> server.run("SADD", "s" + key, small, small + 1);
            case 11 -> server.run("SADD", "s" + key, text);
            case 12 -> server.run("SREM", "s" + key, small);
            case 13 -> server.run("SPOP", "s" + key);
            case 14 -> server.run("SMOVE", "s" + key, "s" + small, small);
            case 15, 16 -> server.run("HSET", "h" + key, small, text, text, small);
            case 17 -> server.run("HDEL", "h" + key, small);
            case 18 -> server.run("HINCRBY", "h" + key, "n", small);
            case 19 -> server.run("HINCRBYFLOAT", "h" + key, "x", "0.5");
            case 20, 21 -> server.run("ZADD", "z" + key, small, text, "0.5", small);
            case 22 -> server.run("ZINCRBY", "z" + key, "1", small);
            case 23 -> server.run("ZREM", "z" + key, small);
            case 24 -> server.run("ZPOPMIN", "z" + key);
            case 25 -> server.run("ZREMRANGEBYRANK", "z" + key, "0", "1");
            case 26, 27 -> server.run("XADD", "x" + key, "*", small, text);
            case 28 -> server.run("XTRIM", "x" + key, "MAXLEN", "5");
            case 29 -> server.run("XGROUP", "CREATE", "x" + key, "g", "0", "MKSTREAM");
            case 30 -> {
                server.run("XREADGROUP", "GROUP", "g", text, "STREAMS", "x" + key, ">");
                server.run("XDEL", "x" + key, "1700000000000-1");
            }
            case 31 -> server.run("SETBIT", "b" + key, small, "1");
            case 32 -> server.run("PFADD", "p" + key, text);
            default -> server.run("APPEND", "a" + key, text);
        }
    }
}
