package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.ConfigFileException;
import io.keydb.server.net.tls.CertificateAuthority;
import io.keydb.server.net.tls.CertificateAuthority.Identity;
import io.keydb.server.net.tls.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with {@code tls-port}, and the JDK's TLS as its client. */
@SuppressWarnings("NullAway.Init") // made before all tests
class TlsTest {
    private static final String REFUSED =
            "-ERR CONFIG SET failed (possibly related to argument '%s') - Unable to update TLS"
                    + " configuration. Check server logs.";

    @TempDir Path folder;
    private CertificateAuthority authority;
    private Identity own;
    private Identity known;
    private Identity stranger;
    private Identity expired;

    @BeforeEach
    void makeCertificates() throws IOException {
        authority = new CertificateAuthority(folder, "authority");
        own = authority.sign("server");
        known = authority.sign("client");
        expired = authority.sign("expired", Duration.ofDays(-1));
        stranger = new CertificateAuthority(folder, "other").sign("stranger");
    }

    private Server start(int tlsPort, String... more) throws IOException, ConfigFileException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--tls-port",
                                Integer.toString(tlsPort),
                                "--tls-cert-file",
                                own.certificate().toString(),
                                "--tls-key-file",
                                own.key().toString(),
                                "--tls-ca-cert-file",
                                authority.file().toString()));
        arguments.addAll(List.of(more));
        return TestServers.start(arguments.toArray(String[]::new));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private TestClient connect(int port, @Nullable Identity identity) throws IOException {
        return TlsClient.connect(port, authority.file(), identity);
    }

    /** Whether the server serves a client; with TLS 1.3 a refusal comes after the handshake. */
    private boolean isServed(int port, @Nullable Identity identity) {
        try (TestClient client = connect(port, identity)) {
            return client.call("PING").equals("PONG");
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void clientsAreServedOnBothPorts() throws Exception {
        int port = freePort();
        try (Server server = start(port, "--tls-auth-clients", "no");
                TestClient plain = new TestClient(server.port());
                TestClient secure = connect(port, null)) {
            String big = "x".repeat(3_000_000);
            assertThat(secure.call("SET", "key", big)).isEqualTo("OK");
            assertThat(plain.call("GET", "key")).isEqualTo(big);
            assertThat(secure.call("GET", "key")).isEqualTo(big);
            assertThat(secure.call("CLIENT", "LIST")).contains("laddr=127.0.0.1:" + port);
            assertThat(secure.call("INFO", "server"))
                    .contains("listener0:name=tcp,bind=127.0.0.1,port=" + server.port())
                    .contains("listener1:name=tls,bind=127.0.0.1,port=" + port);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        int port = freePort();
        try (Server server = start(port, "--tls-auth-clients", "no");
                TestClient client = connect(port, null)) {
            String[] lines = new String[5000];
            for (int i = 0; i < lines.length; i++) {
                lines[i] = "ECHO " + i;
            }
            client.sendInline(lines);
            for (int i = 0; i < lines.length; i++) {
                assertThat(client.reply()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void whoHasToShowACertificate() throws Exception {
        int port = freePort();
        try (Server server = start(port);
                TestClient admin = new TestClient(server.port())) {
            assertThat(isServed(port, known)).isTrue();
            assertThat(isServed(port, null)).isFalse();
            assertThat(isServed(port, stranger)).isFalse();
            assertThat(isServed(port, expired)).isFalse();
            admin.call("CONFIG", "SET", "tls-auth-clients", "optional");
            assertThat(isServed(port, known)).isTrue();
            assertThat(isServed(port, null)).isTrue();
            assertThat(isServed(port, stranger)).isFalse();
            admin.call("CONFIG", "SET", "tls-auth-clients", "no");
            assertThat(isServed(port, null)).isTrue();
            assertThat(isServed(port, stranger)).isTrue();
            assertThat(admin.call("INFO", "clients")).contains("connected_clients:1");
        }
    }

    @Test
    void garbageEndsTheConnection() throws Exception {
        int port = freePort();
        try (Server server = start(port);
                TestClient client = new TestClient(port)) {
            client.send("PING");
            while (!client.isEnded()) { // an alert comes first
                continue;
            }
            assertThat(isServed(port, known)).isTrue();
        }
    }

    @Test
    void protocolsAndCiphersAreThoseConfigured() throws Exception {
        int port = freePort();
        try (Server server = start(port, "--tls-auth-clients", "no", "--tls-protocols", "TLSv1.2");
                TestClient admin = new TestClient(server.port())) {
            assertThat(protocol(port, "TLSv1.3", "TLSv1.2")).isEqualTo("TLSv1.2");
            admin.call("CONFIG", "SET", "tls-protocols", "TLSv1.3");
            assertThat(protocol(port, "TLSv1.3", "TLSv1.2")).isEqualTo("TLSv1.3");
            assertThatThrownBy(() -> protocol(port, "TLSv1.2")).isInstanceOf(IOException.class);
            admin.call("CONFIG", "SET", "tls-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256");
            assertThat(cipher(port)).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
            admin.call(
                    "CONFIG",
                    "SET",
                    "tls-protocols",
                    "",
                    "tls-ciphersuites",
                    "",
                    "tls-ciphers",
                    "ECDHE-ECDSA-AES128-GCM-SHA256");
            try (SSLSocket socket = TlsClient.socket(port, authority.file(), null)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.startHandshake();
                assertThat(socket.getSession().getCipherSuite())
                        .isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            }
        }
    }

    private String protocol(int port, String... offered) throws IOException {
        try (SSLSocket socket = TlsClient.socket(port, authority.file(), null)) {
            socket.setEnabledProtocols(offered);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private String cipher(int port) throws IOException {
        try (SSLSocket socket = TlsClient.socket(port, authority.file(), null)) {
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tls-cert-file /nowhere",
                "tls-key-file /nowhere",
                "tls-ca-cert-file /nowhere",
                "tls-dh-params-file /nowhere",
                "tls-ciphers NONSENSE",
                "tls-ciphersuites NONSENSE",
                "tls-protocols SSLv3",
                "tls-ca-cert-file "
            })
    void whatCannotBeUsedIsRefusedAndTheFormerStays(String change) throws Exception {
        int port = freePort();
        String[] words = change.split(" ", -1);
        try (Server server = start(port);
                TestClient admin = new TestClient(server.port())) {
            String before = admin.call("CONFIG", "GET", words[0]);
            assertThat(admin.call("CONFIG", "SET", words[0], words[1]))
                    .isEqualTo(REFUSED.formatted(words[0]));
            assertThat(admin.call("CONFIG", "GET", words[0])).isEqualTo(before);
            assertThat(isServed(port, known)).isTrue();
        }
    }

    @Test
    void aNewCertificateOfTheSameNameIsServedAfterConfigSet() throws Exception {
        int port = freePort();
        Path certificate = folder.resolve("rotated.crt");
        Path key = folder.resolve("rotated.key");
        Files.copy(own.certificate(), certificate);
        Files.copy(own.key(), key);
        try (Server server =
                        start(
                                port,
                                "--tls-auth-clients",
                                "no",
                                "--tls-cert-file",
                                certificate.toString(),
                                "--tls-key-file",
                                key.toString());
                TestClient admin = new TestClient(server.port());
                TestClient old = connect(port, null)) {
            Identity newer = authority.sign("newer");
            Files.copy(newer.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(newer.key(), key, StandardCopyOption.REPLACE_EXISTING);
            assertThat(subject(port)).isEqualTo("CN=server");
            admin.call("CONFIG", "SET", "tls-cert-file", certificate.toString());
            assertThat(subject(port)).isEqualTo("CN=newer");
            assertThat(old.call("PING")).isEqualTo("PONG");
        }
    }

    private String subject(int port) throws IOException {
        try (SSLSocket socket = TlsClient.socket(port, authority.file(), null)) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    @Test
    void portsAreSwitchedByConfigSet() throws Exception {
        int port = freePort();
        try (Server server = start(port, "--tls-auth-clients", "no")) {
            try (TestClient client = connect(port, null)) {
                assertThat(client.call("CONFIG", "SET", "tls-port", "0")).isEqualTo("OK");
                assertThat(client.call("CONFIG", "SET", "port", Integer.toString(port)))
                        .isEqualTo("OK");
            }
            try (TestClient client = new TestClient(port)) {
                assertThat(client.call("CONFIG", "SET", "port", "0")).isEqualTo("OK");
                assertThat(client.call("CONFIG", "SET", "tls-port", Integer.toString(port)))
                        .isEqualTo("OK");
                assertThat(client.call("INFO", "server")).contains("tcp_port:" + port);
            }
            assertThat(isServed(port, null)).isTrue();
        }
    }

    @Test
    void aServerThatCannotHaveTlsDoesNotStart() throws Exception {
        int port = freePort();
        assertThatThrownBy(() -> TestServers.start("--tls-port", Integer.toString(port)))
                .isInstanceOf(TlsException.class)
                .hasMessage("No tls-cert-file configured!");
        assertThatThrownBy(() -> start(port, "--tls-ca-cert-file", ""))
                .isInstanceOf(TlsException.class)
                .hasMessageStartingWith("Either tls-ca-cert-file or tls-ca-cert-dir must be");
        assertThatThrownBy(() -> start(port, "--tls-key-file", known.key().toString()))
                .isInstanceOf(TlsException.class)
                .hasMessageStartingWith("Failed to load private key: " + known.key() + ": error:")
                .hasMessageEndingWith("key values mismatch");
    }

    @Test
    void replicationOverTls() throws Exception {
        int port = freePort();
        try (Server primary = start(port);
                Server replica = start(freePort(), "--tls-replication", "yes");
                TestClient writer = new TestClient(primary.port());
                TestClient reader = new TestClient(replica.port())) {
            writer.call("SET", "key", "value");
            reader.call("REPLICAOF", "127.0.0.1", Integer.toString(port));
            while (!reader.call("INFO", "replication").contains("master_link_status:up")) {
                Thread.onSpinWait();
            }
            writer.call("SET", "later", "x".repeat(1_000_000));
            assertThat(writer.call("WAIT", "1", "5000")).isEqualTo("1");
            assertThat(reader.call("GET", "key")).isEqualTo("value");
            assertThat(reader.call("STRLEN", "later")).isEqualTo("1000000");
        }
    }
}
