package io.keydb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.client.ClientKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waiting for keys means, shown by commands that wait for strings. */
class BlockingTest {
    /** PASS milliseconds: time passes. */
    private Command pass() {
        return Command.command("PASS", Group.STRING)
                .arity(2)
                .syntax("milliseconds")
                .summary("Test.")
                .handledBy(
                        call -> {
                            server.clock().advanceMillis(call.integer(1));
                            call.reply().ok();
                        });
    }

    private final CommandTester server =
            new CommandTester(
                    false,
                    8,
                    Gatekeeper.open(),
                    BlockingCommands.take(),
                    BlockingCommands.shift(),
                    BlockingCommands.see(),
                    pass());
    private final CommandTester.Session other = server.session();

    @AfterEach
    void close() {
        server.close();
    }

    private CommandTester.Session blocked(String... arguments) {
        CommandTester.Session session = server.session();
        assertThat(session.run(arguments)).isEmpty();
        assertThat(session.isBlocked()).isTrue();
        return session;
    }

    @Test
    void doesNotWaitWhenThereIsSomething() {
        server.run("SET", "k", "v");
        assertThat(server.run("TAKE", "k", "0")).isEqualTo("$1 v");
        assertThat(server.dispatcher().blocking().blocked()).isZero();
    }

    @Test
    void servesInOrderOfArrival() {
        List<CommandTester.Session> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(blocked("TAKE", "a", "k", "0"));
        }
        assertThat(server.dispatcher().blocking().blocked()).isEqualTo(5);
        assertThat(server.dispatcher().blocking().keys()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            server.takeEffects();
            assertThat(other.run("SET", i % 2 == 0 ? "k" : "a", "v" + i)).isEqualTo("+OK");
            assertThat(server.run("EXISTS", "k", "a")).isEqualTo(":0");
            assertThat(waiting.get(i).lateReply()).isEqualTo("$2 v" + i);
            assertThat(waiting.get(i).isBlocked()).isFalse();
            assertThat(server.takeEffects())
                    .containsExactly(
                            "0: SET " + (i % 2 == 0 ? "k" : "a") + " v" + i,
                            "0: DEL " + (i % 2 == 0 ? "k" : "a"));
        }
        assertThat(server.dispatcher().blocking().blocked()).isZero();
        assertThat(server.dispatcher().blocking().keys()).isZero();
    }

    @Test
    void repeatedKeysAreWaitedForOnce() {
        CommandTester.Session waiting = blocked("TAKE", "k", "k", "k", "0");
        assertThat(server.dispatcher().blocking().keys()).isEqualTo(1);
        other.run("SET", "k", "v");
        assertThat(waiting.lateReply()).isEqualTo("$1 v");
    }

    @Test
    void aTransactionIsServedBehindItsEnd() {
        CommandTester.Session waiting = blocked("TAKE", "k", "0");
        other.run("MULTI");
        other.run("SET", "k", "v");
        other.run("DEL", "k");
        assertThat(other.run("EXEC")).isEqualTo("*2 +OK :1");
        assertThat(waiting.isBlocked()).isTrue();
        other.run("MULTI");
        other.run("SET", "k", "v");
        other.run("APPEND", "k", "w");
        other.run("GET", "k");
        server.takeEffects();
        assertThat(other.run("EXEC")).isEqualTo("*3 +OK :2 $2 vw");
        assertThat(waiting.lateReply()).isEqualTo("$2 vw");
        assertThat(server.takeEffects()).containsExactly("0: SET k v", "0: APPEND k w", "0: DEL k");
    }

    @Test
    void whatHasExpiredByTheEndOfATransactionIsLeft() {
        CommandTester.Session waiting = blocked("TAKE", "k", "0");
        other.run("MULTI");
        other.run("SET", "k", "v", "PX", "10");
        other.run("PASS", "20");
        other.run("GET", "k");
        assertThat(other.run("EXEC")).isEqualTo("*3 +OK +OK $1 v");
        assertThat(waiting.isBlocked()).isTrue();
        assertThat(server.run("DBSIZE")).as("not removed by looking").isEqualTo(":1");
    }

    @Test
    void neverWaitsWithinATransactionNorOnThePrimarysLink() {
        other.run("MULTI");
        other.run("TAKE", "k", "0");
        other.run("SET", "k", "v");
        other.run("TAKE", "k", "0");
        assertThat(other.run("EXEC")).isEqualTo("*3 *-1 +OK $1 v");
        other.client().kind(ClientKind.PRIMARY);
        assertThat(other.run("TAKE", "k", "0")).isEqualTo("*-1");
    }

    @Test
    void chainsAreServedToTheirEnd() {
        List<CommandTester.Session> links = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            links.add(blocked("SHIFT", "k" + i, "k" + (i + 1), "0"));
        }
        CommandTester.Session last = blocked("TAKE", "k100", "0");
        other.run("SET", "k0", "v");
        for (CommandTester.Session link : links) {
            assertThat(link.lateReply()).isEqualTo("+OK");
        }
        assertThat(last.lateReply()).isEqualTo("$1 v");
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
    }

    @Test
    void aCommandThatFailsHasWaitedEnough() {
        CommandTester.Session waiting = blocked("SHIFT", "a", "b", "0");
        CommandTester.Session second = blocked("TAKE", "a", "0");
        other.run("MSET", "a", "1", "b", "2");
        assertThat(waiting.lateReply()).isEqualTo("-ERR destination is taken");
        assertThat(second.lateReply()).isEqualTo("$1 1");
    }

    @Test
    void everyWayForAKeyToAppearWakes() {
        String[][] ways = {
            {"RENAME", "src", "k"},
            {"COPY", "src", "k"},
            {"SETRANGE", "k", "0", "value"},
            {"MSET", "x", "y", "k", "value"},
            {"EVALUATE"},
        };
        for (String[] way : ways) {
            server.run("SET", "src", "value");
            CommandTester.Session waiting = blocked("TAKE", "k", "0");
            if (way[0].equals("EVALUATE")) {
                other.run("SELECT", "3");
                other.run("SET", "k", "value");
                assertThat(waiting.isBlocked()).as("another database").isTrue();
                other.run("MOVE", "k", "0");
            } else {
                other.run(way);
            }
            assertThat(waiting.lateReply()).as(way[0]).isEqualTo("$5 value");
        }
        CommandTester.Session waiting = blocked("TAKE", "k", "0");
        other.run("SELECT", "3");
        other.run("SET", "k", "value");
        other.run("SWAPDB", "0", "3");
        assertThat(waiting.lateReply()).as("SWAPDB").isEqualTo("$5 value");
    }

    @Test
    void aStateSurvivesAndPlacesAreKept() {
        server.run("SET", "k", "abc");
        CommandTester.Session waiting = blocked("SEE", "k", "0");
        other.run("SET", "k", "a");
        assertThat(waiting.isBlocked()).isTrue();
        other.run("SET", "k", "abcd");
        assertThat(waiting.lateReply()).isEqualTo(":4");
        CommandTester.Session second = blocked("SEE", "k", "0");
        assertThat(server.dispatcher().blocking().keysWaitedToEnd()).isEqualTo(1);
        other.run("DEL", "k");
        assertThat(second.lateReply()).isEqualTo("-GONE it is");
        assertThat(server.dispatcher().blocking().keysWaitedToEnd()).isZero();
        server.run("SET", "k", "v");
        CommandTester.Session third = blocked("SEE", "k", "0");
        other.run("FLUSHALL");
        assertThat(third.lateReply()).isEqualTo("-GONE it is");
        server.run("SET", "k", "v", "PX", "10");
        CommandTester.Session fourth = blocked("SEE", "k", "0");
        server.clock().advanceMillis(20);
        other.run("EXISTS", "k");
        assertThat(fourth.lateReply()).as("expired").isEqualTo("-GONE it is");
    }

    @Test
    void timeoutsAndUnblocking() {
        CommandTester.Session waiting = blocked("TAKE", "k", "0.1");
        assertThat(server.dispatcher().blocking().timed()).isEqualTo(1);
        assertThat(waiting.timeOut()).isEqualTo("*-1");
        assertThat(server.dispatcher().blocking().timed()).isZero();
        CommandTester.Session error = blocked("TAKE", "k", "0");
        String id = Long.toString(error.client().id());
        assertThat(other.run("CLIENT", "LIST", "ID", id)).contains(" flags=b ");
        assertThat(other.run("CLIENT", "UNBLOCK", id, "OTHER"))
                .isEqualTo("-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
        assertThat(other.run("CLIENT", "UNBLOCK", "x"))
                .isEqualTo("-ERR value is not an integer or out of range");
        assertThat(other.run("CLIENT", "UNBLOCK", id, "error")).isEqualTo(":1");
        assertThat(error.lateReply()).isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK");
        assertThat(other.run("CLIENT", "UNBLOCK", id)).isEqualTo(":0");
        CommandTester.Session timeout = blocked("TAKE", "k", "0");
        other.run("MULTI");
        other.run("SET", "x", "y");
        other.run("CLIENT", "UNBLOCK", Long.toString(timeout.client().id()), "TIMEOUT");
        assertThat(other.run("EXEC")).isEqualTo("*2 +OK :1");
        assertThat(timeout.lateReply()).isEqualTo("*-1");
    }

    @Test
    void aChangeOfTheRoleEndsAllWaiting() {
        CommandTester.Session waiting = blocked("TAKE", "k", "0");
        server.dispatcher()
                .blocking()
                .failAll("UNBLOCKED so it is".getBytes(StandardCharsets.US_ASCII));
        assertThat(waiting.lateReply()).isEqualTo("-UNBLOCKED so it is");
    }

    @Test
    void timeoutsAreReadAsStockReadsThem() {
        String range = "-ERR timeout is out of range";
        String notAFloat = "-ERR timeout is not a float or out of range";
        assertThat(server.run("TAKE", "k", "x")).isEqualTo(notAFloat);
        assertThat(server.run("TAKE", "k", "")).isEqualTo(notAFloat);
        assertThat(server.run("TAKE", "k", "nan")).isEqualTo(notAFloat);
        assertThat(server.run("TAKE", "k", "-1")).isEqualTo("-ERR timeout is negative");
        assertThat(server.run("TAKE", "k", "-0.001")).isEqualTo("-ERR timeout is negative");
        assertThat(server.run("TAKE", "k", "inf")).isEqualTo(range);
        assertThat(server.run("TAKE", "k", "9223372036854775808")).isEqualTo(range);
        assertThat(server.run("TAKE", "k", "9223372036854775")).isEqualTo(range);
        assertThat(server.run("SEE", "k", "1.5"))
                .isEqualTo("-ERR timeout is not an integer or out of range");
        assertThat(server.run("SEE", "k", "-1")).isEqualTo("-ERR timeout is negative");
        assertThat(server.run("SEE", "k", "9223372036854775807")).isEqualTo(range);
        blocked("TAKE", "k", "0.0001");
        assertThat(server.dispatcher().blocking().timed()).as("rounded up").isEqualTo(1);
    }

    @Test
    void statisticsCountACallOnceItHasEnded() {
        Command take = Objects.requireNonNull(lookUp("TAKE"));
        CommandTester.Session waiting = blocked("TAKE", "k", "0");
        assertThat(server.dispatcher().statistics().calls(take)).isZero();
        other.run("SET", "k", "v");
        assertThat(waiting.lateReply()).isNotNull();
        assertThat(server.dispatcher().statistics().calls(take)).isEqualTo(1);
    }

    private Command lookUp(String name) {
        return server.table().all().stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void manyThreadsLoseNothingAndStandStillNever() throws Exception {
        int pairs = 4;
        int rounds = 500;
        try (ExecutorService executor = Executors.newFixedThreadPool(2 * pairs)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                String from = "from" + i;
                String to = "from" + (i + 1) % pairs + "x";
                CommandTester.Session producer = server.session();
                CommandTester.Session consumer = server.session();
                done.add(
                        executor.submit(
                                () -> {
                                    for (int n = 0; n < rounds; n++) {
                                        while (!producer.run("SET", from, "v", "NX")
                                                .equals("+OK")) {
                                            Thread.yield();
                                        }
                                    }
                                }));
                done.add(
                        executor.submit(
                                () -> {
                                    for (int n = 0; n < rounds; n++) {
                                        String reply = consumer.run("SHIFT", from, to, "0");
                                        while (reply == null || reply.isEmpty()) {
                                            Thread.yield();
                                            reply = consumer.lateReply();
                                        }
                                        assertThat(reply).isEqualTo("+OK");
                                        assertThat(consumer.run("TAKE", to, "0")).isEqualTo("$1 v");
                                    }
                                }));
            }
            for (Future<?> each : done) {
                each.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(server.run("DBSIZE")).isEqualTo(":0");
    }
}
