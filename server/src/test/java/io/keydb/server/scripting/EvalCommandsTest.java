package io.keydb.server.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTester;
import io.keydb.server.command.Condition;
import io.keydb.server.command.Statistics;
import io.keydb.server.keyspace.eviction.Eviction.Outcome;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scripts in process: what they return, what they leave behind, what is refused. */
class EvalCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void scriptsSeeTheirKeysAndArguments() {
        assertThat(eval("return {KEYS[1], ARGV[1], ARGV[2]}", "1", "k", "v", "w"))
                .isEqualTo("*3 $1 k $1 v $1 w");
    }

    @Test
    void commandsRunWithinScripts() {
        assertThat(eval("return redis.call('set', KEYS[1], ARGV[1])", "1", "k", "v"))
                .isEqualTo("+OK");
        assertThat(eval("return redis.call('get', KEYS[1])", "1", "k")).isEqualTo("$1 v");
        assertThat(eval("return keydb.call('get', KEYS[1])", "1", "k")).isEqualTo("$1 v");
    }

    @Test
    void errorsTellTheScriptAndTheLine() {
        assertThat(eval("return redis.call('nosuch')", "0"))
                .isEqualTo(
                        "-ERR Unknown Redis command called from script script:"
                                + " 206396248e12c6e742fd7296250433c8d7343b74, on @user_script:1.");
    }

    @Test
    void oneWriteLeavesItself() {
        eval("redis.call('set', 'k', 1) return redis.call('get', 'k')", "0");
        assertThat(server.takeEffects()).containsExactly("0: set k 1");
    }

    @Test
    void effectsAreThoseOfTheCommands() {
        eval("redis.call('set', 'a', 1) redis.call('select', 2) redis.call('incr', 'b')", "0");
        assertThat(server.takeEffects()).containsExactly("0: set a 1", "2: incr b");
    }

    @Test
    void readingLeavesNothing() {
        eval("return redis.call('get', 'a')", "0");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void whatIsDoneBeforeAnErrorIsTold() {
        eval("redis.call('set', 'a', 1) error('x')", "0");
        assertThat(server.takeEffects()).containsExactly("0: set a 1");
        assertThat(server.run("GET", "a")).isEqualTo("$1 1");
    }

    @Test
    void scriptsMayKeepWritesToThemselves() {
        eval(
                "redis.set_repl(redis.REPL_NONE) redis.call('set', 'a', 1)"
                        + " redis.set_repl(redis.REPL_ALL) redis.call('set', 'b', 2)",
                "0");
        assertThat(server.takeEffects()).containsExactly("0: set b 2");
    }

    @Test
    void publishedMessagesAreTold() {
        eval("redis.call('del', 'nothing')", "0");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void anActiveNodeTellsStates() {
        try (CommandTester active = new CommandTester(true)) {
            active.run(
                    "EVAL",
                    "for i = 1, 3 do redis.call('incr', KEYS[1]) end redis.call('set', 'b', 1)",
                    "1",
                    "a");
            assertThat(active.takeEffects()).hasSize(2);
            assertThat(active.run("GET", "a")).isEqualTo("$1 3");
        }
    }

    @Test
    void manyKeysOfOneScriptAreTold() {
        try (CommandTester active = new CommandTester(true)) {
            active.run("EVAL", "for i = 1, 1000 do redis.call('set', i % 500, i) end", "0");
            assertThat(active.takeEffects()).hasSize(500);
        }
    }

    @Test
    void scriptsRunWithinTransactions() {
        server.run("MULTI");
        eval("return redis.call('incr', 'a')", "0");
        server.run("INCR", "a");
        assertThat(server.run("EXEC")).isEqualTo("*2 :1 :2");
        assertThat(server.takeEffects()).containsExactly("0: incr a", "0: INCR a");
    }

    @Test
    void whatScriptsChangeIsSeenByWatchers() {
        server.run("WATCH", "a");
        server.session().run("EVAL", "redis.call('set', 'a', 1)", "0");
        server.run("MULTI");
        server.run("GET", "a");
        assertThat(server.run("EXEC")).isEqualTo("*-1");
    }

    @Test
    void blockedClientsAreServedWhenAScriptHasEnded() {
        CommandTester.Session waiter = server.session();
        waiter.run("BLPOP", "l", "0");
        eval("redis.call('rpush', 'l', 'x', 'y') return redis.call('llen', 'l')", "0");
        assertThat(waiter.lateReply()).isEqualTo("*2 $1 l $1 x");
        assertThat(server.takeEffects()).containsExactly("0: rpush l x y", "0: LPOP l");
    }

    @Test
    void commandsDoNotWaitWithinScripts() {
        assertThat(eval("return redis.call('blpop', 'l', 0)", "0")).isEqualTo("$-1");
    }

    @Test
    void aReadOnlyReplicaRefusesTheWritesOfScripts() {
        server.conditions().raise(Condition.READ_ONLY_REPLICA);
        assertThat(eval("return redis.call('get', 'a')", "0")).isEqualTo("$-1");
        assertThat(eval("return redis.call('set', 'a', 1)", "0"))
                .startsWith("-READONLY You can't write against a read only replica. script: ");
        assertThat(eval("#!lua\nreturn 1", "0"))
                .isEqualTo("-READONLY You can't write against a read only replica.");
        assertThat(eval("#!lua flags=no-writes\nreturn 1", "0")).isEqualTo(":1");
    }

    @Test
    void tooFewReplicasRefuseTheWritesOfScripts() {
        server.conditions().raise(Condition.TOO_FEW_REPLICAS);
        assertThat(eval("return redis.call('set', 'a', 1)", "0"))
                .startsWith("-NOREPLICAS Not enough good replicas to write. script: ");
        assertThat(eval("#!lua\nreturn 1", "0"))
                .isEqualTo("-NOREPLICAS Not enough good replicas to write.");
    }

    @Test
    void aStaleReplicaRunsScriptsThatSaySo() {
        server.conditions().raise(Condition.STALE);
        assertThat(eval("return 1", "0")).startsWith("-MASTERDOWN Link with MASTER is down");
        assertThat(eval("#!lua flags=no-writes,allow-stale\nreturn 1", "0")).isEqualTo(":1");
        assertThat(eval("#!lua flags=no-writes,allow-stale\nreturn redis.call('get', 'a')", "0"))
                .startsWith("-ERR Can not execute the command on a stale replica script: ");
    }

    @Test
    void withoutMemoryScriptsMayReadButNotWrite() {
        server.dispatcher().memoryLimit((bytes, patiently) -> Outcome.NONE);
        assertThat(eval("return redis.call('get', 'a')", "0")).isEqualTo("$-1");
        assertThat(eval("return redis.call('set', 'a', 1)", "0"))
                .startsWith("-OOM command not allowed when used memory > 'maxmemory'. script: ");
        assertThat(eval("#!lua\nreturn 1", "0"))
                .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.");
        assertThat(eval("#!lua flags=allow-oom\nreturn redis.call('set', 'a', 1)", "0"))
                .isEqualTo("+OK");
        assertThat(eval("#!lua flags=no-writes\nreturn 1", "0")).isEqualTo(":1");
        assertThat(eval("redis.call('del', 'a') return redis.call('set', 'a', 1)", "0"))
                .isEqualTo("+OK");
    }

    @Test
    void commandsOfScriptsAreCounted() {
        eval("redis.call('set', 'a', 1) redis.pcall('lpush', 'a', 1) redis.pcall('get')", "0");
        Statistics statistics = server.dispatcher().statistics();
        assertThat(statistics.calls(command("SET"))).isEqualTo(1);
        assertThat(statistics.calls(command("LPUSH"))).isEqualTo(1);
        assertThat(statistics.failed(command("LPUSH"))).isEqualTo(1);
        assertThat(statistics.rejected(command("GET"))).isEqualTo(1);
        assertThat(statistics.failed(command("EVAL"))).isZero();
        assertThat(errors("WRONGTYPE")).isEqualTo(1);
        assertThat(errors("ERR")).isEqualTo(1);
    }

    @Test
    void anErrorIsCountedOnce() {
        eval("return redis.call('get')", "0");
        eval("error('x')", "0");
        eval("return redis.error_reply('MINE x')", "0");
        assertThat(errors("ERR")).isEqualTo(2);
        assertThat(errors("MINE")).isEqualTo(1);
        assertThat(server.dispatcher().statistics().failed(command("EVAL"))).isEqualTo(3);
    }

    private Command command(String name) {
        return Objects.requireNonNull(server.table().find(name));
    }

    private long errors(String code) {
        LongAdder count = server.dispatcher().statistics().errors().get(code);
        return count == null ? 0 : count.sum();
    }

    @Test
    void aScriptMayMakeManyCalls() {
        assertThat(
                        eval(
                                "for i = 1, 100000 do redis.call('incr', 'n') end return"
                                        + " redis.call('get', 'n')",
                                "0"))
                .isEqualTo("$6 100000");
        assertThat(server.takeEffects()).hasSize(100_000);
    }

    @Test
    void cachedScriptsRunByTheirDigest() {
        assertThat(server.run("SCRIPT", "LOAD", "return 1"))
                .isEqualTo("$40 e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
        assertThat(server.run("EVALSHA", "E0E1F9FABFC9D4800C877A703B823AC0578FF8DB", "0"))
                .isEqualTo(":1");
        server.run("SCRIPT", "FLUSH");
        assertThat(server.run("EVALSHA", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"))
                .isEqualTo("-NOSCRIPT No matching script. Please use EVAL.");
    }

    @Test
    void thereIsNoDebugger() {
        assertThat(server.run("SCRIPT", "DEBUG", "YES"))
                .isEqualTo("-ERR this server has no debugger for scripts");
        assertThat(server.run("SCRIPT", "DEBUG", "SYNC"))
                .isEqualTo("-ERR this server has no debugger for scripts");
    }

    private String eval(String script, String... rest) {
        String[] words = new String[rest.length + 2];
        words[0] = "EVAL";
        words[1] = script;
        System.arraycopy(rest, 0, words, 2, rest.length);
        return server.run(words);
    }
}
