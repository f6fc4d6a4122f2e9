package io.keydb.e2e.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example module: loaded, used, saved, replicated and unloaded by real servers. */
class BloomFilterModuleTest {
    private static final int ITEMS = 1000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static String jar;

    @BeforeAll
    static void buildTheModule() throws IOException {
        assumeTrue(ServerLaunch.ours().isPossible(), ServerLaunch.ours().reasonImpossible());
        jar = ExampleModule.build(folder).toString();
    }

    private static ServerLaunch launch(String... more) {
        return ServerLaunch.ours()
                .with("--enable-module-command", "yes", "--enable-debug-command", "yes")
                .with(more);
    }

    private static String text(RespReply reply) {
        return reply.toString();
    }

    private static void fill(RespClient client, String key) throws IOException {
        for (int i = 0; i < ITEMS; i++) {
            client.call("BF.ADD", key, "item:" + i);
        }
    }

    private static long found(RespClient client, String key, String prefix) throws IOException {
        long found = 0;
        for (int i = 0; i < ITEMS; i++) {
            found += client.call("BF.EXISTS", key, prefix + i).integer();
        }
        return found;
    }

    private static String digest(RespClient client) throws IOException {
        return text(client.call("DEBUG", "DIGEST"));
    }

    @Test
    void filtersAnswerAndSurviveARestart(@TempDir Path data) throws Exception {
        String digest;
        try (ServerProcess server = launch().in(data).start();
                RespClient client = server.connect()) {
            assertThat(client.call("MODULE", "LOAD", jar).isSimple("OK")).isTrue();
            assertThat(client.call("BF.RESERVE", "f", "0.01", "1000").isSimple("OK")).isTrue();
            fill(client, "f");
            assertThat(found(client, "f", "item:")).isEqualTo(ITEMS);
            assertThat(found(client, "f", "other:")).isLessThan(ITEMS * 3 / 100);
            assertThat(text(client.call("TYPE", "f"))).contains("bloomfltr");
            assertThat(client.call("BF.MERGE", "g", "f").isSimple("OK")).isTrue();
            assertThat(client.call("COPY", "f", "h").integer()).isOne();
            assertThat(client.call("BF.RESERVE", "f", "2", "1000").isError()).isTrue();
            digest = digest(client);
            assertThat(client.call("SAVE").isSimple("OK")).isTrue();
        }
        try (ServerProcess server =
                        launch("--loadmodule", jar, "--bf.default-capacity", "50")
                                .in(data)
                                .start();
                RespClient client = server.connect()) {
            assertThat(digest(client)).isEqualTo(digest);
            assertThat(found(client, "g", "item:")).isEqualTo(ITEMS);
            assertThat(text(client.call("CONFIG", "GET", "bf.default-capacity"))).contains("50");
            assertThat(client.call("MODULE", "UNLOAD", "bf").isError()).isTrue();
            assertThat(client.call("DEL", "f", "g", "h").integer()).isEqualTo(3);
            assertThat(client.call("MODULE", "UNLOAD", "bf").isSimple("OK")).isTrue();
            assertThat(text(client.call("BF.ADD", "f", "x"))).contains("unknown command");
        }
    }

    @Test
    void theAppendOnlyFileKeepsWhatModulesWrite(@TempDir Path data) throws Exception {
        ServerLaunch launch = launch("--loadmodule", jar, "--appendonly", "yes").in(data);
        String digest;
        try (ServerProcess server = launch.with("--bf.default-capacity", "50").start();
                RespClient client = server.connect()) {
            fill(client, "f");
            digest = digest(client);
            assertThat(server.stop()).isZero();
        }
        try (ServerProcess server = launch.start();
                RespClient client = server.connect()) {
            assertThat(digest(client)).isEqualTo(digest);
            assertThat(found(client, "f", "item:")).isEqualTo(ITEMS);
        }
    }

    @Test
    void aReplicaHasTheSameFilters() throws Exception {
        try (ServerProcess primary = launch("--loadmodule", jar).start();
                ServerProcess replica =
                        launch("--loadmodule", jar, "--bf.default-capacity", "7").start();
                RespClient writer = primary.connect();
                RespClient reader = replica.connect()) {
            fill(writer, "before");
            reader.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
            while (!text(reader.call("INFO", "replication")).contains("master_link_status:up")) {
                Thread.onSpinWait();
            }
            fill(writer, "after");
            writer.call("BF.MERGE", "merged", "before", "after");
            assertThat(writer.call("WAIT", "1", "60000").integer()).isOne();
            assertThat(digest(reader)).isEqualTo(digest(writer));
            assertThat(found(reader, "merged", "item:")).isEqualTo(ITEMS);
            assertThat(text(reader.call("BF.ADD", "after", "x"))).contains("READONLY");
        }
    }

    @Test
    void activeNodesExchangeFilters() throws Exception {
        try (ServerProcess one = launch("--loadmodule", jar, "--active-replica", "yes").start();
                ServerProcess two = launch("--loadmodule", jar, "--active-replica", "yes").start();
                RespClient first = one.connect();
                RespClient second = two.connect()) {
            first.call("REPLICAOF", "127.0.0.1", Integer.toString(two.port()));
            second.call("REPLICAOF", "127.0.0.1", Integer.toString(one.port()));
            first.call("BF.ADD", "of-one", "item");
            second.call("BF.ADD", "of-two", "item");
            while (first.call("BF.EXISTS", "of-two", "item").integer() == 0
                    || second.call("BF.EXISTS", "of-one", "item").integer() == 0) {
                Thread.onSpinWait();
            }
            assertThat(digest(first)).isEqualTo(digest(second));
        }
    }

    @Test
    void theServerOfTheStartUpCacheLoadsModulesToo() throws Exception {
        ServerLaunch cached = ServerLaunch.oursCached();
        assumeTrue(cached.isPossible(), cached.reasonImpossible());
        try (ServerProcess server = cached.with("--loadmodule", jar).start();
                RespClient client = server.connect()) {
            assertThat(client.call("BF.ADD", "f", "item").integer()).isOne();
        }
    }
}
