package io.keydb.e2e.replication;

import io.keydb.e2e.process.RespClient;
import java.io.IOException;
import java.util.Random;

/**
 * Random writes to values of every type: what depends on chance, on the time or on what is there
 * included, since that is where a copy could come out different. Some are errors.
 *
 * <p>Threads: confined to one test.
 */
final class Writes {
    private static final int KEYS = 6;

    private final RespClient client;
    private final Random random;

    Writes(RespClient client, Random random) {
        this.client = client;
        this.random = random;
    }

    void run(int operations) throws IOException {
        for (int i = 0; i < operations; i++) {
            switch (random.nextInt(8)) {
                case 0 -> list();
                case 1 -> set();
                case 2 -> hash();
                case 3 -> sortedSet();
                case 4 -> stream();
                case 5 -> string();
                case 6 -> any();
                default -> transaction();
            }
        }
    }

    private void transaction() throws IOException {
        client.call("MULTI");
        list();
        set();
        hash();
        client.call(random.nextInt(10) == 0 ? "DISCARD" : "EXEC");
    }

    private void list() throws IOException {
        String key = key("list");
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> client.call("RPUSH", key, text(), number());
            case 3, 4 -> client.call("LPUSH", key, text(), text());
            case 5 -> client.call("LPOP", key, "2");
            case 6 -> client.call("RPOP", key);
            case 7 -> client.call("LMOVE", key, key("list"), "LEFT", "RIGHT");
            case 8 -> client.call("LSET", key, "1", "x".repeat(random.nextInt(9_000)));
            case 9 -> client.call("LINSERT", key, "BEFORE", number(), text());
            case 10 -> client.call("LREM", key, "1", number());
            case 11 -> client.call("LTRIM", key, "0", "200");
            case 12 -> client.call("BLMPOP", "0.01", "2", key, key("list"), "LEFT", "COUNT", "3");
            default -> client.call("BLPOP", key, key("list"), "0.01");
        }
    }

    private void set() throws IOException {
        String key = key("set");
        switch (random.nextInt(9)) {
            case 0, 1 -> client.call("SADD", key, number(), number());
            case 2 -> client.call("SADD", key, text(), number());
            case 3 -> client.call("SREM", key, number());
            case 4 -> client.call("SPOP", key);
            case 5 -> client.call("SPOP", key, "3");
            case 6 -> client.call("SMOVE", key, key("set"), number());
            case 7 -> client.call("SUNIONSTORE", key, key("set"), key("set"));
            default -> client.call("SDIFFSTORE", key("stored"), key, key("set"));
        }
    }

    private void hash() throws IOException {
        String key = key("hash");
        switch (random.nextInt(8)) {
            case 0, 1 -> client.call("HSET", key, number(), text(), text(), number());
            case 2 -> client.call("HSETNX", key, number(), text());
            case 3 -> client.call("HDEL", key, number(), text());
            case 4 -> client.call("HINCRBY", key, "count", number());
            case 5 -> client.call("HINCRBYFLOAT", key, "float", "0.1");
            case 6 -> client.call("HSET", key, "long", "y".repeat(random.nextInt(200)));
            default -> client.call("HSET", key, "f" + random.nextInt(700), "v");
        }
    }

    private void sortedSet() throws IOException {
        String key = key("zset");
        switch (random.nextInt(11)) {
            case 0, 1 -> client.call("ZADD", key, number(), number(), "0.5", text());
            case 2 -> client.call("ZADD", key, "GT", "CH", number(), number());
            case 3 -> client.call("ZINCRBY", key, "0.1", number());
            case 4 -> client.call("ZADD", key, "INCR", "1.7", number());
            case 5 -> client.call("ZREM", key, number());
            case 6 -> client.call("ZPOPMIN", key, "2");
            case 7 -> client.call("ZREMRANGEBYRANK", key, "0", "1");
            case 8 -> client.call("ZUNIONSTORE", key("stored"), "2", key, key("zset"));
            case 9 -> client.call("BZPOPMAX", key, key("zset"), "0.01");
            default -> client.call("GEOADD", key("geo"), "13.361389", "38.115556", text());
        }
    }

    private void stream() throws IOException {
        String key = key("stream");
        switch (random.nextInt(11)) {
            case 0, 1, 2 -> client.call("XADD", key, "*", "field", text());
            case 3 -> client.call("XADD", key, "MAXLEN", "~", "100", "*", text(), number());
            case 4 -> client.call("XGROUP", "CREATE", key, "g", "0", "MKSTREAM");
            case 5, 6 ->
                    client.call(
                            "XREADGROUP",
                            "GROUP",
                            "g",
                            "c" + random.nextInt(3),
                            "COUNT",
                            "3",
                            "STREAMS",
                            key,
                            ">");
            case 7 -> client.call("XAUTOCLAIM", key, "g", "c0", "0", "0", "COUNT", "5");
            case 8 -> client.call("XTRIM", key, "MAXLEN", "50");
            case 9 -> client.call("XGROUP", "DELCONSUMER", key, "g", "c1");
            default -> client.call("XSETID", key, "99999999999999-0");
        }
    }

    private void string() throws IOException {
        String key = key("string");
        switch (random.nextInt(7)) {
            case 0 -> client.call("SET", key, text(), "EX", "1000");
            case 1 -> client.call("INCRBYFLOAT", key("float"), "0.1");
            case 2 -> client.call("SETBIT", key("bits"), number().replace("-", ""), "1");
            case 3 -> client.call("PFADD", key("hll"), text(), number());
            case 4 -> client.call("BITOP", "XOR", key("bits"), key("bits"), key("string"));
            case 5 -> client.call("GETDEL", key);
            default -> client.call("APPEND", key, text());
        }
    }

    private void any() throws IOException {
        String[] kinds = {"list", "set", "hash", "zset", "stream", "string"};
        String kind = kinds[random.nextInt(kinds.length)];
        String key = key(kind);
        switch (random.nextInt(8)) {
            case 0 -> client.call("DEL", key);
            case 1 -> client.call("RENAME", key, key(kind));
            case 2 -> client.call("COPY", key, key(kind), "REPLACE");
            case 3 -> client.call("EXPIRE", key, "100000");
            case 4 -> client.call("PERSIST", key);
            case 5 -> client.call("SORT", key, "ALPHA", "STORE", key("sorted"));
            case 6 -> client.call("MOVE", key, "1");
            default -> client.call("UNLINK", key);
        }
    }

    private String key(String kind) {
        return kind + random.nextInt(KEYS);
    }

    private String number() {
        return Integer.toString(random.nextInt(400) - 100);
    }

    private String text() {
        return "text:" + random.nextInt(300);
    }
}
