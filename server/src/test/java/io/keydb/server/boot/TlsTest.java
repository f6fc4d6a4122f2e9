package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.ConfigFileException;
import io.keydb.server.net.tls.CertificateAuthority;
import io.keydb.server.net.tls.CertificateAuthority.AlternativeName;
import io.keydb.server.net.tls.CertificateAuthority.Identity;
import io.keydb.server.net.tls.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import javax.net.ssl.SSLSocket;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
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
    void keysMoveWithTls() throws Exception {
        int port = freePort();
        String text = "x".repeat(3_000_000);
        try (Server to = start(port);
                Server from = start(freePort(), "--tls-cluster", "yes");
                TestClient source = new TestClient(from.port());
                TestClient target = new TestClient(to.port())) {
            source.call("CONFIG", "SET", "rdbcompression", "no");
            source.call("MSET", "a", text, "b", "2");
            for (String key : List.of("a", "b")) {
                assertThat(migrate(source, port, key)).isEqualTo("OK");
            }
            assertThat(target.call("GET", "a")).isEqualTo(text);
            assertThat(target.call("GET", "b")).isEqualTo("2");
            source.call("SET", "c", "3");
            assertThat(migrate(source, to.port(), "c")).startsWith("-IOERR");
            assertThat(source.call("DBSIZE")).isEqualTo("1");
        }
    }

    private static String migrate(TestClient source, int port, String key) throws IOException {
        return source.call("MIGRATE", "127.0.0.1", Integer.toString(port), key, "0", "3000");
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

    @Test
    void whatALinkIsPointedToIsServedWithoutRestart() throws Exception {
        int port = freePort();
        // as Kubernetes lays out a secret: file -> ..data/file, ..data -> the folder of a version
        Identity newer = authority.sign("newer");
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, version("1", own));
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        Files.createSymbolicLink(certificate, Path.of("..data/tls.crt"));
        Files.createSymbolicLink(key, Path.of("..data/tls.key"));
        try (Server server =
                        start(
                                port,
                                "--tls-auth-clients",
                                "no",
                                "--tls-rotation",
                                "yes",
                                "--tls-cert-file",
                                certificate.toString(),
                                "--tls-key-file",
                                key.toString());
                TestClient old = connect(port, null)) {
            assertThat(server.port()).isPositive();
            assertThat(subject(port)).isEqualTo("CN=server");
            Path next = folder.resolve("..next");
            Files.createSymbolicLink(next, version("2", newer));
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
            awaitSubject(port, "CN=newer");
            // a certificate without its key is not served, until the key comes
            awaitRefusal(
                    () -> {
                        Files.copy(own.certificate(), folder.resolve("half"));
                        Files.move(
                                folder.resolve("half"),
                                certificate,
                                StandardCopyOption.ATOMIC_MOVE);
                    });
            assertThat(subject(port)).isEqualTo("CN=newer");
            Files.copy(own.key(), folder.resolve("half"));
            Files.move(folder.resolve("half"), key, StandardCopyOption.ATOMIC_MOVE);
            awaitSubject(port, "CN=server");
            assertThat(old.call("PING")).isEqualTo("PONG");
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Changes files and waits until the server has looked at them and does not serve them. */
    private static void awaitRefusal(Change change) throws Exception {
        try (Collected log = new Collected("io.keydb.server.boot.TlsConfiguration")) {
            change.make();
            log.await(1);
            assertThat(log.lines()).first().asString().startsWith("Changed files of TLS are not");
        }
    }

    private void awaitSubject(int port, String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!subject(port).equals(name) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(subject(port)).isEqualTo(name);
    }

    private Path version(String name, Identity identity) throws IOException {
        Path version = Files.createDirectory(folder.resolve("..version" + name));
        Files.copy(identity.certificate(), version.resolve("tls.crt"));
        Files.copy(identity.key(), version.resolve("tls.key"));
        return version;
    }

    @Test
    void onlyAllowedNamesMayConnect() throws Exception {
        int port = freePort();
        Identity named =
                authority.sign(
                        "node",
                        AlternativeName.dns("a.example.com"),
                        AlternativeName.email("someone@example.org"),
                        AlternativeName.uri("https://example.net/node"),
                        AlternativeName.ip(192, 168, 0, 1),
                        AlternativeName.ip(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7));
        try (Server server = start(port, "--tls-allowlist", "client");
                TestClient admin = new TestClient(server.port())) {
            assertThat(isServed(port, known)).isTrue();
            assertThat(isServed(port, named)).isFalse();
            for (String pattern :
                    List.of(
                            "node",
                            "n?d[ea]",
                            "NODE",
                            "nobody *.example.com",
                            "someone@*",
                            "https://example.net/*",
                            "192.*",
                            "fe80:*:7")) {
                admin.call("CONFIG", "SET", "tls-allowlist", pattern);
                assertThat(admin.call("CONFIG", "GET", "tls-allowlist"))
                        .isEqualTo("tls-allowlist " + pattern);
                assertThat(isServed(port, named)).as(pattern).isTrue();
                assertThat(isServed(port, known)).as(pattern).isFalse();
            }
            for (String pattern : List.of("example.com", "*.example", "192.168.0.2", "")) {
                admin.call("CONFIG", "SET", "tls-allowlist", pattern);
                assertThat(isServed(port, named)).as(pattern).isEqualTo(pattern.isEmpty());
            }
            admin.call("CONFIG", "SET", "tls-allowlist", "*", "tls-auth-clients", "optional");
            assertThat(isServed(port, named)).isTrue();
            assertThat(isServed(port, null)).as("shows no name").isFalse();
            assertThat(admin.call("INFO", "clients")).contains("connected_clients:1");
        }
    }

    @Test
    void commandsOfAllButListedNamesAreAudited() throws Exception {
        int port = freePort();
        String shown = fingerprint(own);
        String start = "Audit Log: " + shown + ", cmd ";
        try (Collected log = new Collected("io.keydb.server.observability.trace.AuditLog");
                Server server = start(port, "--tls-auditlog-blocklist", "client");
                TestClient admin = new TestClient(server.port());
                TestClient exempt = connect(port, known);
                TestClient audited = connect(port, own)) {
            exempt.call("SET", "a", "secret");
            audited.call("SET", "b", "secret");
            audited.call("MGET", "b", "c d");
            audited.call("PING");
            audited.call("CONFIG", "GET", "port");
            assertThat(admin.call("CONFIG", "SET", "tls-auditlog-blocklist", "*")).isEqualTo("OK");
            log.await(6);
            assertThat(log.lines())
                    .containsExactly(
                            "Audit Log: disabled for " + fingerprint(known),
                            "Audit Log: enabled for " + shown,
                            start + "set, keys: b",
                            start + "mget, keys: b c d",
                            start + "ping",
                            start + "config|get");
        }
    }

    @Test
    void whatIsAuditedLastIsWrittenBeforeTheEnd() throws Exception {
        int port = freePort();
        try (Collected log = new Collected("io.keydb.server.observability.trace.AuditLog")) {
            try (Server server = start(port, "--tls-auditlog-blocklist", "client");
                    TestClient audited = connect(port, own)) {
                assertThat(server.port()).isPositive();
                for (int i = 0; i < 1000; i++) {
                    audited.sendInline("PING");
                }
                for (int i = 0; i < 1000; i++) {
                    assertThat(audited.reply()).isEqualTo("PONG");
                }
            }
            assertThat(log.lines()).hasSize(1001);
        }
    }

    private static String fingerprint(Identity identity) throws Exception {
        String pem = Files.readString(identity.certificate()).replaceAll("-----[^-]*-----|\\s", "");
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(pem));
        return HexFormat.of().formatHex(digest);
    }

    /** What a class logs, as long as this is open. */
    private static final class Collected extends Handler implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger logger;

        Collected(String name) {
            logger = LogContext.getLogContext().getLogger(name);
            logger.setLevel(Level.INFO);
            logger.addHandler(this);
        }

        List<String> lines() {
            return lines;
        }

        void await(int count) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (lines.size() < count && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void publish(LogRecord record) {
            Object[] parameters = record.getParameters();
            String text = record.getMessage();
            lines.add(parameters == null ? text : text.replace("{}", "" + parameters[0]));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
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
