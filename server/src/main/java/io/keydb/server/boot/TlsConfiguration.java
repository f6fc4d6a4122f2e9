package io.keydb.server.boot;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.net.tls.ClientNames;
import io.keydb.server.net.tls.TlsContexts;
import io.keydb.server.net.tls.TlsDirectives;
import io.keydb.server.net.tls.TlsException;
import io.keydb.server.net.tls.TlsSettings;
import io.keydb.server.support.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS contexts as the configuration wants them, at the start and after each CONFIG SET. What cannot
 * be had is refused, and what was in use stays.
 *
 * <p>Threads: safe; contexts are replaced under the monitor of the configuration. {@link #rotate}
 * belongs to one thread.
 */
final class TlsConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(TlsConfiguration.class);

    private static final Directive<?>[] SOURCES = {
        TlsDirectives.CERT_FILE,
        TlsDirectives.KEY_FILE,
        TlsDirectives.KEY_FILE_PASS,
        TlsDirectives.CLIENT_CERT_FILE,
        TlsDirectives.CLIENT_KEY_FILE,
        TlsDirectives.CLIENT_KEY_FILE_PASS,
        TlsDirectives.DH_PARAMS_FILE,
        TlsDirectives.CA_CERT_FILE,
        TlsDirectives.CA_CERT_DIR,
        TlsDirectives.REPLICATION,
        TlsDirectives.CLUSTER,
        TlsDirectives.PROTOCOLS,
        TlsDirectives.CIPHERS,
        TlsDirectives.CIPHERSUITES,
        TlsDirectives.PREFER_SERVER_CIPHERS,
        TlsDirectives.SESSION_CACHING,
        TlsDirectives.SESSION_CACHE_SIZE,
        TlsDirectives.SESSION_CACHE_TIMEOUT
    };

    private final Configuration configuration;
    private final TlsContexts contexts = new TlsContexts();
    private final Clock clock;
    private @Nullable TlsSettings applied;
    private @Nullable TlsFiles files;
    private long lastLook = Long.MIN_VALUE;
    private boolean isRefused;

    TlsConfiguration(Configuration configuration, Clock clock) {
        this.configuration = configuration;
        this.clock = clock;
    }

    TlsContexts contexts() {
        return contexts;
    }

    /**
     * Makes the contexts, if anything uses TLS, and makes them anew after every change.
     *
     * @throws TlsException says what is missing or wrong
     */
    void start() throws TlsException {
        demandCertificates();
        configuration.onChange(this::demandCertificates, TlsDirectives.AUTH_CLIENTS);
        readNames();
        configuration.onChange(
                this::readNames, TlsDirectives.ALLOWLIST, TlsDirectives.AUDITLOG_BLOCKLIST);
        if (isWanted()) {
            configure();
        }
        configuration.onChange(this::changed, SOURCES);
    }

    private void demandCertificates() {
        contexts.clientCertificates(configuration.value(TlsDirectives.AUTH_CLIENTS));
    }

    private void readNames() {
        contexts.clientNames(
                new ClientNames(
                        configuration.value(TlsDirectives.ALLOWLIST),
                        configuration.value(TlsDirectives.AUDITLOG_BLOCKLIST)));
    }

    /**
     * Takes up files that are others than those in use, when {@code tls-rotation} asks for it; to
     * be called again and again. Looks once a second. What cannot be used, as a certificate whose
     * key has not come yet, is tried again when one more file changes.
     */
    void rotate() {
        long second = TimeUnit.NANOSECONDS.toSeconds(clock.nanos());
        if (second == lastLook || !configuration.value(TlsDirectives.ROTATION) || !isWanted()) {
            return;
        }
        lastLook = second;
        synchronized (configuration) {
            TlsSettings settings = TlsSettings.of(configuration);
            TlsFiles now = TlsFiles.of(settings);
            if (now.equals(files)) {
                return;
            }
            try {
                configure();
                LOG.info("The files of TLS have changed and are served from now on.");
            } catch (TlsException unusable) {
                LOG.warn("Changed files of TLS are not served: {}", unusable.getMessage());
            }
        }
    }

    private boolean isWanted() {
        return configuration.value(TlsDirectives.PORT) != 0
                || configuration.value(TlsDirectives.REPLICATION)
                || configuration.value(TlsDirectives.CLUSTER);
    }

    private void configure() throws TlsException {
        TlsSettings settings = TlsSettings.of(configuration);
        files = TlsFiles.of(settings); // before they are read: what changes meanwhile is noticed
        contexts.configure(settings);
        applied = settings;
    }

    /** Reads all files anew, also when their names are the same. */
    private void changed() throws InvalidValue {
        if (!isWanted()) {
            return;
        }
        if (isRefused && TlsSettings.of(configuration).equals(applied)) {
            isRefused = false; // the former values are back, and what was made from them is in use
            return;
        }
        ensure(false);
    }

    /** Makes the contexts unless there are some, because TLS is wanted from now on. */
    void ensureThere() throws InvalidValue {
        ensure(true);
    }

    private void ensure(boolean anyIsEnough) throws InvalidValue {
        if (anyIsEnough && contexts.isConfigured()) {
            return;
        }
        try {
            configure();
            isRefused = false;
        } catch (TlsException refused) {
            isRefused = true;
            LOG.warn("{}", refused.getMessage());
            throw new InvalidValue("Unable to update TLS configuration. Check server logs.");
        }
    }
}
