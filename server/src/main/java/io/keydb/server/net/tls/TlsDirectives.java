package io.keydb.server.net.tls;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of TLS.
 *
 * <p>Threads: immutable.
 */
public final class TlsDirectives {
    private TlsDirectives() {}

    private static final long DEFAULT_CACHED_SESSIONS = 20 * 1024;
    private static final long DEFAULT_SESSION_SECONDS = 300;

    public static final Directive<Long> PORT =
            directive("tls-port")
                    .integer(0, 0, 65535)
                    .mutable()
                    .doc(
                            "Port to listen on with TLS, beside `port` or, with `port 0`, instead"
                                    + " of it; 0 listens on none. Needs OpenSSL 3 or 1.1 on the"
                                    + " machine.");

    public static final Directive<String> CERT_FILE =
            directive("tls-cert-file")
                    .text("")
                    .mutable()
                    .alwaysApplied()
                    .doc(
                            "Certificate of the server, in PEM, followed by those up to the"
                                    + " authority.");

    public static final Directive<String> KEY_FILE =
            directive("tls-key-file")
                    .text("")
                    .mutable()
                    .alwaysApplied()
                    .doc("Private key of the certificate, in PEM.");

    public static final Directive<String> KEY_FILE_PASS =
            directive("tls-key-file-pass")
                    .text("")
                    .mutable()
                    .sensitive()
                    .doc("Password of the private key.");

    public static final Directive<String> CLIENT_CERT_FILE =
            directive("tls-client-cert-file")
                    .text("")
                    .mutable()
                    .alwaysApplied()
                    .doc(
                            "Certificate to show when this server connects to others; without it,"
                                    + " `tls-cert-file`.");

    public static final Directive<String> CLIENT_KEY_FILE =
            directive("tls-client-key-file")
                    .text("")
                    .mutable()
                    .alwaysApplied()
                    .doc("Private key of `tls-client-cert-file`.");

    public static final Directive<String> CLIENT_KEY_FILE_PASS =
            directive("tls-client-key-file-pass")
                    .text("")
                    .mutable()
                    .sensitive()
                    .doc("Password of `tls-client-key-file`.");

    public static final Directive<String> DH_PARAMS_FILE =
            directive("tls-dh-params-file")
                    .text("")
                    .mutable()
                    .doc("Parameters of Diffie-Hellman, in PEM; OpenSSL has its own.");

    public static final Directive<String> CA_CERT_FILE =
            directive("tls-ca-cert-file")
                    .text("")
                    .mutable()
                    .alwaysApplied()
                    .doc("Certificates, in PEM, of those who sign the other side's certificates.");

    public static final Directive<String> CA_CERT_DIR =
            directive("tls-ca-cert-dir")
                    .text("")
                    .mutable()
                    .alwaysApplied()
                    .doc("Folder of such certificates, in files named by their hash.");

    public static final Directive<ClientCertificates> AUTH_CLIENTS =
            directive("tls-auth-clients")
                    .choice(ClientCertificates.YES)
                    .mutable()
                    .doc(
                            "Whether clients have to show a certificate; with `optional`, one that"
                                    + " is shown must be good.");

    public static final Directive<Boolean> REPLICATION =
            directive("tls-replication")
                    .toggle(false)
                    .mutable()
                    .doc("Links to primaries and peers use TLS.");

    public static final Directive<Boolean> CLUSTER =
            directive("tls-cluster")
                    .toggle(false)
                    .mutable()
                    .doc("The cluster bus and `MIGRATE` use TLS.");

    public static final Directive<String> PROTOCOLS =
            directive("tls-protocols")
                    .text("")
                    .mutable()
                    .doc(
                            "Versions that are spoken, of `TLSv1 TLSv1.1 TLSv1.2 TLSv1.3`; without"
                                    + " it, the last two.");

    public static final Directive<String> CIPHERS =
            directive("tls-ciphers")
                    .text("")
                    .mutable()
                    .doc("Ciphers up to version 1.2, in OpenSSL's notation.");

    public static final Directive<String> CIPHERSUITES =
            directive("tls-ciphersuites").text("").mutable().doc("Cipher suites of version 1.3.");

    public static final Directive<Boolean> PREFER_SERVER_CIPHERS =
            directive("tls-prefer-server-ciphers")
                    .toggle(false)
                    .mutable()
                    .doc("The server's order of ciphers counts, not the client's.");

    public static final Directive<Boolean> SESSION_CACHING =
            directive("tls-session-caching")
                    .toggle(true)
                    .mutable()
                    .doc("Clients that come again may take up their former session.");

    public static final Directive<Long> SESSION_CACHE_SIZE =
            directive("tls-session-cache-size")
                    .integer(DEFAULT_CACHED_SESSIONS, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc("Sessions that are kept; 0 is no limit.");

    public static final Directive<Long> SESSION_CACHE_TIMEOUT =
            directive("tls-session-cache-timeout")
                    .integer(DEFAULT_SESSION_SECONDS, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc("Seconds for which a session is kept.");

    public static final Directive<Boolean> ROTATION =
            directive("tls-rotation")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Looks once a second whether a file of TLS, or what a link of its name"
                                    + " leads to, is another one, and serves that from then on.");

    public static final Directive<List<String>> ALLOWLIST =
            directive("tls-allowlist")
                    .words(Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Who may connect with TLS: patterns, as `*.example.com`, of which one"
                                    + " has to match the common name of the certificate shown or"
                                    + " one of its alternative names (host, address, e-mail, URI)."
                                    + " Without any, everybody who is verified may.");

    public static final Directive<List<String>> AUDITLOG_BLOCKLIST =
            directive("tls-auditlog-blocklist")
                    .words(Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "Has the commands of clients logged, each with the fingerprint of the"
                                    + " client's certificate and the keys, but for those whose"
                                    + " certificate is of such a name. Without any, nobody's.");

    public static final List<Directive<?>> ALL =
            List.of(
                    PORT,
                    CERT_FILE,
                    KEY_FILE,
                    KEY_FILE_PASS,
                    CLIENT_CERT_FILE,
                    CLIENT_KEY_FILE,
                    CLIENT_KEY_FILE_PASS,
                    DH_PARAMS_FILE,
                    CA_CERT_FILE,
                    CA_CERT_DIR,
                    AUTH_CLIENTS,
                    REPLICATION,
                    CLUSTER,
                    PROTOCOLS,
                    CIPHERS,
                    CIPHERSUITES,
                    PREFER_SERVER_CIPHERS,
                    SESSION_CACHING,
                    SESSION_CACHE_SIZE,
                    SESSION_CACHE_TIMEOUT,
                    ROTATION,
                    ALLOWLIST,
                    AUDITLOG_BLOCKLIST);
}
