package io.keydb.e2e.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One running server process on a loopback port. Closing it stops it and removes the directory it
 * was given.
 *
 * <p>Threads: safe, because all state but the operating system's is final.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Process process;
    private final int port;
    private final Path directory;
    private final boolean ownsDirectory;
    private final Path log;
    private volatile long readyAfterNanos;

    ServerProcess(Process process, int port, Path directory, boolean ownsDirectory, Path log) {
        this.process = process;
        this.port = port;
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
        this.log = log;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** Its working directory. */
    public Path directory() {
        return directory;
    }

    /** What it has written to standard output and standard error so far. */
    public String log() throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** How long it took from the start of the process to the first answered PING. */
    public Duration readyAfter() {
        return Duration.ofNanos(readyAfterNanos);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Memory and processor time as the kernel counts them now. */
    public ProcessUsage usage() throws IOException {
        return ProcessUsage.of(pid());
    }

    /** A new connection that speaks RESP2. */
    public RespClient connect() throws IOException {
        return RespClient.connect(address(), CONNECT_TIMEOUT);
    }

    /** Sends SIGTERM and waits; returns the exit code. */
    public int stop() throws IOException, InterruptedException {
        process.destroy();
        return await();
    }

    /** Waits for its end; returns the exit code. */
    public int await() throws IOException, InterruptedException {
        if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new IOException("server " + pid() + " did not stop; its log:\n" + log());
        }
        return process.exitValue();
    }

    /** Sends SIGKILL and waits until the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws IOException {
        try {
            process.destroy();
            if (!process.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (ownsDirectory) {
            deleteRecursively(directory);
        }
    }

    void awaitReady(long startedNanos, Duration within) throws IOException, InterruptedException {
        long deadline = startedNanos + within.toNanos();
        while (!answersPing()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                String written = log();
                close();
                throw new IOException(
                        "server on port " + port + " did not get ready; its log:\n" + written);
            }
            Thread.sleep(2);
        }
        readyAfterNanos = System.nanoTime() - startedNanos;
    }

    private boolean answersPing() {
        try (RespClient client = RespClient.connect(address(), Duration.ofSeconds(1))) {
            RespReply reply = client.call("PING");
            return reply.isSimple("PONG") || reply.text().startsWith("NOAUTH");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void deleteRecursively(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited,
                            java.io.@org.jspecify.annotations.Nullable IOException failed)
                            throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
