package io.keydb.server.net.tls;

import io.keydb.server.config.Configuration;

/**
 * Everything that contexts are made from, as of one moment. Empty texts are what nobody has set.
 *
 * <p>Threads: immutable.
 *
 * @param own certificate and key for accepted connections
 * @param client certificate and key for outbound links; without them, {@code own}
 * @param authorityFile certificates of those who may sign the other side's
 * @param authorityFolder the same, one file each, named by its hash
 * @param protocols names of versions with blanks between them
 * @param ciphers for versions up to 1.2, in OpenSSL's notation
 * @param cipherSuites for version 1.3
 * @param parametersFile parameters of Diffie-Hellman
 * @param prefersOwnCiphers whether the server's order of ciphers counts, not the client's
 * @param cachesSessions whether clients may take up former sessions
 * @param cachedSessions how many sessions are kept
 * @param sessionSeconds how long they are good for
 * @param needsAuthorities whether anybody's certificate has to be checked
 */
public record TlsSettings(
        Identity own,
        Identity client,
        String authorityFile,
        String authorityFolder,
        String protocols,
        String ciphers,
        String cipherSuites,
        String parametersFile,
        boolean prefersOwnCiphers,
        boolean cachesSessions,
        long cachedSessions,
        long sessionSeconds,
        boolean needsAuthorities) {

    /**
     * Who one is.
     *
     * @param certificateFile the certificate, then those up to the authority
     * @param keyFile its private key
     * @param password of the key
     */
    public record Identity(String certificateFile, String keyFile, String password) {

        boolean isComplete() {
            return !certificateFile.isEmpty() && !keyFile.isEmpty();
        }
    }

    /** What the configuration says now. */
    public static TlsSettings of(Configuration configuration) {
        return new TlsSettings(
                new Identity(
                        configuration.value(TlsDirectives.CERT_FILE),
                        configuration.value(TlsDirectives.KEY_FILE),
                        configuration.value(TlsDirectives.KEY_FILE_PASS)),
                new Identity(
                        configuration.value(TlsDirectives.CLIENT_CERT_FILE),
                        configuration.value(TlsDirectives.CLIENT_KEY_FILE),
                        configuration.value(TlsDirectives.CLIENT_KEY_FILE_PASS)),
                configuration.value(TlsDirectives.CA_CERT_FILE),
                configuration.value(TlsDirectives.CA_CERT_DIR),
                configuration.value(TlsDirectives.PROTOCOLS),
                configuration.value(TlsDirectives.CIPHERS),
                configuration.value(TlsDirectives.CIPHERSUITES),
                configuration.value(TlsDirectives.DH_PARAMS_FILE),
                configuration.value(TlsDirectives.PREFER_SERVER_CIPHERS),
                configuration.value(TlsDirectives.SESSION_CACHING),
                configuration.value(TlsDirectives.SESSION_CACHE_SIZE),
                configuration.value(TlsDirectives.SESSION_CACHE_TIMEOUT),
                configuration.value(TlsDirectives.AUTH_CLIENTS) != ClientCertificates.NO
                        || configuration.value(TlsDirectives.REPLICATION)
                        || configuration.value(TlsDirectives.CLUSTER));
    }
}
