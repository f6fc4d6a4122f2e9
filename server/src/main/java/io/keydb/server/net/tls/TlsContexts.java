package io.keydb.server.net.tls;

import org.jspecify.annotations.Nullable;

/**
 * The contexts in use: made from settings, and replaced as a whole or not at all. Sessions that
 * exist go on with the context they were made from.
 *
 * <p>Threads: safe; contexts are replaced and sessions are made under the monitor of this object.
 */
public final class TlsContexts {

    private static final int VERIFY_NOTHING = 0;
    private static final int VERIFY_PEER = 1;
    private static final int VERIFY_PEER_AND_FAIL_WITHOUT = 3;

    private @Nullable TlsContext server;
    private @Nullable TlsContext client;
    private volatile ClientCertificates clientCertificates = ClientCertificates.YES;
    private volatile ClientNames clientNames = ClientNames.NO_RULES;

    /** Whether there is anything to make sessions from. */
    public synchronized boolean isConfigured() {
        return server != null;
    }

    /** Whether clients of later sessions have to show a certificate. */
    public void clientCertificates(ClientCertificates demanded) {
        clientCertificates = demanded;
    }

    /** What the names in certificates of later clients decide. */
    public void clientNames(ClientNames rules) {
        clientNames = rules;
    }

    public ClientNames clientNames() {
        return clientNames;
    }

    /**
     * Replaces the contexts.
     *
     * @throws TlsException says why it cannot; the former contexts stay
     */
    public synchronized void configure(TlsSettings settings) throws TlsException {
        if (!settings.own().certificateFile().isEmpty()
                && !settings.own().keyFile().isEmpty()
                && OpenSslLibrary.LIBRARY == null) {
            throw new TlsException("TLS needs libssl.so.3 or libssl.so.1.1 on this machine");
        }
        check(settings);
        TlsContext newServer = TlsContext.ofServer(settings);
        TlsContext newClient;
        boolean isComplete = false;
        try {
            newClient = TlsContext.ofClient(settings);
            isComplete = true;
        } finally {
            if (!isComplete) {
                newServer.close();
            }
        }
        close();
        server = newServer;
        client = newClient;
    }

    private static void check(TlsSettings settings) throws TlsException {
        if (settings.own().certificateFile().isEmpty()) {
            throw new TlsException("No tls-cert-file configured!");
        }
        if (settings.own().keyFile().isEmpty()) {
            throw new TlsException("No tls-key-file configured!");
        }
        if (settings.needsAuthorities()
                && settings.authorityFile().isEmpty()
                && settings.authorityFolder().isEmpty()) {
            throw new TlsException(
                    "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when"
                            + " tls-cluster, tls-replication or tls-auth-clients are enabled!");
        }
    }

    /** A session of a client that has connected to this server. */
    public TlsSession accepting(TlsBuffers buffers) {
        int verification =
                switch (clientCertificates) {
                    case NO -> VERIFY_NOTHING;
                    case OPTIONAL -> VERIFY_PEER;
                    case YES -> VERIFY_PEER_AND_FAIL_WITHOUT;
                };
        return TlsSession.accepting(buffers, newSession(false), verification);
    }

    /**
     * A session of a link that this server opens.
     *
     * @param host name of the other side, which is told to it; null when it is an address
     */
    public TlsSession connecting(TlsBuffers buffers, @Nullable String host) {
        return TlsSession.connecting(buffers, newSession(true), host);
    }

    private synchronized long newSession(boolean ofClient) {
        TlsContext context = ofClient && client != null ? client : server;
        if (context == null) {
            throw new IllegalStateException("TLS is not configured");
        }
        return context.newSession();
    }

    /** Forgets the contexts; sessions go on. */
    public synchronized void close() {
        if (server != null) {
            server.close();
            server = null;
        }
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
