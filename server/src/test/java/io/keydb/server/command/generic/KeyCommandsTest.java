package io.keydb.server.command.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys are counted, deleted, renamed, copied and moved as by stock, with what expires included. */
class KeyCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void keysAreDeletedOnceHoweverOftenTheyAreNamed() {
        for (String command : new String[] {"DEL", "UNLINK"}) {
            server.run("MSET", "a", "1", "b", "2");
            assertThat(server.run(command, "a", "none", "a", "b")).isEqualTo(":2");
            assertThat(server.run("DBSIZE")).isEqualTo(":0");
            assertThat(server.run(command))
                    .isEqualTo(
                            "-ERR wrong number of arguments for '"
                                    + command.toLowerCase(java.util.Locale.ROOT)
                                    + "' command");
        }
        assertThat(server.takeEffects())
                .contains("0: DEL a none a b", "0: UNLINK a none a b")
                .hasSize(4);
        assertThat(server.run("DEL", "none")).isEqualTo(":0");
        assertThat(server.takeEffects()).as("nothing changed").isEmpty();
    }

    @Test
    void existingKeysAreCountedAsOftenAsTheyAreNamed() {
        server.run("SET", "a", "1");
        assertThat(server.run("EXISTS", "a", "a", "b")).isEqualTo(":2");
        assertThat(server.run("TOUCH", "a", "a", "b")).isEqualTo(":2");
        assertThat(server.run("TYPE", "a")).isEqualTo("+string");
        assertThat(server.run("TYPE", "b")).isEqualTo("+none");
        assertThat(server.takeEffects()).containsExactly("0: SET a 1");
    }

    @Test
    void onlyTouchCountsAsAnAccess() {
        server.run("SET", "a", "1");
        server.clock().advanceMillis(5000);
        server.keyspace().tick();
        server.run("EXISTS", "a");
        server.run("TYPE", "a");
        server.run("TTL", "a");
        assertThat(server.run("OBJECT", "IDLETIME", "a")).isEqualTo(":5");
        server.run("TOUCH", "a");
        assertThat(server.run("OBJECT", "IDLETIME", "a")).isEqualTo(":0");
    }

    @Test
    void anExpiredKeyIsAbsentForEveryCommand() {
        for (String[] command :
                new String[][] {
                    {"EXISTS", "k"},
                    {"DEL", "k"},
                    {"TOUCH", "k"},
                    {"MOVE", "k", "1"},
                    {"COPY", "k", "l"},
                    {"PERSIST", "k"},
                    {"EXPIRE", "k", "10"}
                }) {
            server.run("SET", "k", "v", "PX", "10");
            server.clock().advanceMillis(11);
            server.takeEffects();
            assertThat(server.run(command)).as(command[0]).isEqualTo(":0");
            assertThat(server.takeEffects()).as(command[0]).containsExactly("0: DEL k");
        }
    }

    @Test
    void renamingTakesValueAndExpiryAlongAndReplacesTheTarget() {
        assertThat(server.run("RENAME", "none", "b")).isEqualTo("-ERR no such key");
        server.run("SET", "a", "v".repeat(5000), "PX", "1000");
        server.run("SET", "b", "old");
        assertThat(server.run("RENAME", "a", "b")).isEqualTo("+OK");
        assertThat(server.run("EXISTS", "a")).isEqualTo(":0");
        assertThat(server.run("STRLEN", "b")).isEqualTo(":5000");
        assertThat(server.run("PTTL", "b")).isEqualTo(":1000");
        server.run("SET", "c", "1");
        server.run("RENAME", "c", "b");
        assertThat(server.run("PTTL", "b")).isEqualTo(":-1");
        server.takeEffects();
        assertThat(server.run("RENAME", "b", "b")).isEqualTo("+OK");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void renamingToAnExpiredKeyRemovesThatFirst() {
        server.run("SET", "b", "old", "PX", "10");
        server.run("SET", "a", "new");
        server.clock().advanceMillis(11);
        server.takeEffects();
        assertThat(server.run("RENAMENX", "a", "b")).isEqualTo(":1");
        assertThat(server.takeEffects()).containsExactly("0: DEL b", "0: RENAMENX a b");
        assertThat(server.run("GET", "b")).isEqualTo("$3 new");
        assertThat(server.run("DBSIZE")).isEqualTo(":1");
    }

    @Test
    void renamenxLeavesAnExistingTargetAlone() {
        assertThat(server.run("RENAMENX", "none", "b")).isEqualTo("-ERR no such key");
        server.run("MSET", "a", "1", "b", "2");
        assertThat(server.run("RENAMENX", "a", "b")).isEqualTo(":0");
        assertThat(server.run("RENAMENX", "a", "a")).isEqualTo(":0");
        assertThat(server.run("RENAMENX", "a", "c")).isEqualTo(":1");
        assertThat(server.run("MGET", "a", "b", "c")).isEqualTo("*3 $-1 $1 2 $1 1");
    }

    @Test
    void copyingKeepsTheSourceWithItsExpiry() {
        server.run("SET", "a", "v".repeat(5000), "PX", "1000");
        assertThat(server.run("COPY", "a", "b")).isEqualTo(":1");
        assertThat(server.run("COPY", "a", "b")).isEqualTo(":0");
        assertThat(server.run("APPEND", "b", "w")).isEqualTo(":5001");
        assertThat(server.run("STRLEN", "a")).isEqualTo(":5000");
        assertThat(server.run("PTTL", "b")).isEqualTo(":1000");
        assertThat(server.run("COPY", "a", "b", "replace", "DB", "0")).isEqualTo(":1");
        assertThat(server.run("STRLEN", "b")).isEqualTo(":5000");
        assertThat(server.run("COPY", "a", "a", "DB", "1")).isEqualTo(":1");
        assertThat(server.run("COPY", "none", "b", "REPLACE")).isEqualTo(":0");
        assertThat(server.run("EXISTS", "b")).as("kept when the source is absent").isEqualTo(":1");
    }

    @Test
    void wrongCopiesAreRefusedAsByStock() {
        server.run("SET", "a", "1");
        assertThat(server.run("COPY", "a", "a"))
                .isEqualTo("-ERR source and destination objects are the same");
        assertThat(server.run("COPY", "a", "b", "DB")).isEqualTo("-ERR syntax error");
        assertThat(server.run("COPY", "a", "b", "NOSUCH")).isEqualTo("-ERR syntax error");
        assertThat(server.run("COPY", "a", "b", "DB", "16"))
                .isEqualTo("-ERR DB index is out of range");
        assertThat(server.run("COPY", "a", "b", "DB", "-1"))
                .isEqualTo("-ERR DB index is out of range");
        assertThat(server.run("COPY", "a", "b", "DB", "x"))
                .isEqualTo("-ERR value is not an integer or out of range");
        assertThat(server.run("COPY", "a", "b", "DB", "99999999999"))
                .isEqualTo(
                        "-ERR value is out of range, value must between -2147483648 and"
                                + " 2147483647");
    }

    @Test
    void movingChangesTheDatabase() {
        server.run("SET", "a", "1", "PX", "1000");
        assertThat(server.run("MOVE", "a", "0"))
                .isEqualTo("-ERR source and destination objects are the same");
        assertThat(server.run("MOVE", "a", "16")).isEqualTo("-ERR DB index is out of range");
        assertThat(server.run("MOVE", "none", "1")).isEqualTo(":0");
        assertThat(server.run("MOVE", "a", "1")).isEqualTo(":1");
        assertThat(server.run("EXISTS", "a")).isEqualTo(":0");
        server.run("SET", "a", "2");
        assertThat(server.run("MOVE", "a", "1")).isEqualTo(":0");
        server.run("SELECT", "1");
        assertThat(server.run("GET", "a")).isEqualTo("$1 1");
        assertThat(server.run("PTTL", "a")).isEqualTo(":1000");
        server.run("SELECT", "0");
    }

    @Test
    void watchersOfBothEndsAreTold() {
        for (String watched : new String[] {"a", "b"}) {
            server.run("SET", "a", "1");
            server.run("WATCH", watched);
            server.session().run("RENAME", "a", "b");
            server.run("MULTI");
            assertThat(server.run("EXEC")).as(watched).isEqualTo("*-1");
        }
        server.run("SET", "a", "1");
        server.run("WATCH", "a");
        server.session().run("COPY", "a", "b", "REPLACE");
        server.run("MULTI");
        assertThat(server.run("EXEC")).as("a copied key has not changed").isEqualTo("*0");
    }

    @Test
    void activeNodesTellStatesAndKeepTombstones() {
        try (CommandTester active = new CommandTester(true)) {
            active.run("SET", "a", "1", "PX", "1000");
            long expiry = active.clock().millis() + 1000;
            active.takeEffects();
            active.run("MOVE", "a", "1");
            assertThat(active.takeEffects())
                    .containsExactly("0: DEL a", "1: SET a 1 PXAT " + expiry);
            assertThat(active.keyspace().database(0).tombstoneCount()).isEqualTo(1);
            active.run("SET", "a", "2");
            assertThat(active.keyspace().database(0).tombstoneCount()).isZero();
            active.run("COPY", "a", "b");
            assertThat(active.takeEffects()).containsExactly("0: SET a 2", "0: SET b 2");
            active.run("UNLINK", "a", "b", "none");
            assertThat(active.takeEffects()).containsExactly("0: DEL a", "0: DEL b");
            assertThat(active.keyspace().database(0).tombstoneCount()).isEqualTo(2);
        }
    }
}
