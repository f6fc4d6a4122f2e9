package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs through restarts, on replicas, and in an active group. */
class CronJobsTest {
    private static final String COUNT = "return redis.call('INCR', 'runs')";

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path folder;

    private Server start(String... more) throws Exception {
        String[] all = new String[more.length + 4];
        all[0] = "--dir";
        all[1] = folder.toString();
        all[2] = "--hz";
        all[3] = "100";
        System.arraycopy(more, 0, all, 4, more.length);
        return TestServers.start(all);
    }

    private static void await(TestClient client, String runs) throws IOException {
        while (!client.call("GET", "runs").equals(runs)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aJobSurvivesARestart() throws Exception {
        String far = Long.toString(Long.MAX_VALUE / 2);
        try (Server server = start();
                TestClient client = new TestClient(server.port())) {
            client.call("SELECT", "3");
            assertThat(client.call("KEYDB.CRON", "job", "REPEAT", "0", "3600000", COUNT))
                    .isEqualTo("OK");
            await(client, "1");
            client.call("KEYDB.CRON", "later", "SINGLE", far, "1", COUNT, "1", "k", "a");
            client.call("KEYDB.CRON", "brief", "SINGLE", far, "1", COUNT);
            client.call("EXPIRE", "brief", "3600");
            client.call("KEYDB.CRON", "soon", "SINGLE", far, "1", "x".repeat(10_000));
            client.send("SHUTDOWN", "SAVE");
            assertThat(client.isEnded()).isTrue();
        }
        try (Server server = start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("SELECT", "3");
            assertThat(client.call("DBSIZE")).isEqualTo("5");
            assertThat(client.call("TYPE", "job")).isEqualTo("keydb.cron");
            assertThat(client.call("TTL", "brief")).startsWith("3");
            assertThat(client.call("TTL", "later")).isEqualTo("-1");
            String digest = client.call("DEBUG", "DIGEST");
            assertThat(client.call("DEBUG", "RELOAD")).isEqualTo("OK");
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(digest);
            assertThat(client.call("GET", "runs")).isEqualTo("1");
        }
    }

    @Test
    void aReplicaHasTheJobAndRunsItWhenItLeads(@TempDir Path ofReplica) throws Exception {
        try (Server primary = start("--enable-debug-command", "yes");
                TestClient client = new TestClient(primary.port())) {
            client.call("KEYDB.CRON", "far", "SINGLE", "3600000", COUNT);
            try (Server replica =
                            TestServers.start(
                                    "--hz",
                                    "100",
                                    "--dir",
                                    ofReplica.toString(),
                                    "--replicaof",
                                    "127.0.0.1 " + primary.port());
                    TestClient follower = new TestClient(replica.port())) {
                while (!follower.call("TYPE", "far").equals("keydb.cron")) {
                    Thread.onSpinWait();
                }
                client.call("KEYDB.CRON", "job", "REPEAT", "0", "3600000", COUNT);
                await(client, "1");
                await(follower, "1");
                client.call("KEYDB.CRON", "first", "SINGLE", "0", "1", COUNT, "0", "x");
                await(client, "2");
                await(follower, "2");
                client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0"); // the next is left to the replica
                client.call("KEYDB.CRON", "last", "SINGLE", "0", "1", COUNT);
                while (!follower.call("EXISTS", "first", "last").equals("1")) {
                    Thread.onSpinWait();
                }
                follower.call("REPLICAOF", "NO", "ONE");
                await(follower, "3");
                assertThat(follower.call("EXISTS", "first", "last", "job", "far")).isEqualTo("2");
                assertThat(client.call("GET", "runs")).isEqualTo("2");
            }
        }
    }

    @Test
    void oneNodeOfAGroupRunsAJob(@TempDir Path ofOther) throws Exception {
        try (Server one = start("--active-replica", "yes");
                Server two =
                        TestServers.start(
                                "--hz",
                                "100",
                                "--dir",
                                ofOther.toString(),
                                "--active-replica",
                                "yes",
                                "--replicaof",
                                "127.0.0.1 " + one.port());
                TestClient a = new TestClient(one.port());
                TestClient b = new TestClient(two.port())) {
            a.call("REPLICAOF", "127.0.0.1", Integer.toString(two.port()));
            a.call("KEYDB.CRON", "there", "SINGLE", "1000000000000", "1", COUNT);
            await(a, "1");
            await(b, "1");
            b.call("KEYDB.CRON", "here", "SINGLE", "1000000000000", "1", COUNT);
            await(a, "2");
            await(b, "2");
            a.call("KEYDB.CRON", "often", "REPEAT", "1000000000000", "20", COUNT);
            while (Integer.parseInt(b.call("GET", "runs")) < 20) {
                Thread.onSpinWait();
            }
            b.call("DEL", "often");
            while (!a.call("EXISTS", "often").equals("0")) {
                Thread.onSpinWait();
            }
            assertThat(b.call("EXISTS", "here", "there", "often")).isEqualTo("0");
            assertThat(b.call("INFO", "commandstats")).contains("cmdstat_eval:calls=1,");
        }
    }
}
