package io.keydb.server.boot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.config.Directive;
import io.keydb.server.config.Directives;
import org.junit.jupiter.api.Test;

/** CONFIG SET of a running server, whatever the directive. */
final class ConfigSetTest {

    @Test
    void everyDirectiveMayBeSetToWhatItIs() throws Exception {
        try (Server server = TestServers.start("--enable-protected-configs", "yes");
                TestClient client = new TestClient(server.port())) {
            Directives directives = ServerDirectives.all();
            for (String name : directives.names()) {
                Directive<?> directive = requireNonNull(directives.find(name));
                if (directive.isFileOnly()) {
                    continue;
                }
                String before = client.call("CONFIG", "GET", name);
                assertThat(before).startsWith(name + " ");
                String value = before.substring(name.length() + 1);
                assertThat(client.call("CONFIG", "SET", name, value)).as(before).isEqualTo("OK");
                assertThat(client.call("CONFIG", "GET", name)).isEqualTo(before);
            }
        }
    }

    @Test
    void whatIsFixedIsNotChanged() throws Exception {
        try (Server server = TestServers.start();
                TestClient client = new TestClient(server.port())) {
            assertThat(client.call("CONFIG", "SET", "databases", "16", "databases", "17"))
                    .contains("'databases') - can't set immutable config");
            assertThat(client.call("CONFIG", "SET", "timeout", "5", "daemonize", "yes"))
                    .contains("'daemonize') - can't set immutable config");
            assertThat(client.call("CONFIG", "GET", "timeout")).isEqualTo("timeout 0");
            assertThat(client.call("CONFIG", "SET", "timeout", "5", "daemonize", "no"))
                    .isEqualTo("OK");
            assertThat(client.call("CONFIG", "GET", "timeout")).isEqualTo("timeout 5");
        }
    }
}
