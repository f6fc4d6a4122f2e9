package io.keydb.e2e.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to start one server process: which server, with which directives and flags. A new launch
 * picks a free loopback port and gets a directory of its own.
 *
 * <p>Threads: immutable; each {@code with} returns a changed copy.
 */
public record ServerLaunch(
        Kind kind,
        List<String> directives,
        List<String> javaFlags,
        Optional<Path> directory,
        Duration readyWithin) {

    /** Far more than a server needs: a machine that does much else must not fail a test. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    /** Which server to start. */
    public enum Kind {
        /** The server of this project. */
        OURS,
        /** The server of this project, from the start-up cache of the build. */
        OURS_CACHED,
        /** The {@code redis-server} found on the path. */
        STOCK
    }

    /** A launch of the server of this build, with the heap it is meant to run with. */
    public static ServerLaunch ours() {
        return new ServerLaunch(Kind.OURS, List.of(), List.of(), Optional.empty(), READY_WITHIN);
    }

    /** The same from the start-up cache, as {@code ./keydb server} does when there is one. */
    public static ServerLaunch oursCached() {
        return new ServerLaunch(
                Kind.OURS_CACHED, List.of(), List.of(), Optional.empty(), READY_WITHIN);
    }

    /** A launch of the stock server without persistence, so that only its commands are compared. */
    public static ServerLaunch stock() {
        return new ServerLaunch(
                Kind.STOCK,
                List.of("--save", "", "--appendonly", "no"),
                List.of(),
                Optional.empty(),
                READY_WITHIN);
    }

    /**
     * Adds configuration directives as they stand on a command line: {@code "--maxclients", "10"}.
     */
    public ServerLaunch with(String... moreDirectives) {
        return new ServerLaunch(
                kind,
                append(directives, List.of(moreDirectives)),
                javaFlags,
                directory,
                readyWithin);
    }

    /** Adds flags for the Java runtime; the stock server has none and ignores them. */
    public ServerLaunch withJavaFlags(String... flags) {
        return new ServerLaunch(
                kind, directives, append(javaFlags, List.of(flags)), directory, readyWithin);
    }

    /** Runs in a directory that outlives the process, for restarts on the same data. */
    public ServerLaunch in(Path existingDirectory) {
        return new ServerLaunch(
                kind, directives, javaFlags, Optional.of(existingDirectory), readyWithin);
    }

    /** True when the program this launch needs is there. */
    public boolean isPossible() {
        return switch (kind) {
            case OURS -> ServerBinaries.serverJar().isPresent();
            case OURS_CACHED -> ServerBinaries.startUpCache().isPresent();
            case STOCK -> ServerBinaries.onPath("redis-server").isPresent();
        };
    }

    /** What to do when {@link #isPossible} is false. */
    public String reasonImpossible() {
        return switch (kind) {
            case OURS -> "the server is not packaged; run ./mvnw -pl server package";
            case OURS_CACHED -> "there is no start-up cache; run ./keydb build";
            case STOCK -> "redis-server is not installed (Debian package redis-server)";
        };
    }

    /** Starts the process and waits until it answers PING. */
    public ServerProcess start() throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        ServerProcess server = startUnready();
        server.awaitReady(startedNanos, readyWithin);
        return server;
    }

    /** Starts the process and waits for nothing. */
    public ServerProcess startUnready() throws IOException {
        int port = freePort();
        boolean ownsDirectory = directory.isEmpty();
        Path home = ownsDirectory ? Files.createTempDirectory("keydb-e2e-") : directory.get();
        List<String> command = new ArrayList<>(program());
        command.addAll(
                List.of(
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        home.toString()));
        command.addAll(directives);
        Path log = home.resolve("server-" + port + ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new ServerProcess(process, port, home, ownsDirectory, log);
    }

    private List<String> program() throws IOException {
        if (!isPossible()) {
            throw new IOException(reasonImpossible());
        }
        return switch (kind) {
            case OURS ->
                    ServerBinaries.ourCommand(ServerBinaries.serverJar().orElseThrow(), javaFlags);
            case OURS_CACHED ->
                    ServerBinaries.ourCommand(
                            ServerBinaries.cachedServerJar(),
                            append(
                                    javaFlags,
                                    List.of(
                                            "-XX:AOTCache="
                                                    + ServerBinaries.startUpCache()
                                                            .orElseThrow())));
            case STOCK -> List.of(ServerBinaries.onPath("redis-server").orElseThrow().toString());
        };
    }

    /** A loopback port that nobody listens on at the moment. */
    public static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static List<String> append(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }
}
