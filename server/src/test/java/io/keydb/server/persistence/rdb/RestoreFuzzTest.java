package io.keydb.server.persistence.rdb;

import static io.keydb.server.persistence.rdb.ForeignBytes.bytes;
import static io.keydb.server.persistence.rdb.ForeignBytes.joined;
import static io.keydb.server.persistence.rdb.ForeignBytes.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.keyspace.snapshot.Digest;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Payloads of every form, damaged at random, with a checksum that is right: RESTORE refuses them or
 * makes a value that every command can read and that is whole. Nothing crashes, hangs or leaks.
 */
class RestoreFuzzTest {
    private static final long SEED = Long.getLong("keydb.seed", System.nanoTime());
    private static final int ROUNDS_PER_SERVER = 1_000;

    private static final Map<String, String[][]> READS =
            Map.of(
                    "+string",
                    new String[][] {{"GET", "k"}, {"STRLEN", "k"}, {"GETRANGE", "k", "0", "-1"}},
                    "+list",
                    new String[][] {
                        {"LRANGE", "k", "0", "-1"},
                        {"LLEN", "k"},
                        {"LINDEX", "k", "-1"},
                        {"LPOS", "k", "a", "COUNT", "0"},
                    },
                    "+set",
                    new String[][] {
                        {"SMEMBERS", "k"},
                        {"SCARD", "k"},
                        {"SSCAN", "k", "0", "COUNT", "1000"},
                        {"SRANDMEMBER", "k", "-5"},
                    },
                    "+hash",
                    new String[][] {
                        {"HGETALL", "k"},
                        {"HLEN", "k"},
                        {"HSCAN", "k", "0", "COUNT", "1000"},
                        {"HRANDFIELD", "k", "-5", "WITHVALUES"},
                        {"HGET", "k", "f"},
                    },
                    "+zset",
                    new String[][] {
                        {"ZRANGE", "k", "0", "-1", "WITHSCORES"},
                        {"ZRANGEBYSCORE", "k", "-inf", "+inf", "WITHSCORES"},
                        {"ZRANGEBYLEX", "k", "-", "+"},
                        {"ZCARD", "k"},
                        {"ZSCAN", "k", "0", "COUNT", "1000"},
                        {"ZRANK", "k", "a"},
                    },
                    "+stream",
                    new String[][] {
                        {"XRANGE", "k", "-", "+"},
                        {"XREVRANGE", "k", "+", "-"},
                        {"XLEN", "k"},
                        {"XINFO", "STREAM", "k", "FULL", "COUNT", "0"},
                        {"XINFO", "GROUPS", "k"},
                        {"XPENDING", "k", "g1"},
                        {"XPENDING", "k", "g1", "-", "+", "100"},
                    });

    private static final String[][] WRITES = {
        {"COPY", "k", "copy", "REPLACE"},
        {"APPEND", "k", "x"},
        {"RPUSH", "k", "x"},
        {"LPOP", "k"},
        {"LREM", "k", "0", "a"},
        {"SADD", "k", "x", "5"},
        {"SPOP", "k"},
        {"HSET", "k", "field", "value"},
        {"HDEL", "k", "f", "f1"},
        {"ZADD", "k", "3", "x"},
        {"ZPOPMIN", "k"},
        {"XADD", "k", "*", "f", "v"},
        {"XTRIM", "k", "MAXLEN", "3"},
        {"XREADGROUP", "GROUP", "g1", "c", "STREAMS", "k", ">"},
        {"XACK", "k", "g1", "1-1"},
        {"XGROUP", "DESTROY", "k", "g1"},
    };

    private record Value(int type, byte[] bytes) {}

    @Test
    void damagedPayloadsAreRefusedOrWhole() throws Exception {
        int mutations = Integer.getInteger("keydb.fuzz.mutations", 6_000);
        List<Value> values = values();
        int restored = 0;
        for (int done = 0; done < mutations; done += ROUNDS_PER_SERVER) {
            long seed = SEED + done;
            try (CommandTester server = new CommandTester()) {
                Random random = new Random(seed);
                for (int i = 0; i < ROUNDS_PER_SERVER; i++) {
                    Value value = any(values, random);
                    restored += tryOne(server, value, random) ? 1 : 0;
                }
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("-Dkeydb.seed=" + seed, failure);
            }
        }
        assertThat(restored).isPositive();
    }

    /** Most often a short one: they are quicker, and damage to them is more to the point. */
    private static Value any(List<Value> values, Random random) {
        Value value = values.get(random.nextInt(values.size()));
        boolean isLong = value.bytes().length > 400;
        return isLong && random.nextInt(10) != 0 ? any(values, random) : value;
    }

