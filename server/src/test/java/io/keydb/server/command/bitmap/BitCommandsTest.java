package io.keydb.server.command.bitmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.Test;

class BitCommandsTest {
    @Test
    void bitsAreSetAndStringsGrowInEveryForm() {
        try (CommandTester tester = new CommandTester()) {
            assertThat(tester.run("SETBIT", "k", "1", "1")).isEqualTo(":0");
            assertThat(tester.run("GET", "k")).isEqualTo("$1 @");
            assertThat(tester.run("SETBIT", "k", "40000", "1")).isEqualTo(":0");
            assertThat(tester.run("STRLEN", "k")).isEqualTo(":5001");
            assertThat(tester.run("SETBIT", "k", "800000", "1")).isEqualTo(":0");
            assertThat(tester.run("BITCOUNT", "k")).isEqualTo(":3");
            assertThat(tester.run("BITPOS", "k", "1", "1")).isEqualTo(":40000");
            tester.run("SET", "n", "-12");
            assertThat(tester.run("SETBIT", "n", "50000", "1")).isEqualTo(":0");
            assertThat(tester.run("GETRANGE", "n", "0", "2")).isEqualTo("$3 -12");
        }
    }

    @Test
    void whatChangesNothingIsNoChange() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("SET", "k", "abc");
            tester.takeEffects();
            tester.run("WATCH", "k");
            CommandTester.Session other = tester.session();
            assertThat(other.run("SETBIT", "k", "0", "0")).isEqualTo(":0");
            assertThat(other.run("BITFIELD", "k", "SET", "u8", "0", "97")).isEqualTo("*1 :97");
            assertThat(tester.takeEffects()).isEmpty();
            assertThat(tester.run("OBJECT", "ENCODING", "k")).isEqualTo("$3 raw");
            tester.run("MULTI");
            tester.run("PING");
            assertThat(tester.run("EXEC")).isEqualTo("*1 +PONG");
            assertThat(other.run("BITFIELD", "k", "SET", "u8", "0", "98")).isEqualTo("*1 :97");
            assertThat(tester.takeEffects()).containsExactly("0: BITFIELD k SET u8 0 98");
        }
    }

    @Test
    void theDestinationMayBeASource() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("SET", "a", "ab");
            tester.run("SET", "n", "12");
            assertThat(tester.run("BITOP", "OR", "a", "n", "a")).isEqualTo(":2");
            assertThat(tester.run("GET", "a")).isEqualTo("$2 qr");
            assertThat(tester.run("BITOP", "LSHIFT", "a", "a", "8")).isEqualTo(":3");
            assertThat(tester.run("GET", "a")).isEqualTo("$3 \0qr");
            assertThat(tester.run("BITOP", "RSHIFT", "a", "a", "24")).isEqualTo(":0");
            assertThat(tester.run("EXISTS", "a")).isEqualTo(":0");
            assertThat(tester.takeEffects())
                    .endsWith(
                            "0: BITOP OR a n a", "0: BITOP LSHIFT a a 8", "0: BITOP RSHIFT a a 24");
        }
    }

    @Test
    void anErrorInALaterOperationChangesNothing() {
        try (CommandTester tester = new CommandTester()) {
            assertThat(tester.run("BITFIELD", "k", "SET", "u8", "0", "1", "GET", "u64", "0"))
                    .startsWith("-ERR Invalid bitfield type");
            assertThat(tester.run("EXISTS", "k")).isEqualTo(":0");
        }
    }
}
