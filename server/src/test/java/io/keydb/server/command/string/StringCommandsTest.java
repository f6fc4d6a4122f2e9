package io.keydb.server.command.string;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** String commands store, count and cut as stock does, and leave deterministic effects. */
class StringCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void whatIsSetCanBeRead() {
        assertThat(server.run("SET", "k", "value")).isEqualTo("+OK");
        assertThat(server.run("GET", "k")).isEqualTo("$5 value");
        assertThat(server.run("GET", "none")).isEqualTo("$-1");
        assertThat(server.takeEffects()).containsExactly("0: SET k value");
    }

    @Test
    void aValueMayBeOfAnySize() {
        for (int length : new int[] {0, 1, 20, 44, 45, 255, 256, 4096, 4097, 100_000}) {
            String value = "x".repeat(length);
            server.run("SET", "k", value);
            assertThat(server.run("GET", "k")).isEqualTo(("$" + length + " " + value).trim());
            assertThat(server.run("STRLEN", "k")).isEqualTo(":" + length);
        }
    }

    @Test
    void encodingsAreToldAsStockTellsThem() {
        server.run("SET", "k", "-9223372036854775808");
        assertThat(server.run("OBJECT", "ENCODING", "k")).isEqualTo("$3 int");
        assertThat(server.run("GET", "k")).isEqualTo("$20 -9223372036854775808");
        server.run("SET", "k", "007");
        assertThat(server.run("OBJECT", "ENCODING", "k")).isEqualTo("$6 embstr");
        server.run("APPEND", "k", "1");
        assertThat(server.run("OBJECT", "ENCODING", "k")).isEqualTo("$3 raw");
        server.run("SET", "k", "x".repeat(45));
        assertThat(server.run("OBJECT", "ENCODING", "k")).isEqualTo("$3 raw");
    }

    @Test
    void conditionsOfSetAreObeyed() {
        assertThat(server.run("SET", "k", "1", "XX")).isEqualTo("$-1");
        assertThat(server.run("SET", "k", "1", "NX")).isEqualTo("+OK");
        assertThat(server.run("SET", "k", "2", "NX")).isEqualTo("$-1");
        assertThat(server.run("SET", "k", "2", "NX", "GET")).isEqualTo("$1 1");
        assertThat(server.run("SET", "k", "3", "GET")).isEqualTo("$1 1");
        assertThat(server.run("SET", "k", "3", "NX", "XX")).isEqualTo("-ERR syntax error");
        assertThat(server.run("SET", "k", "3", "EX", "1", "KEEPTTL"))
                .isEqualTo("-ERR syntax error");
    }

    @Test
    void relativeExpiryLeavesAnAbsoluteEffect() {
        server.run("SET", "k", "v", "EX", "10");
        long expiry = server.clock().millis() + 10_000;
        assertThat(server.takeEffects()).containsExactly("0: SET k v PXAT " + expiry);
        assertThat(server.run("PTTL", "k")).isEqualTo(":10000");
        server.run("SET", "k", "w", "KEEPTTL");
        assertThat(server.run("PTTL", "k")).isEqualTo(":10000");
        server.run("SET", "k", "w");
        assertThat(server.run("PTTL", "k")).isEqualTo(":-1");
    }

    @Test
    void anExpiredKeyIsRemovedAndToldToTheLog() {
        server.run("SET", "k", "v", "PX", "100");
        server.takeEffects();
        server.clock().advanceMillis(101);
        assertThat(server.run("GET", "k")).isEqualTo("$-1");
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
    }

    @Test
    void countersCountAndRefuseToOverflow() {
        assertThat(server.run("INCR", "n")).isEqualTo(":1");
        assertThat(server.run("INCRBY", "n", "41")).isEqualTo(":42");
        assertThat(server.run("DECRBY", "n", "50")).isEqualTo(":-8");
        server.run("SET", "n", "9223372036854775807");
        assertThat(server.run("INCR", "n")).isEqualTo("-ERR increment or decrement would overflow");
        server.run("SET", "n", "nonsense");
        assertThat(server.run("INCR", "n"))
                .isEqualTo("-ERR value is not an integer or out of range");
    }

    @Test
    void floatsAreCountedWithSixtyFourBits() {
        server.run("SET", "f", "10.50");
        assertThat(server.run("INCRBYFLOAT", "f", "0.1")).isEqualTo("$4 10.6");
        assertThat(server.run("INCRBYFLOAT", "f", "-5")).isEqualTo("$3 5.6");
        server.run("SET", "f", "5.0e3");
        assertThat(server.run("INCRBYFLOAT", "f", "2.0e2")).isEqualTo("$4 5200");
        server.run("SET", "f", "3");
        assertThat(server.run("INCRBYFLOAT", "f", "1.1")).isEqualTo("$3 4.1");
        assertThat(server.takeEffects()).contains("0: SET f 4.1 KEEPTTL");
        assertThat(server.run("INCRBYFLOAT", "f", "x"))
                .isEqualTo("-ERR value is not a valid float");
    }

    @Test
    void partsAreCutAndOverwritten() {
        server.run("SET", "k", "Hello World");
        assertThat(server.run("GETRANGE", "k", "-5", "-1")).isEqualTo("$5 World");
        assertThat(server.run("GETRANGE", "k", "3", "1")).isEqualTo("$0");
        assertThat(server.run("SETRANGE", "k", "6", "Redis")).isEqualTo(":11");
        assertThat(server.run("GET", "k")).isEqualTo("$11 Hello Redis");
        assertThat(server.run("SETRANGE", "new", "2", "x")).isEqualTo(":3");
        assertThat(server.run("GET", "new")).isEqualTo("$3 \0\0x");
        assertThat(server.run("SETRANGE", "k", "536870912", "x"))
                .isEqualTo("-ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    }

    @Test
    void appendingGrowsAStringStepByStep() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            expected.append(i % 10);
            assertThat(server.run("APPEND", "k", String.valueOf(i % 10)))
                    .isEqualTo(":" + expected.length());
        }
        assertThat(server.run("GET", "k")).isEqualTo("$3000 " + expected);
    }

    @Test
    void severalKeysAreSetAtOnce() {
        assertThat(server.run("MSET", "a", "1", "b", "2", "a", "3")).isEqualTo("+OK");
        assertThat(server.run("MGET", "a", "b", "c")).isEqualTo("*3 $1 3 $1 2 $-1");
        assertThat(server.run("MSETNX", "c", "1", "a", "2")).isEqualTo(":0");
        assertThat(server.run("EXISTS", "a", "b", "c")).isEqualTo(":2");
        assertThat(server.run("MSET", "a", "1", "b"))
                .isEqualTo("-ERR wrong number of arguments for 'mset' command");
    }

    @Test
    void theLongestCommonSubsequenceIsFound() {
        server.run("MSET", "a", "ohmytext", "b", "mynewtext");
        assertThat(server.run("LCS", "a", "b")).isEqualTo("$6 mytext");
        assertThat(server.run("LCS", "a", "b", "LEN")).isEqualTo(":6");
        assertThat(server.run("LCS", "a", "b", "IDX", "MINMATCHLEN", "4", "WITHMATCHLEN"))
                .isEqualTo("*4 $7 matches *1 *3 *2 :4 :7 *2 :5 :8 :4 $3 len :6");
    }

    @Test
    void activeNodesLogResultingStates() {
        try (CommandTester active = new CommandTester(true)) {
            active.run("INCR", "n");
            active.run("INCR", "n");
            active.run("APPEND", "s", "ab");
            active.run("RENAME", "s", "t");
            active.run("MSET", "x", "1", "y", "2");
            active.run("DEL", "x", "y");
            active.run("FLUSHDB");
            assertThat(active.takeEffects())
                    .containsExactly(
                            "0: SET n 1",
                            "0: SET n 2",
                            "0: SET s ab",
                            "0: DEL s",
                            "0: SET t ab",
                            "0: SET x 1",
                            "0: SET y 2",
                            "0: DEL x",
                            "0: DEL y",
                            "0: FLUSHDB");
            assertThat(active.keyspace().database(0).flushStamp()).isEqualTo(1007);
        }
    }
}