    private static boolean tryOne(CommandTester server, Value value, Random random) {
        int type = random.nextInt(20) == 0 ? random.nextInt(30) : value.type();
        byte[] damaged = random.nextInt(30) == 0 ? value.bytes() : damaged(value.bytes(), random);
        String payload = latin(ForeignBytes.payload(type, damaged));
        String reply = server.run("RESTORE", "k", "0", payload, "REPLACE");
        if (!reply.equals("+OK")) {
            assertThat(reply).isEqualTo("-ERR Bad data format");
            return false;
        }
        String held = server.run("TYPE", "k");
        if (held.equals("+none")) {
            return true; // all its fields have expired
        }
        for (String[] read : Objects.requireNonNull(READS.get(held))) {
            server.run(read);
        }
        server.run("OBJECT", "ENCODING", "k");
        server.run("MEMORY", "USAGE", "k");
        assertThat(again(server)).isEqualTo(digest(server.keyspace(), "k"));
        for (int i = 0; i < 4; i++) {
            server.run(WRITES[random.nextInt(WRITES.length)]);
        }
        server.run("DEL", "k");
        return true;
    }

    /** What the value is when it was dumped and restored. */
    private static String again(CommandTester server) {
        Keyspace keyspace = server.keyspace();
        try (OffHeapBuffer dump = new OffHeapBuffer(keyspace.pages())) {
            KeptKey kept = new KeptKey(keyspace.pages());
            Key key = kept.keep("k".getBytes(StandardCharsets.US_ASCII));
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                DumpPayload.write(keyspace.database(0).stored(key), dump);
            } finally {
                partition.unlock();
                kept.close();
            }
            String payload = latin(Memory.bytes(dump.address(), (int) dump.length()));
            assertThat(server.run("RESTORE", "again", "0", payload, "REPLACE")).isEqualTo("+OK");
        }
        return digest(keyspace, "again");
    }

    private static String digest(Keyspace keyspace, String name) {
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            Key key = kept.keep(name.getBytes(StandardCharsets.US_ASCII));
            Partition partition = keyspace.partitionOf(key);
            partition.lock();
            try {
                return Digest.of(keyspace.database(0), key);
            } finally {
                partition.unlock();
            }
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        for (int n = 1 + random.nextInt(4); n > 0 && damaged.length > 0; n--) {
            int at = random.nextInt(Math.min(damaged.length, random.nextBoolean() ? 40 : 1 << 30));
            switch (random.nextInt(6)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt();
                case 2 -> damaged[at] = (byte) (random.nextBoolean() ? 0xff : 0x80);
                case 3 -> damaged[at] += (byte) (random.nextBoolean() ? 1 : -1);
                case 4 -> damaged = Arrays.copyOf(damaged, at);
                default -> {
                    int from = random.nextInt(damaged.length);
                    int length = Math.min(random.nextInt(16), damaged.length - Math.max(at, from));
                    System.arraycopy(damaged, from, damaged, at, length);
                }
            }
        }
        return damaged;
    }

    private static List<Value> values() throws Exception {
        List<Value> values = new ArrayList<>(ofStock());
        List<?> pairs = List.of("a", 1, "b", 500, "c", 70_000, "d", "2.5", "x".repeat(100), -3);
        byte[] ziplist = string(ForeignBytes.ziplist(pairs));
        byte[] listpack = string(ForeignBytes.listpack(pairs));
        for (int type : new int[] {10, 12, 13}) {
            values.add(new Value(type, ziplist));
        }
        for (int type : new int[] {16, 17, 20}) {
            values.add(new Value(type, listpack));
        }
        values.add(new Value(14, joined(bytes(2), ziplist, ziplist)));
        values.add(new Value(18, joined(bytes(3, 2), listpack, bytes(1, 1, 'p', 2), listpack)));
        values.add(new Value(11, string(ForeignBytes.integers(2, -5, 0, 300))));
        values.add(new Value(11, string(ForeignBytes.integers(8, -5, 0, 1L << 40))));
        values.add(
                new Value(
                        9, string(ForeignBytes.zipmap(List.of("f", "v", "g", "w".repeat(9)), 2))));
        values.add(
                new Value(3, joined(bytes(2, 1, 'a', 254, 1, 'b', 3), "1.5".getBytes("US-ASCII"))));
        byte[] expiring =
                string(ForeignBytes.listpack(List.of("f", 1, 0, "g", "v", 1_900_000_000_000L)));
        values.add(new Value(23, expiring));
        return values;
    }

    private static List<Value> ofStock() throws Exception {
        List<Value> values = new ArrayList<>();
        try (CommandTester server = new CommandTester();
                InputStream in =
                        Objects.requireNonNull(
                                RestoreFuzzTest.class.getResourceAsStream(
                                        "/golden/redis-7.0.15/types.rdb"));
                RdbReader reader =
                        new RdbReader(server.keyspace().pages(), new Collector(values), 1 << 20);
                OffHeapBuffer bytes = new OffHeapBuffer(server.keyspace().pages())) {
            byte[] file = in.readAllBytes();
            bytes.append(file);
            reader.feed(bytes.address(), file.length);
        }
        return values;
    }

    private record Collector(List<Value> values) implements RdbVisitor {
        @Override
        public void auxiliary(String name, byte[] value) {}

        @Override
        public void database(long index) {}

        @Override
        public void entry(RdbEntry entry) {
            byte[] bytes = Memory.bytes(entry.valueAddress, (int) entry.valueLength);
            values.add(new Value(entry.type, bytes));
        }

        @Override
        public void end() {}
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
