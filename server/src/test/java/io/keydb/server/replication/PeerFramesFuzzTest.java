package io.keydb.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.keyspace.snapshot.LiveWalk;
import io.keydb.server.log.VersionVector;
import io.keydb.server.memory.OffHeapBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A hostile or damaged stream of frames ends the link; it never ends the server. */
class PeerFramesFuzzTest {
    private static final String PEER = "b".repeat(40) + ":50";

    private final TestNode node = new TestNode(0, 1 << 20);

    @Test
    void goodFramesAreTakenWhereverTheyAreCut() throws Exception {
        byte[] stream = stream();
        for (int piece = 1; piece < 60; piece += 7) {
            try (TestNode fresh = new TestNode(0, 1 << 20);
                    PeerFrames frames = frames(fresh)) {
                feed(fresh, frames, stream, piece);
                assertThat(fresh.commands.run("GET", "key")).isEqualTo("$5 value");
                assertThat(fresh.commands.run("GET", "merged")).isEqualTo("$2 m1");
                assertThat(fresh.commands.run("EXISTS", "gone")).isEqualTo(":0");
            }
        }
        node.close();
    }

    @Test
    void damagedFramesAreRefused() throws Exception {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] stream = stream();
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = stream.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try (PeerFrames frames = frames(node)) {
                feed(node, frames, damaged, 1 + random.nextInt(200));
            } catch (PeerProtocolException expected) {
                refused++;
            } catch (RuntimeException bug) {
                throw new AssertionError("-Dkeydb.seed=" + seed + " round " + round, bug);
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(1_000);
        node.close();
    }

    private static void feed(TestNode node, PeerFrames frames, byte[] stream, int piece)
            throws PeerProtocolException {
        try (OffHeapBuffer bytes = new OffHeapBuffer(node.keyspace.pages())) {
            byte[] pending = {};
            for (int at = 0; at < stream.length; at += piece) {
                byte[] part = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece));
                byte[] joined = Arrays.copyOf(pending, pending.length + part.length);
                System.arraycopy(part, 0, joined, pending.length, part.length);
                bytes.clear();
                bytes.append(joined);
                int taken = frames.take(bytes.address(), joined.length);
                pending = Arrays.copyOfRange(joined, taken, joined.length);
            }
        }
    }

    private static PeerFrames frames(TestNode node) {
        KnownNodes nodes = new KnownNodes(node.origin.node());
        Configuration configuration = new Configuration(Directives.of(ReplicationDirectives.ALL));
        PeerContext context =
                new PeerContext(
                        node.shared, node.clock, nodes, new LinkSettings(configuration), () -> "");
        return new PeerFrames(context, NodeKnowledge.origin(PEER).orElseThrow().node(), () -> {});
    }

    private static byte[] stream() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(out, PeerFrame.GREETING, ascii("-"));
        try (TestNode other = new TestNode(4, 1 << 20)) {
            other.commands.run("SET", "merged", "m1");
            other.commands.run("SET", "gone", "x");
            other.commands.run("DEL", "gone");
            PeerSyncWriter writer =
                    new PeerSyncWriter(
                            piece -> frame(out, PeerFrame.SNAPSHOT, piece), other.origins);
            writer.begin(other.keyspace, other.log.vector());
            LiveWalk.walk(other.keyspace, writer);
            writer.end();
        }
        ByteBuffer origin = little(4 + PEER.length()).putInt(9).put(ascii(PEER));
        frame(out, PeerFrame.ORIGIN, origin.array());
        byte[] commands =
                ascii(
                        "*3\r\n"
                                + "$3\r\n"
                                + "SET\r\n"
                                + "$3\r\n"
                                + "key\r\n"
                                + "$5\r\n"
                                + "value\r\n"
                                + "*2\r\n"
                                + "$3\r\n"
                                + "DEL\r\n"
                                + "$1\r\n"
                                + "z\r\n");
        ByteBuffer unit = little(24 + commands.length).putInt(9).putInt(0).putLong(51);
        frame(out, PeerFrame.UNIT, unit.putLong(1_700_000_000_000L << 20).put(commands).array());
        NodeKnowledge knowledge =
                new NodeKnowledge(
                        NodeKnowledge.origin(PEER).orElseThrow(), 1, 0, 1, 1, new VersionVector());
        frame(out, PeerFrame.KNOWLEDGE, ascii(knowledge.toString()));
        frame(out, PeerFrame.ACK_WANTED, new byte[0]);
        return out.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, int kind, byte[] body) {
        out.writeBytes(little(8).putInt(body.length).putInt(kind).array());
        out.writeBytes(body);
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
