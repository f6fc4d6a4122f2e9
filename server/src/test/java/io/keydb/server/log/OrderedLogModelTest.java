package io.keydb.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.log.OrderedLog.LogCut;
import io.keydb.server.log.OrderedLog.RemoteUnit;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log gives back what was appended, from every position it still keeps, and nothing else. */
class OrderedLogModelTest {
    private static final NodeId SELF = new NodeId("a".repeat(40));
    private static final NodeId PEER = new NodeId("b".repeat(40));
    private static final int BACKLOG = 64 * 1024;

    private final Pages pages = new Pages();
    private final Origins origins = new Origins(new Origin(SELF, 1_000));
    private final int peer = origins.number(new Origin(PEER, 50));
    private final OrderedLog log = new OrderedLog(pages, origins, BACKLOG, 1024 * 1024);

    @AfterEach
    void nothingStaysAllocated() {
        assertThat(log.release()).isTrue();
        assertThat(pages.bufferBytes()).isZero();
        pages.close();
    }

    @Test
    void plainBytesAreReadFromEveryOffsetThatIsKept() {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(random.nextInt(50) == 0 ? 30_000 : 200)];
            random.nextBytes(bytes);
            all.writeBytes(bytes);
            log.appendOwn(new Bytes(bytes), null, i);
        }
        byte[] expected = all.toByteArray();
        assertThat(log.plainOffset()).isEqualTo(expected.length);
        // what is kept counts headers and the block begun last, which may be a large one
        assertThat(expected.length - log.firstPlainOffset())
                .as("seed %d", seed)
                .isBetween((BACKLOG - 30_000) * 2L / 3, 3L * BACKLOG);
        assertThat(log.openAtPlain(log.firstPlainOffset() - 1, () -> {})).isNull();
        assertThat(log.openAtPlain(expected.length + 1, () -> {})).isNull();
        for (long offset = log.firstPlainOffset(); offset <= expected.length; offset += 997) {
            LogReader reader = Objects.requireNonNull(log.openAtPlain(offset, () -> {}));
            byte[] rest = plainFrom(reader, offset);
            assertThat(rest)
                    .as("seed %d offset %d", seed, offset)
                    .isEqualTo(Arrays.copyOfRange(expected, (int) offset, expected.length));
            reader.close();
        }
    }

    @Test
    void anOpenReaderKeepsWhatItHasNotReadAndIsGivenUpPastTheLimit() {
        LogCut cut = log.openAtEnd(() -> {});
        for (int i = 0; i < 500; i++) {
            log.appendOwn(new Bytes(new byte[1_000]), null, i);
        }
        assertThat(cut.reader().isOverrun()).isFalse();
        assertThat(log.heldBytes()).isGreaterThan(500_000);
        for (int i = 0; i < 1_000; i++) {
            log.appendOwn(new Bytes(new byte[1_000]), null, i);
        }
        assertThat(cut.reader().isOverrun()).isTrue();
        cut.reader().close();
        assertThat(log.heldBytes()).isLessThan(2 * BACKLOG);
    }

    @Test
    void aReaderIsWokenOnceUntilItArmsAgain() {
        int[] wakes = new int[1];
        LogReader reader = log.openAtEnd(() -> wakes[0]++).reader();
        append("a");
        append("b");
        assertThat(wakes[0]).isEqualTo(1);
        reader.arm();
        assertThat(reader.next()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.next()).isFalse();
        append("c");
        assertThat(wakes[0]).isEqualTo(2);
        reader.close();
    }

    @Test
    void peersGetTheWholeUnitAndReplicasWhatWon() {
        LogReader reader = log.openAtEnd(() -> {}).reader();
        try (OffHeapBuffer whole = new OffHeapBuffer(pages)) {
            whole.append("whole".getBytes(UTF_8));
            log.appendRemote(
                    new RemoteUnit(peer, 51, 77),
                    new Bytes("won".getBytes(UTF_8)),
                    new PeerBytes(whole.address(), 5, 3));
        }
        log.appendRemote(new RemoteUnit(peer, 52, 78), PlainUnit.NOTHING, null);
        assertThat(reader.next()).isTrue();
        assertThat(reader.isUnit()).isTrue();
        assertThat(text(reader.plainAddress(), reader.plainLength())).isEqualTo("won");
        assertThat(text(reader.peerAddress(), reader.peerLength())).isEqualTo("whole");
        assertThat(List.of(reader.origin(), reader.database())).isEqualTo(List.of(peer, 3));
        assertThat(List.of(reader.number(), reader.stamp())).isEqualTo(List.of(51L, 77L));
        assertThat(reader.next()).isTrue();
        assertThat(log.plainOffset()).isEqualTo(3);
        assertThat(log.vector().last(new Origin(PEER, 50))).isEqualTo(52);
        assertThat(log.covers(peer, 52)).isTrue();
        assertThat(log.covers(peer, 53)).isFalse();
        reader.close();
    }

    @Test
    void aPeerFindsAllItLacksOrIsToldToMerge() {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> units = new ArrayList<>();
        List<VersionVector> before = new ArrayList<>();
        long own = 1_000;
        long remote = 50;
        for (int i = 0; i < 4_000; i++) {
            before.add(log.vector());
            if (random.nextBoolean()) {
                log.appendOwn(new Bytes(new byte[random.nextInt(100)]), null, i);
                units.add("0:" + ++own);
            } else {
                log.appendRemote(
                        new RemoteUnit(peer, ++remote, i),
                        new Bytes(new byte[random.nextInt(100)]),
                        null);
                units.add(peer + ":" + remote);
            }
        }
        assertThat(log.openForPeer(new VersionVector(), () -> {})).as("seed %d", seed).isNull();
        int served = 0;
        for (int i = 0; i < units.size(); i += 37) {
            LogReader reader = log.openForPeer(before.get(i), () -> {});
            if (reader == null) {
                assertThat(served).as("seed %d", seed).isZero();
                continue;
            }
            served++;
            List<String> lacked = new ArrayList<>();
            while (reader.next()) {
                Origin origin = origins.origin(reader.origin());
                if (!before.get(i).covers(origin, reader.number())) {
                    lacked.add(reader.origin() + ":" + reader.number());
                }
            }
            assertThat(lacked).as("seed %d", seed).isEqualTo(units.subList(i, units.size()));
            reader.close();
        }
        assertThat(served).as("seed %d", seed).isPositive();
    }

    @Test
    void aMergeIsNotedInTheLog() {
        LogReader reader = log.openAtEnd(() -> {}).reader();
        VersionVector foreign = new VersionVector();
        foreign.advance(new Origin(PEER, 50), 60);
        foreign.raiseFloor(PEER, 50);
        assertThat(log.merged(foreign)).isTrue();
        assertThat(log.merged(foreign)).isFalse();
        assertThat(reader.next()).isTrue();
        assertThat(reader.isUnit()).isFalse();
        assertThat(reader.isMerge()).isTrue();
        assertThat(reader.mergedVector()).isEqualTo(foreign);
        assertThat(reader.next()).isFalse();
        assertThat(log.covers(peer, 60)).isTrue();
        reader.close();
    }

    @Test
    void aFollowerKeepsTheOffsetOfItsPrimaryAndBranchesOff() {
        append("mine");
        ReplicationIds primary = ReplicationIds.fresh();
        log.follow(primary, 500);
        assertThat(log.openAtPlain(2, () -> {})).isNull();
        append("theirs");
        LogReader reader = Objects.requireNonNull(log.openAtPlain(503, () -> {}));
        assertThat(new String(plainFrom(reader, 503), UTF_8)).isEqualTo("irs");
        reader.close();
        log.branch();
        assertThat(log.ids().continues(primary.id(), 507)).isTrue();
        assertThat(log.ids().continues(primary.id(), 508)).isFalse();
        assertThat(log.ids().continues(log.ids().id(), 900)).isTrue();
    }

    @Test
    void anOpenReaderPreventsRelease() {
        LogReader reader = log.openAtEnd(() -> {}).reader();
        assertThat(log.release()).isFalse();
        reader.close();
        assertThatThrownBy(() -> new NodeId("x")).isInstanceOf(IllegalArgumentException.class);
    }

    private void append(String text) {
        log.appendOwn(new Bytes(text.getBytes(UTF_8)), null, 1);
    }

    private static byte[] plainFrom(LogReader reader, long offset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (reader.next()) {
            int skip = (int) Math.clamp(offset - reader.plainOffset(), 0, reader.plainLength());
            out.writeBytes(Memory.bytes(reader.plainAddress() + skip, reader.plainLength() - skip));
        }
        return out.toByteArray();
    }

    private static String text(long address, int length) {
        return new String(Memory.bytes(address, length), UTF_8);
    }

    private record Bytes(byte[] bytes) implements PlainUnit {
        @Override
        public int length(int database) {
            return bytes.length;
        }

        @Override
        public int write(long to, int database) {
            Memory.copyIn(bytes, 0, to, bytes.length);
            return 0;
        }
    }
}
