package io.keydb.server.command.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** XREAD and XREADGROUP that wait: what wakes them, and what they find then. */
class StreamBlockingTest {
    private static final String NO_GROUP =
            "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option";

    private final CommandTester server = new CommandTester();
    private final CommandTester.Session other = server.session();

    @BeforeEach
    void makeGroup() {
        run("XGROUP CREATE s g $ MKSTREAM");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String run(String command) {
        return other.run(command.split(" "));
    }

    private CommandTester.Session blocked(String command) {
        CommandTester.Session session = server.session();
        assertThat(session.run(command.split(" "))).isEmpty();
        assertThat(session.isBlocked()).isTrue();
        return session;
    }

    @Test
    void theEndOfTheStreamIsResolvedOnce() {
        run("XADD s 1-1 a 1");
        CommandTester.Session waiting = blocked("XREAD BLOCK 0 STREAMS s t $ $");
        run("XDEL s 1-1");
        run("XGROUP SETID s g 0");
        assertThat(waiting.isBlocked()).isTrue();
        run("XADD s 1-2 a 2");
        assertThat(waiting.lateReply()).isEqualTo("*1 *2 $1 s *1 *2 $3 1-2 *2 $1 a $1 2");
    }

    @Test
    void allThatATransactionAddsIsRead() {
        CommandTester.Session waiting = blocked("XREAD BLOCK 0 STREAMS s t $ $");
        run("MULTI");
        run("XADD t 1-1 a 1");
        run("XADD s 1-1 a 1");
        run("XADD s 1-2 a 2");
        run("EXEC");
        assertThat(waiting.lateReply())
                .isEqualTo(
                        "*2 *2 $1 s *2 *2 $3 1-1 *2 $1 a $1 1 *2 $3 1-2 *2 $1 a $1 2"
                                + " *2 $1 t *1 *2 $3 1-1 *2 $1 a $1 1");
    }

    @Test
    void aReaderWaitsOnThroughOtherTypesAndDeletion() {
        CommandTester.Session waiting = blocked("XREAD BLOCK 0 STREAMS t 0");
        run("SET t x");
        run("DEL t");
        run("XADD t 5-5 a 1");
        assertThat(waiting.lateReply()).isEqualTo("*1 *2 $1 t *1 *2 $3 5-5 *2 $1 a $1 1");
    }

    @Test
    void consumersShareWhatComes() {
        CommandTester.Session first = blocked("XREADGROUP GROUP g c1 BLOCK 0 COUNT 1 STREAMS s >");
        CommandTester.Session second = blocked("XREADGROUP GROUP g c2 BLOCK 0 STREAMS s >");
        server.takeEffects();
        run("MULTI");
        run("XADD s 1-1 a 1");
        run("XADD s 1-2 a 2");
        run("EXEC");
        assertThat(first.lateReply()).isEqualTo("*1 *2 $1 s *1 *2 $3 1-1 *2 $1 a $1 1");
        assertThat(second.lateReply()).isEqualTo("*1 *2 $1 s *1 *2 $3 1-2 *2 $1 a $1 2");
        assertThat(run("XPENDING s g"))
                .isEqualTo("*4 :2 $3 1-1 $3 1-2 *2 *2 $2 c1 $1 1 *2 $2 c2 $1 1");
        assertThat(server.takeEffects())
                .hasSize(6)
                .contains("0: XGROUP SETID s g 1-1 ENTRIESREAD 1")
                .contains("0: XGROUP SETID s g 1-2 ENTRIESREAD 2");
    }

    @Test
    void theGroupIsDestroyed() {
        CommandTester.Session waiting = blocked("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        run("XGROUP DESTROY s g");
        assertThat(waiting.lateReply()).isEqualTo(NO_GROUP);
    }

    @Test
    void theKeyIsDeleted() {
        CommandTester.Session waiting = blocked("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        run("DEL s");
        assertThat(waiting.lateReply()).isEqualTo(NO_GROUP);
    }

    @Test
    void theDatabaseIsEmptied() {
        CommandTester.Session waiting = blocked("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        run("FLUSHALL");
        assertThat(waiting.lateReply()).isEqualTo(NO_GROUP);
    }

    @Test
    void theKeyIsOverwritten() {
        CommandTester.Session waiting = blocked("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        run("SET s x");
        assertThat(waiting.lateReply())
                .isEqualTo("-WRONGTYPE Operation against a key holding the wrong kind of value");
    }

    @Test
    void aCopyOfTheGroupGoesOnWaiting() {
        CommandTester.Session waiting = blocked("XREADGROUP GROUP g c BLOCK 0 STREAMS s >");
        run("MULTI");
        run("XGROUP DESTROY s g");
        run("XGROUP CREATE s g $");
        run("EXEC");
        assertThat(waiting.isBlocked()).isTrue();
        run("XADD s 1-1 a 1");
        assertThat(waiting.lateReply()).isEqualTo("*1 *2 $1 s *1 *2 $3 1-1 *2 $1 a $1 1");
    }

    @Test
    void watchersAreNotToldOfGroups() {
        run("XADD s 1-1 a 1");
        for (String command :
                new String[] {
                    "XREADGROUP GROUP g c STREAMS s >",
                    "XCLAIM s g d 0 1-1",
                    "XAUTOCLAIM s g c 0 0",
                    "XACK s g 1-1",
                    "XGROUP SETID s g 0",
                    "XGROUP CREATECONSUMER s g x",
                    "XGROUP DELCONSUMER s g x",
                    "XGROUP DESTROY s g",
                    "XSETID s 5-5"
                }) {
            server.run("WATCH", "s");
            assertThat(run(command)).doesNotStartWith("-");
            server.run("MULTI");
            assertThat(server.run("EXEC")).as(command).isEqualTo("*0");
        }
        server.run("WATCH", "s");
        run("XADD s 6-1 a 1");
        server.run("MULTI");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
    }
}
