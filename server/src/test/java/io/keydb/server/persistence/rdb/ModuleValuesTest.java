package io.keydb.server.persistence.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.memory.Memory;
import io.keydb.server.support.Crc64;
import io.keydb.server.value.module.ModuleTypes;
import io.keydb.server.value.module.TypeIdentity;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values of module types among all other commands, brought in by RESTORE. */
class ModuleValuesTest {
    private static final long OLD = TypeIdentity.of("testtype1", 1);
    private static final long CURRENT = TypeIdentity.of("testtype1", 2);
    private static final String LARGE = "x".repeat(100_000);

    private final CommandTester server = new CommandTester();

    @AfterEach
    void nothingStaysAllocated() {
        server.close();
    }

    @Test
    void aTypeThatNobodyHasBroughtIsNotTaken() {
        assertThat(restore("a", payload(CURRENT, "value"))).isEqualTo("-ERR Bad data format");
        assertThat(server.run("EXISTS", "a")).isEqualTo(":0");
    }

    @Test
    void aValueGoesWhereverKeysGo() {
        server.keyspace().moduleTypes(new Types());
        for (String text : new String[] {"", "12345", "value", LARGE}) {
            String payload = payload(CURRENT, text);
            assertThat(restore("a", payload)).isEqualTo("+OK");
            assertThat(server.run("TYPE", "a")).isEqualTo("+testtype1");
            assertThat(server.run("OBJECT", "ENCODING", "a")).isEqualTo("$3 raw");
            assertThat(server.run("COPY", "a", "b")).isEqualTo(":1");
            assertThat(server.run("RENAME", "b", "c")).isEqualTo("+OK");
            assertThat(server.run("PEXPIRE", "c", "1000")).isEqualTo(":1");
            assertThat(server.run("DUMP", "c")).isEqualTo(server.run("DUMP", "a"));
            assertThat(content("c")).isEqualTo(text);
            assertThat(server.run("GET", "a")).startsWith("-WRONGTYPE");
            assertThat(server.run("SCAN", "0", "COUNT", "100", "TYPE", "testtype1"))
                    .startsWith("*2 $1 0 *2");
            server.clock().advanceMillis(2000);
            assertThat(server.run("EXISTS", "c")).isEqualTo(":0");
            assertThat(server.run("UNLINK", "a")).isEqualTo(":1");
        }
    }

    @Test
    void anOlderVersionIsBroughtUpToDate() {
        server.keyspace().moduleTypes(new Types());
        assertThat(restore("a", payload(OLD, "value"))).isEqualTo("+OK");
        assertThat(content("a")).isEqualTo("new value");
        assertThat(server.run("DUMP", "a"))
                .isEqualTo("$" + payload(CURRENT, "new value").length() + " " + shown("new value"));
    }

    @Test
    void whatTheTypeRefusesIsNotTaken() {
        server.keyspace().moduleTypes(new Types());
        assertThat(restore("a", payload(CURRENT, "damaged"))).isEqualTo("-ERR Bad data format");
        assertThat(server.run("EXISTS", "a")).isEqualTo(":0");
    }

    @Test
    void anIdentityIsANameAndAVersion() {
        assertThat(TypeIdentity.name(OLD)).isEqualTo("testtype1");
        assertThat(TypeIdentity.version(CURRENT)).isEqualTo(2);
        assertThat(TypeIdentity.sameType(OLD, CURRENT)).isTrue();
        assertThat(TypeIdentity.sameType(OLD, TypeIdentity.of("testtype2", 1))).isFalse();
    }

    private String shown(String text) {
        return ("." + payload(CURRENT, text)).replace("\r\n", " ").trim().substring(1);
    }

    /** The bytes of a short value, or of one that is compressed, by way of its dump. */
    private String content(String key) {
        String dumped = server.run("DUMP", key);
        for (String text : new String[] {"", "12345", "value", "new value"}) {
            if (dumped.endsWith(" " + shown(text))) {
                return text;
            }
        }
        server.run("DEL", "copy");
        String direct = dumped.substring(dumped.indexOf(' ') + 1);
        assertThat(restore("copy", direct)).isEqualTo("+OK");
        assertThat(server.run("DEL", "copy")).isEqualTo(":1");
        return LARGE;
    }

    private String restore(String key, String payload) {
        return server.run("RESTORE", key, "0", payload);
    }

    private static String payload(long identity, String text) {
        StringBuilder value = new StringBuilder("\7\u0081");
        for (int shift = 56; shift >= 0; shift -= 8) {
            value.append((char) (identity >>> shift & 0xff));
        }
        value.append('\5').append(string(text)).append('\0');
        value.append("\n\0");
        long sum = Crc64.of(value.toString().getBytes(StandardCharsets.ISO_8859_1));
        for (int shift = 0; shift < 64; shift += 8) {
            value.append((char) (sum >>> shift & 0xff));
        }
        return value.toString();
    }

    private static String string(String text) {
        if (text.equals("12345")) {
            return "\u00c1\u0039\u0030";
        }
        int length = text.length();
        return length < 64
                ? (char) length + text
                : "\u0080\0"
                        + (char) (length >>> 16)
                        + (char) (length >>> 8 & 0xff)
                        + (char) (length & 0xff)
                        + text;
    }

    private static final class Types implements ModuleTypes {
        @Override
        public long current(long identity) {
            return TypeIdentity.sameType(identity, CURRENT) ? CURRENT : UNKNOWN;
        }

        @Override
        public byte @Nullable [] accept(long identity, long address, int length) {
            String text = new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
            if (text.equals("damaged")) {
                throw new IllegalArgumentException("it is damaged");
            }
            return identity == CURRENT
                    ? null
                    : ("new " + text).getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
