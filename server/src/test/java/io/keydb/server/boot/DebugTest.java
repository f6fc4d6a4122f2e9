package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** DEBUG over a real connection. */
class DebugTest {
    @Test
    void reloadKeepsAllData() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            for (int i = 0; i < 1000; i++) {
                client.call("SET", "key" + i, "value".repeat(i % 50 + 1));
            }
            client.call("SET", "number", "12");
            client.call("PEXPIRE", "number", "100000");
            client.call("SELECT", "3");
            client.call("SET", "other", "database");
            String before = client.call("DEBUG", "DIGEST");
            assertThat(client.call("DEBUG", "RELOAD")).isEqualTo("OK");
            assertThat(client.call("DEBUG", "DIGEST")).isEqualTo(before);
            assertThat(client.call("DBSIZE")).isEqualTo("1");
            client.call("SELECT", "0");
            assertThat(client.call("DBSIZE")).isEqualTo("1001");
            assertThat(Long.parseLong(client.call("PTTL", "number"))).isBetween(1L, 100000L);
        }
    }

    @Test
    void aValueIsDescribedAndFingerprinted() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("SET", "k", "12");
            client.call("SET", "l", "12");
            assertThat(client.call("DEBUG", "OBJECT", "k"))
                    .matches(
                            "Value at:0x[0-9a-f]+ refcount:1 encoding:int serializedlength:2"
                                    + " lru:\\d+ lru_seconds_idle:\\d+");
            assertThat(client.call("DEBUG", "OBJECT", "none")).isEqualTo("-ERR no such key");
            String digest = client.call("DEBUG", "DIGEST-VALUE", "k");
            assertThat(digest).hasSize(40).isEqualTo(client.call("DEBUG", "DIGEST-VALUE", "l"));
            assertThat(client.call("DEBUG", "DIGEST-VALUE", "none")).isEqualTo("0".repeat(40));
            assertThat(client.call("DEBUG", "LOG", "hello")).isEqualTo("OK");
            client.call("MULTI");
            client.call("DEBUG", "RELOAD");
            assertThat(client.call("EXEC"))
                    .isEqualTo(
                            "-ERR this subcommand of DEBUG is not possible within a transaction");
        }
    }

    @Test
    void tablesTellHowFullTheyAre() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            client.call("DEBUG", "POPULATE", "1000");
            client.call("EXPIRE", "key:1", "1000");
            client.call("CONFIG", "SET", "set-max-listpack-entries", "1");
            client.call("SADD", "set", "a", "b", "c");
            assertThat(client.call("DEBUG", "HTSTATS", "0"))
                    .containsPattern("(?s)^\\[Dictionary HT].* number of elements: 1001\n")
                    .containsPattern("(?s)\\[Expires HT].* number of elements: 1\n");
            assertThat(client.call("DEBUG", "HTSTATS-KEY", "set", "full"))
                    .contains(" number of elements: 3\n segments: 1\n");
            assertThat(client.call("DEBUG", "HTSTATS", "1"))
                    .contains("No stats available for empty dictionaries");
        }
    }

    @Test
    void theHistoryOfReplicationBeginsAnew() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "local");
                TestClient client = new TestClient(server.port())) {
            String before = id(client);
            assertThat(id(client)).isEqualTo(before);
            assertThat(client.call("DEBUG", "CHANGE-REPL-ID")).isEqualTo("OK");
            assertThat(id(client)).isNotEqualTo(before).hasSize(before.length());
        }
    }

    private static String id(TestClient client) throws Exception {
        return client.call("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith("master_replid:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aProcessOfOthersIsLeftAlone() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "CRASH-AND-RECOVER"))
                    .isEqualTo("-ERR failed to restart the server. Check server logs.");
            assertThat(client.call("DEBUG", "RESTART", "x"))
                    .isEqualTo("-ERR value is not an integer or out of range");
            assertThat(client.call("DEBUG", "CONFIG-REWRITE-FORCE-ALL"))
                    .isEqualTo("-ERR CONFIG-REWRITE-FORCE-ALL failed");
            assertThat(client.call("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void errorsAreRepliedAsAskedFor() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "ERROR", "MY\r\nerror")).isEqualTo("-MY  error");
        }
    }

    @Test
    void nothingExpiresByItselfWhileTheCronIsPaused() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "PAUSE-CRON", "1")).isEqualTo("OK");
            client.call("SET", "a", "1", "PX", "1");
            assertThat(client.call("DBSIZE")).isEqualTo("1");
            assertThat(client.call("DEBUG", "PAUSE-CRON", "0")).isEqualTo("OK");
            while (!client.call("DBSIZE").equals("0")) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void repliesOfEveryType() throws Exception {
        try (Server server = TestServers.start("--enable-debug-command", "yes");
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("DEBUG", "PROTOCOL", "string")).isEqualTo("Hello World");
            assertThat(client.call("DEBUG", "PROTOCOL", "integer")).isEqualTo("12345");
            assertThat(client.call("DEBUG", "PROTOCOL", "double")).isEqualTo("3.141");
            assertThat(client.call("DEBUG", "PROTOCOL", "map")).isEqualTo("0 0 1 1 2 0");
            assertThat(client.call("DEBUG", "PROTOCOL", "Attrib"))
                    .isEqualTo("Some real reply following the attribute");
            assertThat(client.call("DEBUG", "PROTOCOL", "push"))
                    .isEqualTo("-ERR RESP2 is not supported by this command");
            assertThat(client.call("DEBUG", "PROTOCOL", "other"))
                    .startsWith("-ERR Wrong protocol type name. ");
        }
    }
}
