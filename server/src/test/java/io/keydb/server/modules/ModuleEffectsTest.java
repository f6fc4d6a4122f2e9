package io.keydb.server.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.testmodule.ModuleJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands of modules leave to the log, and that no memory is lost. */
class ModuleEffectsTest {
    private static final String FAILED = "-ERR module 'test' failed, see the server's log";

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path folder;

    private CommandTester server(boolean active) throws IOException {
        CommandTester server = new CommandTester(active);
        Modules modules =
                new Modules(
                        new Modules.Parts(
                                server.table(),
                                new Configuration(Directives.of(ModuleDirectives.ALL)),
                                server.keyspace(),
                                () -> {},
                                DumpPayload::write));
        String jar = ModuleJar.write(folder.resolve("test.jar")).toString();
        List<byte[]> arguments = List.of("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(modules.load(jar, arguments, Map.of())).isTrue();
        server.takeEffects();
        return server;
    }

    @Test
    void aPlainNodeTellsTheRequestOrWhatTheModuleSaysInstead() throws Exception {
        try (CommandTester server = server(false)) {
            server.run("TEST.SET", "k", "v");
            assertThat(server.takeEffects()).containsExactly("0: TEST.SET k v");
            server.run("TEST.CHANCE", "k");
            assertThat(server.takeEffects()).containsExactly("0: TEST.SET k chosen");
            server.run("TEST.DEL", "absent");
            server.run("TEST.GET", "k");
            assertThat(server.run("TEST.BOOM", "k")).isEqualTo(FAILED);
            assertThat(server.takeEffects())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("0: RESTORE k 0");
            server.run("MULTI");
            server.run("TEST.CHANCE", "a");
            server.run("TEST.DEL", "a");
            server.run("EXEC");
            assertThat(server.takeEffects())
                    .containsExactly("0: TEST.SET a chosen", "0: TEST.DEL a");
            server.run("EVAL", "return redis.call('TEST.CHANCE', KEYS[1])", "1", "b");
            assertThat(server.takeEffects()).containsExactly("0: TEST.SET b chosen");
        }
    }

    @Test
    void anActiveNodeTellsValues() throws Exception {
        try (CommandTester server = server(true)) {
            server.run("TEST.CHANCE", "k");
            assertThat(server.takeEffects())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("0: RESTORE k 0");
            server.run("TEST.DEL", "k");
            assertThat(server.takeEffects()).containsExactly("0: DEL k");
            assertThat(server.run("TEST.BOOM", "k")).isEqualTo(FAILED);
            assertThat(server.takeEffects())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("0: RESTORE k 0");
        }
    }

    @Test
    void watchersAreTold() throws Exception {
        try (CommandTester server = server(false)) {
            server.run("TEST.SET", "k", "v");
            server.run("WATCH", "k");
            server.session().run("TEST.SET", "k", "w");
            server.run("MULTI");
            assertThat(server.run("EXEC")).isEqualTo("*-1");
        }
    }

    @Test
    void valuesOfEverySizeComeAndGo() throws Exception {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        String[] last = new String[5];
        try (CommandTester server = server(random.nextBoolean())) {
            for (int i = 0; i < 2000; i++) {
                int key = random.nextInt(last.length);
                if (random.nextInt(4) == 0) {
                    server.run("TEST.DEL", "k" + key);
                    last[key] = null;
                } else {
                    int length = random.nextInt(random.nextBoolean() ? 300 : 20_000);
                    last[key] = "x".repeat(length);
                    server.run("TEST.SET", "k" + key, last[key]);
                }
                String found = server.run("TEST.GET", "k" + key);
                String expected =
                        last[key] == null ? "$-1" : ("$" + last[key].length() + " " + last[key]);
                assertThat(found).as("seed %d step %d", seed, i).isEqualTo(expected.trim());
            }
        }
    }
}
