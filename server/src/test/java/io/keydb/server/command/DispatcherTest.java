package io.keydb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.client.ClientKind;
import io.keydb.server.keyspace.eviction.Eviction.Outcome;
import org.junit.jupiter.api.Test;

/** Requests are refused in stock's order, and what a command has changed always reaches the log. */
class DispatcherTest {
    private static final String OUT_OF_MEMORY =
            "OOM command not allowed when used memory > 'maxmemory'.";

    @Test
    void whatACommandChangedBeforeItFailedReachesTheLog() {
        try (CommandTester server = new CommandTester(false, 8, Gatekeeper.open(), failing())) {
            assertThat(server.run("HALF", "k", "v")).isEqualTo("-ERR failed halfway");
            assertThat(server.takeEffects()).containsExactly("0: HALF k v");
            server.run("MULTI");
            server.run("SET", "a", "1");
            server.run("HALF", "k", "w");
            assertThat(server.run("EXEC")).isEqualTo("*2 +OK -ERR failed halfway");
            assertThat(server.takeEffects()).containsExactly("0: SET a 1", "0: HALF k w");
        }
        try (CommandTester active = new CommandTester(true, 8, Gatekeeper.open(), failing())) {
            active.run("HALF", "k", "v");
            assertThat(active.takeEffects()).containsExactly("0: SET k v");
        }
    }

    /** Sets the key, then fails. */
    private static Command failing() {
        return Command.command("HALF", Group.STRING)
                .arity(3)
                .flags(CommandFlag.WRITE)
                .keys(KeySpec.at(1, KeyFlag.OW, KeyFlag.UPDATE))
                .handledBy(
                        call -> {
                            long old = call.database().find(call.key(1));
                            Strings.set(
                                    call.database(),
                                    call.key(1),
                                    old,
                                    call.request().address(2),
                                    call.request().length(2),
                                    Strings.NO_EXPIRY);
                            call.touched(call.key(1));
                            call.reply().ok();
                            throw new CommandError("ERR failed halfway");
                        });
    }

    @Test
    void beyondTheMemoryLimitNothingIsStoredNotEvenInAQueue() {
        try (CommandTester server = new CommandTester()) {
            server.run("SET", "k", "v");
            server.dispatcher().memoryLimit((bytes, patiently) -> Outcome.NONE);
            assertThat(server.run("SET", "k", "w")).isEqualTo("-" + OUT_OF_MEMORY);
            assertThat(server.run("GET", "k")).isEqualTo("$1 v");
            assertThat(server.run("DEL", "k")).isEqualTo(":1");
            assertThat(server.run("MULTI")).isEqualTo("+OK");
            assertThat(server.run("PING")).isEqualTo("-" + OUT_OF_MEMORY);
            assertThat(server.run("EXEC")).startsWith("-EXECABORT ");
            server.dispatcher().memoryLimit(MemoryLimit.none());
            server.run("MULTI");
            server.run("SET", "k", "v");
            server.dispatcher().memoryLimit((bytes, patiently) -> Outcome.NONE);
            assertThat(server.run("EXEC"))
                    .isEqualTo("-EXECABORT Transaction discarded because of: " + OUT_OF_MEMORY);
            assertThat(server.run("EXISTS", "k")).isEqualTo(":0");
        }
    }

    @Test
    void aReadOnlyReplicaTakesWritesFromItsPrimaryOnly() {
        try (CommandTester server = new CommandTester()) {
            server.run("MULTI");
            server.run("SET", "k", "v");
            server.conditions().raise(Condition.READ_ONLY_REPLICA);
            assertThat(server.run("EXEC"))
                    .isEqualTo(
                            "-EXECABORT Transaction discarded because of: READONLY You can't write"
                                    + " against a read only replica.");
            assertThat(server.run("SET", "k", "v"))
                    .isEqualTo("-READONLY You can't write against a read only replica.");
            assertThat(server.run("GET", "k")).isEqualTo("$-1");
            CommandTester.Session primary = server.session();
            primary.client().kind(ClientKind.PRIMARY);
            assertThat(primary.run("SET", "k", "v")).isEqualTo("+OK");
            assertThat(server.run("GET", "k")).isEqualTo("$1 v");
            server.conditions().clear(Condition.READ_ONLY_REPLICA);
            assertThat(server.run("SET", "k", "w")).isEqualTo("+OK");
        }
    }

    @Test
    void whileLoadingOnlyCommandsThatNeedNoDataRun() {
        try (CommandTester server = new CommandTester()) {
            server.conditions().raise(Condition.LOADING);
            assertThat(server.run("GET", "k"))
                    .isEqualTo("-LOADING Redis is loading the dataset in memory");
            assertThat(server.run("GET")).as("arity comes first").startsWith("-ERR wrong number");
            assertThat(server.run("SELECT", "1")).isEqualTo("+OK");
            assertThat(server.run("MULTI")).isEqualTo("+OK");
            assertThat(server.run("SET", "k", "v")).startsWith("-LOADING ");
            assertThat(server.run("EXEC")).startsWith("-EXECABORT ");
        }
    }
}
