package io.keydb.server.command.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Databases are walked, counted, emptied and exchanged as by stock. */
class KeyspaceCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void scanRemovesWhatHasExpired() {
        server.run("SET", "k", "v", "PX", "1");
        server.run("SET", "l", "v", "PX", "1");
        server.run("SET", "m", "v");
        server.clock().advanceMillis(5);
        assertThat(server.run("SCAN", "0", "MATCH", "k", "TYPE", "list", "COUNT", "100"))
                .isEqualTo("*2 $1 0 *0");
        assertThat(server.run("DBSIZE")).isEqualTo(":2");
        assertThat(server.run("SCAN", "0", "COUNT", "100")).isEqualTo("*2 $1 0 *1 $1 m");
        assertThat(server.run("DBSIZE")).isEqualTo(":1");
    }

    @Test
    void keysGivesWhatMatches() {
        assertThat(server.run("KEYS", "*")).isEqualTo("*0");
        server.run("MSET", "one", "1", "two", "2", "t[o", "3");
        server.run("SET", "gone", "v", "PX", "10");
        server.clock().advanceMillis(11);
        assertThat(words(server.run("KEYS", "*"))).containsExactlyInAnyOrder("one", "two", "t[o");
        assertThat(server.run("KEYS", "o?e")).isEqualTo("*1 $3 one");
        assertThat(server.run("KEYS", "t\\[o")).isEqualTo("*1 $3 t[o");
        assertThat(server.run("KEYS", "[^t]*")).isEqualTo("*1 $3 one");
        assertThat(server.run("KEYS", "none*")).isEqualTo("*0");
    }

    @Test
    void aScanShowsEveryKeyOfItsSelection() {
        for (int i = 0; i < 500; i++) {
            server.run("SET", "key:" + i, "v");
        }
        assertThat(scan("COUNT", "7")).hasSize(500);
        assertThat(scan("MATCH", "key:1*", "COUNT", "100")).hasSize(111);
        assertThat(scan("TYPE", "STRING")).hasSize(500);
        assertThat(scan("TYPE", "list", "COUNT", "50")).isEmpty();
        assertThat(scan("TYPE", "nosuch", "COUNT", "50")).isEmpty();
        assertThat(scan("COUNT", "9223372036854775807")).hasSize(500);
    }

    @Test
    void anExpiredKeyIsNotShown() {
        server.run("SET", "gone", "v", "PX", "10");
        server.run("SET", "there", "v");
        server.clock().advanceMillis(11);
        assertThat(scan("COUNT", "10")).containsExactly("there");
    }

    @Test
    void cursorsAreReadAsCReadsNumbers() {
        server.run("SET", "k", "v");
        String all = "*2 $1 0 *1 $1 k";
        for (String start : new String[] {"0", "+0", "-0", "", "0000000000000000000000000"}) {
            assertThat(server.run("SCAN", start)).as(start).isEqualTo(all);
        }
        for (String invalid :
                new String[] {"x", " 0", "0 ", "0x10", "-", "+", "18446744073709551616", "1.0"}) {
            assertThat(server.run("SCAN", invalid)).as(invalid).isEqualTo("-ERR invalid cursor");
        }
        assertThat(server.run("SCAN", "18446744073709551615")).isEqualTo("*2 $1 0 *0");
        assertThat(server.run("SCAN", "-1")).isEqualTo("*2 $1 0 *0");
    }

    @Test
    void wrongOptionsOfScanAreRefused() {
        for (String[] options :
                new String[][] {
                    {"MATCH"}, {"COUNT"}, {"COUNT", "0"}, {"COUNT", "-1"}, {"FOO", "x"}
                }) {
            String[] command = new String[options.length + 2];
            command[0] = "SCAN";
            command[1] = "0";
            System.arraycopy(options, 0, command, 2, options.length);
            assertThat(server.run(command)).isEqualTo("-ERR syntax error");
        }
        assertThat(server.run("SCAN", "0", "COUNT", "x"))
                .isEqualTo("-ERR value is not an integer or out of range");
    }

    @Test
    void aRandomKeyIsOneThatIsThere() {
        assertThat(server.run("RANDOMKEY")).isEqualTo("$-1");
        server.run("SET", "gone", "v", "PX", "10");
        server.clock().advanceMillis(11);
        server.takeEffects();
        assertThat(server.run("RANDOMKEY")).isEqualTo("$-1");
        assertThat(server.takeEffects()).containsExactly("0: DEL gone");
        server.run("MSET", "a", "1", "b", "2");
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            drawn.add(server.run("RANDOMKEY"));
        }
        assertThat(drawn).containsExactlyInAnyOrder("$1 a", "$1 b");
    }

    @Test
    void flushingEmptiesOneOrAllDatabases() {
        server.run("MSET", "a", "1", "b", "v".repeat(5000));
        server.run("SELECT", "1");
        server.run("SET", "c", "1", "PX", "1000");
        server.takeEffects();
        assertThat(server.run("FLUSHDB", "async")).isEqualTo("+OK");
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
        assertThat(server.takeEffects()).containsExactly("1: FLUSHDB async");
        server.run("SELECT", "0");
        assertThat(server.run("DBSIZE")).isEqualTo(":2");
        assertThat(server.run("FLUSHALL", "foo")).isEqualTo("-ERR syntax error");
        assertThat(server.run("FLUSHALL", "ASYNC", "SYNC")).isEqualTo("-ERR syntax error");
        assertThat(server.run("FLUSHALL", "SYNC")).isEqualTo("+OK");
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
        assertThat(server.keyspace().allocatedBytes()).isZero();
    }

    @Test
    void exchangedDatabasesKeepTheirExpiries() {
        server.run("SET", "a", "1", "PX", "1000");
        server.run("WATCH", "a");
        server.takeEffects();
        assertThat(server.run("SWAPDB", "0", "3")).isEqualTo("+OK");
        assertThat(server.takeEffects()).containsExactly("0: SWAPDB 0 3");
        assertThat(server.run("GET", "a")).isEqualTo("$-1");
        server.run("SELECT", "3");
        assertThat(server.run("PTTL", "a")).isEqualTo(":1000");
        server.clock().advanceMillis(1001);
        assertThat(server.run("GET", "a")).isEqualTo("$-1");
        assertThat(server.takeEffects()).containsExactly("3: DEL a");
        server.run("MULTI");
        assertThat(server.run("EXEC")).as("a watched key went away").isEqualTo("*-1");
        server.run("SELECT", "0");
    }

    @Test
    void aDatabaseExchangedWithItselfHasNotChanged() {
        server.run("SET", "a", "1");
        server.run("WATCH", "a");
        assertThat(server.run("SWAPDB", "0", "0")).isEqualTo("+OK");
        server.run("MULTI");
        assertThat(server.run("EXEC")).isEqualTo("*0");
    }

    @Test
    void wrongExchangesAreRefused() {
        assertThat(server.run("SWAPDB", "x", "1")).isEqualTo("-ERR invalid first DB index");
        assertThat(server.run("SWAPDB", "99999999999", "1"))
                .isEqualTo("-ERR invalid first DB index");
        assertThat(server.run("SWAPDB", "0", "x")).isEqualTo("-ERR invalid second DB index");
        assertThat(server.run("SWAPDB", "0", "16")).isEqualTo("-ERR DB index is out of range");
        assertThat(server.run("SWAPDB", "-1", "0")).isEqualTo("-ERR DB index is out of range");
        try (CommandTester active = new CommandTester(true)) {
            assertThat(active.run("SWAPDB", "0", "1"))
                    .isEqualTo("-ERR SWAPDB is not possible on an active replica");
        }
    }

    @Test
    void activeNodesTellAFlushAsOneUnit() {
        try (CommandTester active = new CommandTester(true)) {
            active.run("SET", "a", "1");
            active.run("DEL", "a");
            active.run("SET", "b", "1");
            active.takeEffects();
            active.run("FLUSHALL");
            assertThat(active.takeEffects()).hasSize(16).contains("0: FLUSHDB", "15: FLUSHDB");
            assertThat(active.keyspace().database(0).tombstoneCount()).isZero();
            assertThat(active.keyspace().database(15).flushStamp()).isPositive();
        }
    }

    private Set<String> scan(String... options) {
        Set<String> found = new HashSet<>();
        String cursor = "0";
        do {
            String[] command = new String[options.length + 2];
            command[0] = "SCAN";
            command[1] = cursor;
            System.arraycopy(options, 0, command, 2, options.length);
            String[] reply = server.run(command).split(" ", -1);
            cursor = reply[2];
            for (int i = 5; i < reply.length; i += 2) {
                found.add(reply[i]);
            }
        } while (!cursor.equals("0"));
        return found;
    }

    private static Set<String> words(String reply) {
        String[] parts = reply.split(" ", -1);
        Set<String> found = new HashSet<>();
        for (int i = 2; i < parts.length; i += 2) {
            found.add(parts[i]);
        }
        return found;
    }
}
