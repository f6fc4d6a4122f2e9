package io.keydb.server.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Gatekeeper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts and transactions of many threads: nobody sees one half done, however many locks. */
class ScriptAtomicityTest {
    private static final int THREADS = 8;
    private static final int TRANSFERS = 300;
    private static final int ACCOUNTS = 5;
    private static final String TRANSFER =
            "redis.call('decrby', KEYS[1], 7) redis.call('incrby', KEYS[2], 7) return 1";
    private static final String SUM =
            "local sum = 0 for _, balance in ipairs(redis.call('mget', unpack(KEYS))) do sum ="
                    + " sum + balance end return sum";

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void theSumOfAccountsStaysTheSame(int partitions) throws Exception {
        ThreadFactory threads = Thread.ofPlatform().name("caller-", 0).factory();
        try (CommandTester server = new CommandTester(false, partitions, Gatekeeper.open());
                ExecutorService callers = Executors.newFixedThreadPool(THREADS, threads)) {
            for (int i = 0; i < ACCOUNTS; i++) {
                server.run("SET", "a" + i, "100");
            }
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                CommandTester.Session session = server.session();
                running.add(callers.submit(() -> transfer(session, number)));
            }
            for (Future<?> done : running) {
                done.get();
            }
            assertThat(server.run("EVAL", SUM, "5", "a0", "a1", "a2", "a3", "a4"))
                    .isEqualTo(":500");
        }
    }

    private static void transfer(CommandTester.Session session, int number) {
        for (int i = 0; i < TRANSFERS; i++) {
            String from = "a" + (number + i) % ACCOUNTS;
            String to = "a" + (number * 3 + i * 2 + 1) % ACCOUNTS;
            switch (i % 3) {
                case 0 -> assertThat(session.run("EVAL", TRANSFER, "2", from, to)).isEqualTo(":1");
                case 1 -> {
                    session.run("MULTI");
                    session.run("DECRBY", from, "3");
                    session.run("INCRBY", to, "3");
                    assertThat(session.run("EXEC")).startsWith("*2 :");
                }
                default ->
                        assertThat(session.run("EVAL", SUM, "5", "a0", "a1", "a2", "a3", "a4"))
                                .isEqualTo(":500");
            }
        }
    }
}
