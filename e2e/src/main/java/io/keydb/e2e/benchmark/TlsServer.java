package io.keydb.e2e.benchmark;

import io.keydb.e2e.process.ServerLaunch;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server with one event loop and a {@code tls-port}, and how {@code redis-benchmark} reaches it.
 * Its plain port prepares the data.
 *
 * <p>Threads: confined to the main thread.
 */
final class TlsServer implements AutoCloseable {

    private final ServerProcess process;
    private final int tlsPort;
    private final Path certificate;

    private TlsServer(ServerProcess process, int tlsPort, Path certificate) {
        this.process = process;
        this.tlsPort = tlsPort;
        this.certificate = certificate;
    }

    /** Starts one with the certificate of {@link #makeCertificate}. */
    static TlsServer start(ServerLaunch launch, Path folder)
            throws IOException, InterruptedException {
        int tlsPort = ServerLaunch.freePort();
        Path certificate = certificate(folder);
        ServerProcess process =
                launch.with("--tls-port", Integer.toString(tlsPort))
                        .with("--tls-cert-file", certificate.toString())
                        .with("--tls-key-file", key(folder).toString())
                        .with("--tls-ca-cert-file", certificate.toString())
                        .with("--tls-auth-clients", "no")
                        .start();
        return new TlsServer(process, tlsPort, certificate);
    }

    /** Signs a certificate on the curve P-256 by itself, good for a day; {@code openssl} does. */
    static void makeCertificate(Path folder) throws IOException, InterruptedException {
        Process openssl =
                new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-days",
                                "1",
                                "-subj",
                                "/CN=localhost",
                                "-keyout",
                                key(folder).toString(),
                                "-out",
                                certificate(folder).toString())
                        .redirectErrorStream(true)
                        .start();
        String output =
                new String(openssl.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (openssl.waitFor() != 0) {
            throw new IOException("openssl failed: " + output);
        }
    }

    /** Removes the folder with what {@link #makeCertificate} put there. */
    static void removeCertificate(Path folder) throws IOException {
        Files.deleteIfExists(certificate(folder));
        Files.deleteIfExists(key(folder));
        Files.delete(folder);
    }

    /**
     * Puts one workload on it.
     *
     * @param reconnects whether each request comes on a connection of its own
     */
    Measurement run(Workload workload, boolean reconnects, long requests)
            throws IOException, InterruptedException {
        List<String> options =
                new ArrayList<>(List.of("--tls", "--cacert", certificate.toString()));
        if (reconnects) {
            options.addAll(List.of("-k", "0"));
        }
        return LoadGenerator.run(process, tlsPort, options, workload, 1, requests);
    }

    @Override
    public void close() throws IOException {
        process.close();
    }

    private static Path certificate(Path folder) {
        return folder.resolve("server.crt");
    }

    private static Path key(Path folder) {
        return folder.resolve("server.key");
    }
}
