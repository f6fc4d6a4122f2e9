package io.keydb.server.command.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.client.ClientKind;
import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.ExpiryMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times of expiry are set, compared and told as by stock, and reach the log as absolute times. */
class ExpiryCommandsTest {
    private static final String INVALID = "-ERR invalid expire time in '%s' command";

    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void everyUnitAndOriginOfTimeIsUnderstood() {
        long now = server.clock().millis();
        server.run("SET", "k", "v");
        server.takeEffects();
        assertThat(server.run("EXPIRE", "k", "100")).isEqualTo(":1");
        assertThat(server.run("PTTL", "k")).isEqualTo(":100000");
        assertThat(server.run("PEXPIRE", "k", "1499")).isEqualTo(":1");
        assertThat(server.run("TTL", "k")).isEqualTo(":1");
        assertThat(server.run("PEXPIRE", "k", "1500")).isEqualTo(":1");
        assertThat(server.run("TTL", "k")).as("rounded half up").isEqualTo(":2");
        assertThat(server.run("EXPIREAT", "k", "33177117420")).isEqualTo(":1");
        assertThat(server.run("EXPIRETIME", "k")).isEqualTo(":33177117420");
        assertThat(server.run("PEXPIRETIME", "k")).isEqualTo(":33177117420000");
        assertThat(server.run("PEXPIREAT", "k", "99999999999999")).isEqualTo(":1");
        assertThat(server.run("PEXPIRETIME", "k")).isEqualTo(":99999999999999");
        assertThat(server.run("EXPIRETIME", "k")).isEqualTo(":100000000000");
        assertThat(server.takeEffects())
                .containsExactly(
                        "0: PEXPIREAT k " + (now + 100_000),
                        "0: PEXPIREAT k " + (now + 1499),
                        "0: PEXPIREAT k " + (now + 1500),
                        "0: PEXPIREAT k 33177117420000",
                        "0: PEXPIREAT k 99999999999999");
    }

    @Test
    void absentAndEverlastingKeysAreToldApart() {
        for (String command : new String[] {"TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"}) {
            assertThat(server.run(command, "none")).isEqualTo(":-2");
            server.run("SET", "k", "v");
            assertThat(server.run(command, "k")).isEqualTo(":-1");
        }
        assertThat(server.run("EXPIRE", "none", "10")).isEqualTo(":0");
        assertThat(server.run("PERSIST", "none")).isEqualTo(":0");
    }

