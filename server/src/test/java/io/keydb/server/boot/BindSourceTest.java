package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links come from the address of {@code bind-source-addr}, where that can be had. */
@Timeout(60)
class BindSourceTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.3, 127.0.0.3", "192.0.2.1, 127.0.0.1", "no.such.host.invalid, 127.0.0.1"})
    void linksOfReplicas(String asked, String expected) throws Exception {
        try (Server primary = TestServers.start();
                Server replica = TestServers.start("--bind-source-addr", asked);
                TestClient first = new TestClient(primary.port());
                TestClient second = new TestClient(replica.port())) {
            second.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
            assertComesFrom(first, expected);
        }
    }

    @Test
    void linksOfPeers() throws Exception {
        try (Server one = TestServers.start("--active-replica", "yes");
                Server other = TestServers.start("--active-replica", "yes");
                TestClient first = new TestClient(one.port());
                TestClient second = new TestClient(other.port())) {
            second.call("CONFIG", "SET", "bind-source-addr", "127.0.0.3");
            second.call("REPLICAOF", "127.0.0.1", Integer.toString(one.port()));
            assertComesFrom(first, "127.0.0.3");
        }
    }

    private static void assertComesFrom(TestClient follows, String address) throws Exception {
        String list = follows.call("INFO", "replication");
        while (!list.contains("slave0:")) {
            list = follows.call("INFO", "replication");
        }
        assertThat(list).contains("slave0:ip=" + address + ",");
    }
}
