package io.keydb.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.log.LogReader;
import io.keydb.server.log.VersionVector;
import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nodes that have exchanged everything hold the same data, and that is the last state of every key
 * by stamp and origin: whatever the order of delivery, over mesh and ring, through cuts, skewed
 * clocks, and merges while writes go on.
 */
class ConvergenceModelTest {
    private static final String COLLECTION = "a collection";
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());

    private final Map<String, Last> model = new TreeMap<>();
    private long deltas;
    private long questions;

    /** The latest state of one key, or of all keys of a database. */
    private record Last(long stamp, String origin, @Nullable String value, long expiry) {
        boolean isBefore(long otherStamp, String otherOrigin) {
            return stamp < otherStamp
                    || (stamp == otherStamp && origin.compareTo(otherOrigin) <= 0);
        }
    }

    /** One direction between two nodes. */
    private static final class Link {
        final TestNode from;
        final TestNode to;
        @Nullable LogReader reader;
        boolean isCut;

        Link(TestNode from, TestNode to) {
            this.from = from;
            this.to = to;
        }

        void cut() {
            LogReader open = reader;
            if (open != null) {
                open.close();
                reader = null;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mesh, 2, 40",
        "mesh, 3, 40",
        "mesh, 5, 15",
        "ring, 3, 40",
        "ring, 5, 15",
    })
    void nodesConvergeToTheLastWrites(String topology, int count, int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            long seed = SEED + round;
            try {
                model.clear();
                converge(topology, count, new Random(seed));
            } catch (AssertionError | Exception failure) {
                throw new AssertionError("-Dkeydb.seed=" + seed + " round 0", failure);
            }
        }
        // What this is about has happened.
        assertThat(deltas).isPositive();
        assertThat(questions).isPositive();
    }

    private void converge(String topology, int count, Random random) throws Exception {
        // A small log makes merges frequent.
        long backlog = random.nextBoolean() ? 16_384 : 1 << 20;
        List<TestNode> nodes = new ArrayList<>();
        List<LogReader> own = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestNode node = new TestNode(i, backlog);
            node.commands.clock().advanceMillis(random.nextInt(5_000));
            nodes.add(node);
            own.add(node.log.openAtEnd(() -> {}).reader());
        }
        List<Link> links = links(topology, nodes);
        for (int step = 0; step < 1_500; step++) {
            int choice = random.nextInt(100);
            if (choice < 45) {
                write(nodes.get(random.nextInt(count)), random);
            } else if (choice < 85) {
                deliver(links.get(random.nextInt(links.size())), random.nextInt(30), nodes, random);
            } else if (choice < 88) {
                Link link = links.get(random.nextInt(links.size()));
                link.isCut = !link.isCut;
                link.cut();
            } else {
                nodes.get(random.nextInt(count))
                        .commands
                        .clock()
                        .advanceMillis(random.nextInt(200));
            }
        }
        deliverEverything(links, nodes, random);
        long latest = 0;
        for (TestNode node : nodes) {
            latest = Math.max(latest, node.commands.clock().millis());
        }
        for (int i = 0; i < count; i++) {
            TestNode node = nodes.get(i);
            node.commands.clock().advanceMillis(latest - node.commands.clock().millis());
            learn(node, own.get(i));
        }
        for (TestNode node : nodes) {
            assertThat(contents(node)).as(node.origin.toString()).isEqualTo(expected(latest));
            assertThat(node.digest()).isEqualTo(nodes.getFirst().digest());
            assertThat(node.log.vector()).isEqualTo(nodes.getFirst().log.vector());
        }
        links.forEach(Link::cut);
        own.forEach(LogReader::close);
        nodes.forEach(TestNode::close);
    }

    private static List<Link> links(String topology, List<TestNode> nodes) {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.size(); j++) {
                boolean linked = topology.equals("mesh") ? i != j : j == (i + 1) % nodes.size();
                if (linked) {
                    links.add(new Link(nodes.get(i), nodes.get(j)));
                }
            }
        }
        return links;
    }

    private static void write(TestNode node, Random random) {
        String key = "k" + random.nextInt(12);
        String database = Integer.toString(random.nextInt(10) == 0 ? 1 : 0);
        node.commands.run("SELECT", database);
        switch (random.nextInt(20)) {
            case 14, 15, 16, 17, 18, 19 -> collection(node, random);
            case 0, 1, 2 -> node.commands.run("SET", key, "v" + random.nextInt(1000));
            case 3, 4 -> node.commands.run("DEL", key);
            case 5 -> node.commands.run("INCR", "n" + key);
            case 6 -> node.commands.run("PEXPIRE", key, Integer.toString(random.nextInt(500)));
            case 7 -> node.commands.run("SET", key, "x".repeat(random.nextInt(6_000)));
            case 8 -> node.commands.run("APPEND", key, "a");
            case 9 -> node.commands.run("PERSIST", key);
            case 10 -> node.commands.run("RENAME", key, "k" + random.nextInt(12));
            case 11 -> {
                node.commands.run("MULTI");
                node.commands.run("SET", key, "t1");
                node.commands.run("DEL", "k" + random.nextInt(12));
                node.commands.run("SET", key, "t" + random.nextInt(1000));
                node.commands.run("EXEC");
            }
            case 12 -> node.commands.run("MSET", key, "m", "k" + random.nextInt(12), "m2");
            default -> {
                if (random.nextInt(6) == 0) {
                    node.commands.run(random.nextBoolean() ? "FLUSHDB" : "FLUSHALL");
                } else {
                    node.commands.run("GETDEL", key);
                }
            }
        }
    }

    private static void collection(TestNode node, Random random) {
        String key = "c" + random.nextInt(12);
        String small = Integer.toString(random.nextInt(30));
        String text = "x".repeat(random.nextInt(100)) + random.nextInt(1000);
        switch (random.nextInt(16)) {
            case 0, 1 -> node.commands.run("RPUSH", key, small, text);
            case 2 -> node.commands.run("LPOP", key);
            case 3 -> node.commands.run("LMOVE", key, "c" + random.nextInt(12), "LEFT", "RIGHT");
            case 4 -> node.commands.run("SADD", key, small, text);
            case 5 -> node.commands.run("SPOP", key);
            case 6, 7 -> node.commands.run("HSET", key, small, text, text, small);
            case 8 -> node.commands.run("HDEL", key, small);
            case 9 -> node.commands.run("HINCRBYFLOAT", key, "sum", "0.1");
            case 10 -> node.commands.run("ZADD", key, small, text, "0.1", small);
            case 11 -> node.commands.run("ZREM", key, small);
            case 12 -> node.commands.run("XADD", key, "*", small, text);
            case 13 -> {
                // Never without a field, so that the model need not know when fields go.
                node.commands.run("HSET", "e" + key, "stays", "1", small, text);
                node.commands.run("HPEXPIRE", "e" + key, "300", "FIELDS", "1", small);
            }
            case 14 -> node.commands.run("SUNIONSTORE", key, key, "c" + random.nextInt(12));
            default -> node.commands.run("PEXPIRE", key, Integer.toString(random.nextInt(900)));
        }
    }

    /** Delivers up to so many entries of the log. */
    private static boolean deliver(Link link, int most, List<TestNode> nodes, Random random)
            throws Exception {
        if (link.isCut) {
            return false;
        }
        LogReader reader = link.reader;
        if (reader == null) {
            reader = connect(link, nodes, random);
            link.reader = reader;
        }
        boolean any = false;
        for (int i = 0; i < most && reader.next(); i++) {
            any = true;
            if (reader.isMerge() && !link.to.log.vector().covers(reader.mergedVector())) {
                reader.close();
                link.reader = link.to.mergeFrom(link.from, () -> {});
                return true;
            }
            if (reader.isUnit() && link.to.take(link.from, reader) == UnitApplier.Outcome.GAP) {
                throw new AssertionError("a gap on a link that delivers in order");
            }
        }
        return any;
    }

    private static LogReader connect(Link link, List<TestNode> nodes, Random random)
            throws Exception {
        VersionVector vector = link.to.log.vector();
        LogReader reader = link.from.log.openForPeer(vector, () -> {});
        if (reader != null) {
            return reader;
        }
        return link.to.mergeFrom(
                link.from,
                () -> {
                    if (random.nextInt(40) == 0) {
                        write(nodes.get(random.nextInt(nodes.size())), random);
                    }
                });
    }

    private static void deliverEverything(List<Link> links, List<TestNode> nodes, Random random)
            throws Exception {
        links.forEach(link -> link.isCut = false);
        boolean any = true;
        while (any) {
            any = false;
            for (Link link : links) {
                any |= deliver(link, Integer.MAX_VALUE, nodes, random);
            }
            if (!any) {
                for (TestNode node : nodes) {
                    any |= node.shared.behind().askAgain();
                }
            }
        }
    }

    /** Enters what a node wrote itself into the model. */
    private void learn(TestNode node, LogReader reader) throws Exception {
        try (UnitCommands unit = new UnitCommands(node.keyspace.databases())) {
            while (reader.next()) {
                if (reader.isUnit() && reader.origin() == 0) {
                    unit.parse(reader.database(), reader.peerAddress(), reader.peerLength());
                    for (int i = 0; i < unit.count(); i++) {
                        learn(unit.step(i), reader.stamp(), node.origin.toString());
                    }
                }
            }
        }
    }

    private void learn(UnitCommands.Step step, long stamp, String origin) {
        deltas += step.action == UnitCommands.Action.DELTA ? 1 : 0;
        if (step.action == UnitCommands.Action.BEHIND) {
            questions++;
            return;
        }
        String name =
                step.action == UnitCommands.Action.FLUSH
                        ? step.database + "!"
                        : step.database + "/" + text(step.key.address(), step.key.length());
        String value =
                switch (step.action) {
                    case PUT -> text(step.valueAddress, step.valueLength);
                    // Equal digests of the nodes tell whether it is the right one.
                    case PUT_PAYLOAD, DELTA -> COLLECTION;
                    case DELETE, FLUSH, BEHIND -> null;
                };
        Last known = model.get(name);
        if (known == null || known.isBefore(stamp, origin)) {
            model.put(name, new Last(stamp, origin, value, step.expiryMillis));
        }
    }

    private Map<String, String> expected(long now) {
        Map<String, String> expected = new TreeMap<>();
        model.forEach(
                (name, last) -> {
                    Last flush = model.get(name.charAt(0) + "!");
                    boolean flushed = flush != null && !flush.isBefore(last.stamp(), last.origin());
                    boolean expired = last.expiry() != StringState.NO_EXPIRY && last.expiry() < now;
                    String value = last.value();
                    if (value != null && !flushed && !expired) {
                        expected.put(name, value + "@" + last.expiry());
                    }
                });
        return expected;
    }

    private static Map<String, String> contents(TestNode node) {
        Map<String, String> contents = new TreeMap<>();
        for (int database = 0; database < 2; database++) {
            node.commands.run("SELECT", Integer.toString(database));
            String[] keys = node.commands.run("KEYS", "*").split(" ", -1);
            for (int i = 2; i < keys.length; i += 2) {
                String expiry = node.commands.run("PEXPIRETIME", keys[i]).substring(1);
                contents.put(database + "/" + keys[i], value(node, keys[i]) + "@" + expiry);
            }
        }
        return contents;
    }

    private static String value(TestNode node, String key) {
        if (!node.commands.run("TYPE", key).equals("+string")) {
            return COLLECTION;
        }
        String value = node.commands.run("GET", key);
        return value.equals("$0") ? "" : value.substring(value.indexOf(' ') + 1);
    }

    private static String text(long address, int length) {
        return new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
    }
}