    @Test
    void conditionsCompareWithTheExpiryThereIs() {
        server.run("SET", "k", "v");
        assertThat(server.run("EXPIRE", "k", "10", "XX")).isEqualTo(":0");
        assertThat(server.run("EXPIRE", "k", "10", "GT")).as("never is latest").isEqualTo(":0");
        assertThat(server.run("EXPIRE", "k", "20", "NX", "NX")).isEqualTo(":1");
        assertThat(server.run("EXPIRE", "k", "30", "NX")).isEqualTo(":0");
        assertThat(server.run("EXPIRE", "k", "20", "GT")).isEqualTo(":0");
        assertThat(server.run("EXPIRE", "k", "20", "LT")).isEqualTo(":0");
        assertThat(server.run("EXPIRE", "k", "30", "XX", "GT")).isEqualTo(":1");
        assertThat(server.run("EXPIRE", "k", "25", "xx", "lt")).isEqualTo(":1");
        assertThat(server.run("TTL", "k")).isEqualTo(":25");
        server.run("PERSIST", "k");
        assertThat(server.run("EXPIRE", "k", "10", "LT")).isEqualTo(":1");
        server.takeEffects();
        assertThat(server.run("EXPIRE", "k", "20", "LT")).isEqualTo(":0");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void contradictingOptionsAreRefused() {
        server.run("SET", "k", "v");
        for (String other : new String[] {"XX", "GT", "LT"}) {
            assertThat(server.run("EXPIRE", "k", "10", "NX", other))
                    .isEqualTo(
                            "-ERR NX and XX, GT or LT options at the same time are not"
                                    + " compatible");
        }
        assertThat(server.run("EXPIRE", "k", "10", "GT", "LT"))
                .isEqualTo("-ERR GT and LT options at the same time are not compatible");
        assertThat(server.run("EXPIRE", "k", "x", "FOO")).isEqualTo("-ERR Unsupported option FOO");
        assertThat(server.run("EXPIRE", "k", "x"))
                .isEqualTo("-ERR value is not an integer or out of range");
        assertThat(server.run("TTL", "k")).isEqualTo(":-1");
    }

    @Test
    void timesBeyondWhatTimeAllowsAreRefused() {
        server.run("SET", "k", "v");
        String longest = "9223372036854775807";
        assertThat(server.run("EXPIRE", "k", longest)).isEqualTo(INVALID.formatted("expire"));
        assertThat(server.run("EXPIRE", "k", "9223372036854775"))
                .isEqualTo(INVALID.formatted("expire"));
        assertThat(server.run("EXPIRE", "k", "-9223372036854775808"))
                .isEqualTo(INVALID.formatted("expire"));
        assertThat(server.run("PEXPIRE", "k", longest)).isEqualTo(INVALID.formatted("pexpire"));
        assertThat(server.run("EXPIREAT", "k", longest)).isEqualTo(INVALID.formatted("expireat"));
        assertThat(server.run("PEXPIREAT", "k", longest)).isEqualTo(":1");
        assertThat(server.run("PEXPIRETIME", "k")).isEqualTo(":" + longest);
    }

    @Test
    void aTimeInThePastDeletesTheKey() {
        String past = Long.toString(server.clock().millis());
        for (String[] command :
                new String[][] {
                    {"EXPIRE", "k", "0"}, {"EXPIRE", "k", "-1"}, {"PEXPIRE", "k", "-5", "NX"},
                    {"EXPIREAT", "k", "1"}, {"PEXPIREAT", "k", "0"}, {"PEXPIREAT", "k", past}
                }) {
            server.run("SET", "k", "v");
            server.takeEffects();
            assertThat(server.run(command)).isEqualTo(":1");
            assertThat(server.run("EXISTS", "k")).isEqualTo(":0");
            assertThat(server.takeEffects()).containsExactly("0: DEL k");
        }
        server.run("SET", "k", "v", "EX", "100");
        assertThat(server.run("EXPIRE", "k", "-5", "GT")).isEqualTo(":0");
        assertThat(server.run("EXISTS", "k")).isEqualTo(":1");
        server.run("SET", "k", "v");
        server.takeEffects();
        assertThat(server.run("GETEX", "k", "PXAT", past)).isEqualTo("$1 v");
        assertThat(server.takeEffects()).containsExactly("0: DEL k");
    }

    @Test
    void persistTakesTheExpiryAway() {
        server.run("SET", "k", "v", "PX", "10");
        server.takeEffects();
        assertThat(server.run("PERSIST", "k")).isEqualTo(":1");
        assertThat(server.takeEffects()).containsExactly("0: PERSIST k");
        assertThat(server.run("PERSIST", "k")).isEqualTo(":0");
        assertThat(server.takeEffects()).isEmpty();
        server.clock().advanceMillis(11);
        assertThat(server.run("GET", "k")).isEqualTo("$1 v");
    }

    @Test
    void nothingExpiresHalfwayThroughATransaction() {
        server.run("SET", "k", "v", "PX", "10");
        server.run("MULTI");
        server.run("GET", "k");
        server.run("SET", "l", "w", "PX", "5");
        server.run("GET", "l");
        server.takeEffects();
        assertThat(server.run("EXEC")).isEqualTo("*3 $1 v +OK $1 w");
        assertThat(server.takeEffects())
                .containsExactly("0: SET l w PXAT " + (server.clock().millis() + 5));
    }

    @Test
    void whatAPrimarySaysIsAppliedAsIfNothingHadExpired() {
        server.keyspace().expiryMode(ExpiryMode.HIDE);
        server.run("SET", "n", "5", "PX", "10");
        server.clock().advanceMillis(11);
        assertThat(server.run("GET", "n")).isEqualTo("$-1");
        CommandTester.Session primary = server.session();
        primary.client().kind(ClientKind.PRIMARY);
        assertThat(primary.run("INCR", "n")).isEqualTo(":6");
        assertThat(primary.run("PEXPIREAT", "n", "1")).as("kept until its DEL").isEqualTo(":1");
        assertThat(server.run("DBSIZE")).isEqualTo(":1");
        assertThat(primary.run("DEL", "n")).isEqualTo(":1");
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
    }

    @Test
    void activeNodesTellTheResultingState() {
        try (CommandTester active = new CommandTester(true)) {
            long expiry = active.clock().millis() + 10_000;
            active.run("SET", "k", "v");
            active.takeEffects();
            active.run("EXPIRE", "k", "10");
            assertThat(active.takeEffects()).containsExactly("0: SET k v PXAT " + expiry);
            active.run("PERSIST", "k");
            assertThat(active.takeEffects()).containsExactly("0: SET k v");
            active.run("EXPIRE", "k", "-1");
            assertThat(active.takeEffects()).containsExactly("0: DEL k");
            active.run("SET", "k", "v", "PX", "10");
            active.takeEffects();
            active.clock().advanceMillis(11);
            assertThat(active.run("GET", "k")).isEqualTo("$-1");
            assertThat(active.takeEffects()).as("every node expires by itself").isEmpty();
            assertThat(active.keyspace().database(0).tombstoneCount()).isEqualTo(1);
        }
    }
}
