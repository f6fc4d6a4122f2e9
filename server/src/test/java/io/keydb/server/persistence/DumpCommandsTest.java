package io.keydb.server.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.support.Crc64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DUMP and RESTORE, with payloads taken from a stock server. */
class DumpCommandsTest {
    /** {@code DUMP} of {@code value} on stock 7.0.15. */
    private static final String VALUE = payload("\0\5value", 10);

    private final CommandTester server = new CommandTester();

    @AfterEach
    void nothingStaysAllocated() {
        server.close();
    }

    @Test
    void aStringComesBack() {
        server.run("SET", "a", "value");
        String dumped = server.bulk("DUMP", "a");
        assertThat(dumped).isEqualTo(VALUE);
        assertThat(server.run("RESTORE", "b", "0", dumped)).isEqualTo("+OK");
        assertThat(server.run("GET", "b")).isEqualTo("$5 value");
        assertThat(server.run("DUMP", "none")).isEqualTo("$-1");
    }

    @Test
    void refusalsComeInTheOrderOfStock() {
        server.run("SET", "a", "value");
        assertThat(server.run("RESTORE", "a", "x", "y")).startsWith("-BUSYKEY Target key");
        assertThat(server.run("RESTORE", "b", "x", "y")).startsWith("-ERR value is not an");
        assertThat(server.run("RESTORE", "b", "-1", "y"))
                .isEqualTo("-ERR Invalid TTL value, must be >= 0");
        assertThat(server.run("RESTORE", "b", "0", "y"))
                .isEqualTo("-ERR DUMP payload version or checksum are wrong");
        assertThat(server.run("RESTORE", "b", "0", payload("\0\5value", 13)))
                .isEqualTo("-ERR DUMP payload version or checksum are wrong");
        assertThat(server.run("RESTORE", "b", "0", payload("\1\0", 10)))
                .isEqualTo("-ERR Bad data format");
        assertThat(server.run("RESTORE", "b", "0", VALUE, "IDLETIME", "-1"))
                .isEqualTo("-ERR Invalid IDLETIME value, must be >= 0");
        assertThat(server.run("RESTORE", "b", "0", VALUE, "FREQ", "256"))
                .isEqualTo("-ERR Invalid FREQ value, must be >= 0 and <= 255");
        assertThat(server.run("RESTORE", "b", "0", VALUE, "FREQ", "1", "IDLETIME", "1"))
                .isEqualTo("-ERR syntax error");
        assertThat(server.run("EXISTS", "b")).isEqualTo(":0");
    }

    @Test
    void expiriesAreAbsoluteInTheLog() {
        server.takeEffects();
        server.run("RESTORE", "a", "1000", VALUE);
        assertThat(server.run("PTTL", "a")).isEqualTo(":1000");
        assertThat(server.takeEffects()).hasSize(1).first().asString().endsWith(" ABSTTL");
        server.run("RESTORE", "a", "1700000005000", VALUE, "ABSTTL", "REPLACE");
        assertThat(server.run("PTTL", "a")).isEqualTo(":5000");
        server.takeEffects();
        assertThat(server.run("RESTORE", "a", "5", VALUE, "ABSTTL", "REPLACE")).isEqualTo("+OK");
        assertThat(server.takeEffects()).containsExactly("0: DEL a");
        assertThat(server.run("RESTORE", "a", "5", VALUE, "ABSTTL", "REPLACE")).isEqualTo("+OK");
        assertThat(server.takeEffects()).isEmpty();
        assertThat(server.run("EXISTS", "a")).isEqualTo(":0");
        server.keyspace().lazyFreeing().ofEmptied(true);
        server.run("SET", "a", "v");
        server.takeEffects();
        server.run("RESTORE", "a", "5", VALUE, "ABSTTL", "REPLACE");
        assertThat(server.takeEffects()).containsExactly("0: UNLINK a");
    }

    @Test
    void membersGoOnExpiring() {
        server.run("HSET", "h", "f", "1", "g", "2");
        server.run("HPEXPIRE", "h", "5000", "FIELDS", "1", "f");
        server.run("SADD", "s", "a", "b");
        server.run("EXPIREMEMBER", "s", "a", "5");
        for (String key : new String[] {"h", "s"}) {
            server.run("RESTORE", "copy:" + key, "0", server.bulk("DUMP", key));
        }
        assertThat(server.run("HPTTL", "copy:h", "FIELDS", "2", "f", "g"))
                .isEqualTo("*2 :5000 :-1");
        assertThat(server.run("PTTL", "copy:s", "a")).isEqualTo(":5000");
        server.clock().advanceMillis(6_000);
        assertThat(server.run("HLEN", "copy:h")).isEqualTo(":1");
        assertThat(server.run("SCARD", "copy:s")).isEqualTo(":1");
    }

    @Test
    void theIdleTimeIsKept() {
        server.keyspace().tick();
        server.run("RESTORE", "a", "0", VALUE, "IDLETIME", "1000");
        assertThat(server.run("OBJECT", "IDLETIME", "a")).isEqualTo(":1000");
    }

    static String payload(String value, int version) {
        byte[] bytes =
                (value + (char) version + "\0" + "\0".repeat(8))
                        .getBytes(StandardCharsets.ISO_8859_1);
        long crc = Crc64.of(Arrays.copyOf(bytes, bytes.length - 8));
        for (int i = 0; i < 8; i++) {
            bytes[bytes.length - 8 + i] = (byte) (crc >>> (8 * i));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
