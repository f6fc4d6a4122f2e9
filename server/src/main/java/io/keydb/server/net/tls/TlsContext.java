package io.keydb.server.net.tls;

import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One OpenSSL context: certificate, key, authorities and ciphers, ready to make sessions from.
 * Sessions keep it alive by themselves, so it is closed as soon as a newer one is there.
 *
 * <p>Threads: immutable; OpenSSL guards the sessions it keeps.
 */
final class TlsContext implements AutoCloseable {

    private static final int CTRL_SET_TMP_DH = 3;
    private static final int CTRL_MODE = 33;
    private static final int CTRL_SET_SESSION_CACHE_SIZE = 42;
    private static final int CTRL_SET_SESSION_CACHE_MODE = 44;
    private static final int CTRL_SET_DH_AUTO = 118;

    private static final long MODE_PARTIAL_WRITE = 1;
    private static final long MODE_MOVING_WRITE_BUFFER = 2;
    private static final long MODE_RELEASE_BUFFERS = 16;

    private static final long OP_NO_COMPRESSION = 1L << 17;
    private static final long OP_SERVER_PREFERENCE = 1L << 22;
    private static final long OP_NO_SSL3 = 1L << 25;
    private static final long OP_NO_TLS1_0 = 1L << 26;
    private static final long OP_NO_TLS1_2 = 1L << 27;
    private static final long OP_NO_TLS1_1 = 1L << 28;
    private static final long OP_NO_TLS1_3 = 1L << 29;
    private static final long OP_NO_RENEGOTIATION = 1L << 30;
    private static final long OP_NO_VERSION =
            OP_NO_TLS1_0 | OP_NO_TLS1_1 | OP_NO_TLS1_2 | OP_NO_TLS1_3;

    private static final int VERIFY_PEER_AND_FAIL_WITHOUT = 3;
    private static final int FORM_PEM = 1;
    private static final int SESSIONS_OF_SERVER = 2;
    private static final String SESSION_OWNER = "keydb";

    private final long address;

    private TlsContext(long address) {
        this.address = address;
    }

    /** The context of accepted connections, and of outbound links that have no own identity. */
    static TlsContext ofServer(TlsSettings settings) throws TlsException {
        TlsContext context = create(settings, settings.own());
        boolean isComplete = false;
        try {
            context.sessions(settings);
            if (settings.prefersOwnCiphers()) {
                OpenSsl.call(OpenSsl.CTX_SET_OPTIONS, context.address, OP_SERVER_PREFERENCE);
            }
            context.parameters(settings.parametersFile());
            isComplete = true;
        } finally {
            if (!isComplete) {
                context.close();
            }
        }
        return context;
    }

    /** The context of outbound links, or null when they have no identity of their own. */
    static @Nullable TlsContext ofClient(TlsSettings settings) throws TlsException {
        return settings.client().isComplete() ? create(settings, settings.client()) : null;
    }

    private static TlsContext create(TlsSettings settings, TlsSettings.Identity identity)
            throws TlsException {
        long versions = refusedVersions(settings.protocols());
        OpenSsl.clearErrors();
        TlsContext context =
                new TlsContext(OpenSsl.call(OpenSsl.CTX_NEW, OpenSsl.call(OpenSsl.TLS_METHOD)));
        boolean isComplete = false;
        try {
            context.options(versions);
            context.identity(identity);
            context.authorities(settings.authorityFile(), settings.authorityFolder());
            context.ciphers(settings.ciphers(), settings.cipherSuites());
            isComplete = true;
        } finally {
            if (!isComplete) {
                context.close();
            }
        }
        return context;
    }

    /** The versions that are not named. */
    private static long refusedVersions(String names) throws TlsException {
        if (names.isEmpty()) {
            return OP_NO_TLS1_0 | OP_NO_TLS1_1;
        }
        long refused = OP_NO_VERSION;
        for (String name : names.split(" ", -1)) {
            refused &=
                    ~switch (name.toLowerCase(Locale.ROOT)) {
                        case "tlsv1" -> OP_NO_TLS1_0;
                        case "tlsv1.1" -> OP_NO_TLS1_1;
                        case "tlsv1.2" -> OP_NO_TLS1_2;
                        case "tlsv1.3" -> OP_NO_TLS1_3;
                        default ->
                                throw new TlsException(
                                        "Invalid tls-protocols specified. Use a combination of"
                                                + " 'TLSv1', 'TLSv1.1', 'TLSv1.2' and 'TLSv1.3'.");
                    };
        }
        return refused;
    }

    private void options(long refusedVersions) {
        OpenSsl.call(
                OpenSsl.CTX_SET_OPTIONS,
                address,
                refusedVersions | OP_NO_SSL3 | OP_NO_COMPRESSION | OP_NO_RENEGOTIATION);
        OpenSsl.call(
                OpenSsl.CTX_CTRL,
                address,
                CTRL_MODE,
                MODE_PARTIAL_WRITE | MODE_MOVING_WRITE_BUFFER | MODE_RELEASE_BUFFERS);
        OpenSsl.call(OpenSsl.CTX_SET_VERIFY, address, VERIFY_PEER_AND_FAIL_WITHOUT);
    }

