package io.keydb.server.command.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OBJECT tells of a value what stock would tell, and counts as no access. */
class ObjectCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void anAbsentKeyIsNull() {
        for (String what : new String[] {"ENCODING", "FREQ", "IDLETIME", "REFCOUNT"}) {
            assertThat(server.run("OBJECT", what, "none")).as(what).isEqualTo("$-1");
        }
    }

    @Test
    void smallIntegersAreSaidToBeShared() {
        for (String shared : new String[] {"0", "42", "9999"}) {
            server.run("SET", "k", shared);
            assertThat(server.run("OBJECT", "REFCOUNT", "k")).isEqualTo(":2147483647");
        }
        for (String own : new String[] {"10000", "-1", "x", "007"}) {
            server.run("SET", "k", own);
            assertThat(server.run("OBJECT", "REFCOUNT", "k")).isEqualTo(":1");
        }
    }

    @Test
    void idleTimeCountsFromTheLastAccess() {
        server.run("SET", "k", "v");
        server.clock().advanceMillis(3000);
        server.keyspace().tick();
        assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":3");
        server.run("GET", "k");
        assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":0");
        server.clock().advanceMillis(2000);
        server.keyspace().tick();
        server.run("EXPIRE", "k", "100");
        server.run("PERSIST", "k");
        assertThat(server.run("OBJECT", "IDLETIME", "k")).isEqualTo(":0");
    }

    @Test
    void timesOfChangesAreKnownOnAnActiveNode() {
        server.run("SET", "k", "v");
        assertThat(server.run("OBJECT", "LASTMODIFIED", "k"))
                .isEqualTo(
                        "-ERR active-replica is off, when a key was last changed is not tracked.");
        assertThat(server.run("OBJECT", "LASTMODIFIED", "none")).isEqualTo("$-1");
        try (CommandTester active = new CommandTester(true)) {
            active.clock().setMillis(90_000);
            active.run("SET", "k", "v");
            active.clock().advanceMillis(5_000);
            // The stamps of this tester are close to 0.
            assertThat(active.run("OBJECT", "LASTMODIFIED", "k")).isEqualTo(":95");
        }
    }

    @Test
    void frequenciesNeedAnLfuPolicy() {
        server.run("SET", "k", "v");
        assertThat(server.run("OBJECT", "FREQ", "k"))
                .isEqualTo(
                        "-ERR An LFU maxmemory policy is not selected, access frequency not"
                                + " tracked. Please note that when switching between policies at"
                                + " runtime LRU and LFU data will take some time to adjust.");
    }

    @Test
    void helpAndWrongCallsAreAsByStock() {
        assertThat(server.run("OBJECT"))
                .isEqualTo("-ERR wrong number of arguments for 'object' command");
        assertThat(server.run("OBJECT", "NOSUCH", "k"))
                .isEqualTo("-ERR unknown subcommand 'NOSUCH'. Try OBJECT HELP.");
        assertThat(server.run("OBJECT", "encoding"))
                .isEqualTo("-ERR wrong number of arguments for 'object|encoding' command");
        assertThat(server.run("OBJECT", "HELP"))
                .startsWith("*15 +OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
                .endsWith("+HELP +    Prints this help.");
    }
}
