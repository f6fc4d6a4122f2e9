package io.keydb.server.boot;

import io.keydb.server.net.tls.CertificateAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The JDK's own TLS, as a client of a test server. */
final class TlsClient {
    private static final char[] NO_PASSWORD = {};

    private TlsClient() {}

    /** Connects and shakes hands; shows {@code identity} unless it is null. */
    static TestClient connect(
            int port, Path authority, CertificateAuthority.@Nullable Identity identity)
            throws IOException {
        SSLSocket socket = socket(port, authority, identity);
        try {
            socket.startHandshake();
            return new TestClient(socket);
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /** Connects; the handshake is not begun. */
    static SSLSocket socket(
            int port, Path authority, CertificateAuthority.@Nullable Identity identity)
            throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    identity == null ? null : keys(identity).getKeyManagers(),
                    trust(authority).getTrustManagers(),
                    null);
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TestClient.TIMEOUT_MILLIS);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static TrustManagerFactory trust(Path authority)
            throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", certificate(authority));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }

    private static KeyManagerFactory keys(CertificateAuthority.Identity identity)
            throws IOException, GeneralSecurityException {
        String pem = Files.readString(identity.key()).replaceAll("-----[^-]*-----|\\s", "");
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "own",
                KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                NO_PASSWORD,
                new Certificate[] {certificate(identity.certificate())});
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