    private void identity(TlsSettings.Identity identity) throws TlsException {
        String certificate = identity.certificateFile();
        String key = identity.keyFile();
        // an empty password, not none: without one OpenSSL would ask for it on the terminal
        try (CString certificateName = new CString(certificate);
                CString keyName = new CString(key);
                CString password = new CString(identity.password())) {
            OpenSsl.call(OpenSsl.CTX_SET_PASSWORD, address, password.address());
            if (failed(OpenSsl.CTX_CERTIFICATE, certificateName.address(), 0)) {
                throw new TlsException(
                        "Failed to load certificate: " + certificate + ": " + OpenSsl.error());
            }
            if (failed(OpenSsl.CTX_KEY, keyName.address(), FORM_PEM)) {
                throw new TlsException(
                        "Failed to load private key: " + key + ": " + OpenSsl.error());
            }
        } finally {
            OpenSsl.call(OpenSsl.CTX_SET_PASSWORD, address, 0);
        }
    }

    private void authorities(String file, String folder) throws TlsException {
        if (file.isEmpty() && folder.isEmpty()) {
            return;
        }
        try (CString fileName = new CString(file.isEmpty() ? null : file);
                CString folderName = new CString(folder.isEmpty() ? null : folder)) {
            if (failed(OpenSsl.CTX_AUTHORITIES, fileName.address(), folderName.address())) {
                throw new TlsException(
                        "Failed to configure CA certificate(s) file/directory: " + OpenSsl.error());
            }
        }
    }

    private void ciphers(String ciphers, String suites) throws TlsException {
        try (CString cipherText = new CString(ciphers);
                CString suiteText = new CString(suites)) {
            if (!ciphers.isEmpty() && failed(OpenSsl.CTX_CIPHERS, cipherText.address(), 0)) {
                OpenSsl.clearErrors();
                throw new TlsException("Failed to configure ciphers: " + ciphers);
            }
            if (!suites.isEmpty() && failed(OpenSsl.CTX_CIPHER_SUITES, suiteText.address(), 0)) {
                OpenSsl.clearErrors();
                throw new TlsException("Failed to configure ciphersuites: " + suites);
            }
        }
    }

    private boolean failed(MethodHandle function, long secondArgument, long thirdArgument) {
        return (int) OpenSsl.call(function, address, secondArgument, thirdArgument) <= 0;
    }

    private void sessions(TlsSettings settings) {
        OpenSsl.call(
                OpenSsl.CTX_CTRL,
                address,
                CTRL_SET_SESSION_CACHE_MODE,
                settings.cachesSessions() ? SESSIONS_OF_SERVER : 0);
        if (settings.cachesSessions()) {
            OpenSsl.call(
                    OpenSsl.CTX_CTRL,
                    address,
                    CTRL_SET_SESSION_CACHE_SIZE,
                    settings.cachedSessions());
            OpenSsl.call(OpenSsl.CTX_SET_TIMEOUT, address, settings.sessionSeconds());
            try (CString owner = new CString(SESSION_OWNER)) {
                OpenSsl.call(
                        OpenSsl.CTX_SET_SESSION_ID,
                        address,
                        owner.address(),
                        SESSION_OWNER.length());
            }
        }
    }

    private void parameters(String file) throws TlsException {
        if (file.isEmpty()) {
            OpenSsl.call(OpenSsl.CTX_CTRL, address, CTRL_SET_DH_AUTO, 1);
            return;
        }
        long reader;
        try (CString name = new CString(file);
                CString mode = new CString("r")) {
            reader = OpenSsl.call(OpenSsl.BIO_NEW_FILE, name.address(), mode.address());
        }
        if (reader == 0) {
            OpenSsl.clearErrors();
            throw new TlsException("Failed to load " + file + ": No such file or directory");
        }
        try {
            boolean accepted =
                    OpenSsl.CTX_SET_DH == null ? parametersOf1(reader) : parametersOf3(reader);
            if (!accepted) {
                OpenSsl.clearErrors();
                throw new TlsException(file + ": failed to read DH params.");
            }
        } finally {
            OpenSsl.call(OpenSsl.BIO_FREE, reader);
        }
    }

    private boolean parametersOf3(long reader) throws TlsException {
        MethodHandle setter = OpenSsl.CTX_SET_DH;
        long key = OpenSsl.call(OpenSsl.PEM_READ_PARAMETERS, reader);
        if (key == 0 || setter == null) {
            return false;
        }
        if ((int) OpenSsl.call(setter, address, key) <= 0) { // else it owns the key
            String error = OpenSsl.error();
            OpenSsl.call(OpenSsl.PKEY_FREE, key);
            throw new TlsException("Failed to load DH params file: " + error);
        }
        return true;
    }

    private boolean parametersOf1(long reader) {
        long parameters = OpenSsl.call(OpenSsl.PEM_READ_DH, reader);
        if (parameters == 0) {
            return false;
        }
        long done = OpenSsl.call(OpenSsl.CTX_CTRL, address, CTRL_SET_TMP_DH, 0, parameters);
        OpenSsl.call(OpenSsl.DH_FREE, parameters);
        return (int) done > 0;
    }

    /** A new session, which keeps the context alive. */
    long newSession() {
        long session = OpenSsl.call(OpenSsl.NEW, address);
        if (session == 0) {
            throw new OutOfMemoryError("no TLS session: " + OpenSsl.error());
        }
        return session;
    }

    @Override
    public void close() {
        OpenSsl.call(OpenSsl.CTX_FREE, address);
    }
}
