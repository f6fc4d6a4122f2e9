package io.keydb.server.command.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A queue runs as one unit, or not at all when it was refused or a watched key has changed. */
class TransactionCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void staleKeysThatSwapdbBringsAreNoChange() {
        CommandTester.Session other = server.session();
        other.run("SELECT", "1");
        other.run("SET", "k", "v", "PX", "1");
        server.clock().advanceMillis(5);
        server.run("WATCH", "k");
        other.run("SWAPDB", "0", "1");
        server.run("MULTI");
        server.run("PING");
        assertThat(server.run("EXEC")).isEqualTo("*1 +PONG");
        other.run("SELECT", "1");
        other.run("SET", "k", "v");
        server.run("WATCH", "k");
        other.run("SWAPDB", "0", "1");
        server.run("MULTI");
        server.run("PING");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
    }

    @Test
    void queuedCommandsRunTogether() {
        assertThat(server.run("MULTI")).isEqualTo("+OK");
        assertThat(server.run("SET", "a", "1")).isEqualTo("+QUEUED");
        assertThat(server.run("INCR", "a")).isEqualTo("+QUEUED");
        assertThat(server.run("INCR", "b")).isEqualTo("+QUEUED");
        assertThat(server.run("EXEC")).isEqualTo("*3 +OK :2 :1");
        assertThat(server.takeEffects()).containsExactly("0: SET a 1", "0: INCR a", "0: INCR b");
    }

    @Test
    void anErrorInsideDoesNotStopTheRest() {
        server.run("MULTI");
        server.run("SET", "a", "x");
        server.run("INCR", "a");
        server.run("SET", "b", "1");
        assertThat(server.run("EXEC"))
                .isEqualTo("*3 +OK -ERR value is not an integer or out of range +OK");
    }

    @Test
    void aRefusedCommandMakesExecRefuse() {
        server.run("MULTI");
        assertThat(server.run("NOSUCH")).startsWith("-ERR unknown command");
        assertThat(server.run("EXEC"))
                .isEqualTo("-EXECABORT Transaction discarded because of previous errors.");
        assertThat(server.run("EXEC")).isEqualTo("-ERR EXEC without MULTI");
    }

    @Test
    void aChangedWatchedKeyMakesExecAnswerNull() {
        CommandTester.Session other = server.session();
        server.run("WATCH", "k");
        other.run("SET", "k", "1");
        server.run("MULTI");
        server.run("SET", "k", "2");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
        assertThat(server.run("GET", "k")).isEqualTo("$1 1");
    }

    @Test
    void anUntouchedWatchedKeyLetsExecRun() {
        server.run("WATCH", "k");
        server.session().run("SET", "other", "1");
        server.run("MULTI");
        server.run("SET", "k", "2");
        assertThat(server.run("EXEC")).isEqualTo("*1 +OK");
    }

    @Test
    void flushingTouchesWatchedKeysThatExist() {
        server.run("SET", "k", "1");
        server.run("WATCH", "k");
        server.session().run("FLUSHALL");
        server.run("MULTI");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
        server.run("WATCH", "k");
        server.session().run("FLUSHALL");
        server.run("MULTI");
        assertThat(server.run("EXEC")).isEqualTo("*0");
    }

    @Test
    void aWatchedKeyThatExpiresMakesExecAnswerNull() {
        server.run("SET", "k", "1", "PX", "10");
        server.run("WATCH", "k");
        server.clock().advanceMillis(20);
        server.run("MULTI");
        server.run("PING");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
    }

    @Test
    void commandsOverTheWholeKeyspaceRunWithinATransaction() {
        server.run("MSET", "a", "1", "b", "2");
        server.run("MULTI");
        server.run("KEYS", "*");
        server.run("RANDOMKEY");
        server.run("FLUSHALL");
        server.run("DBSIZE");
        assertThat(server.run("EXEC")).startsWith("*4 *2 $1 ").endsWith("+OK :0");
    }
}
