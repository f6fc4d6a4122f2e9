package io.keydb.operator.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A stock {@code redis-server} process on a free port of the loopback address. */
final class StockServer implements AutoCloseable {
    private final Process process;
    private final Endpoint endpoint;

    private StockServer(Process process, Endpoint endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Whether there is one on this machine; without it the tests that need it are skipped. */
    static boolean isInstalled() {
        try {
            var version = new ProcessBuilder("redis-server", "--version").start();
            return version.waitFor(10, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static StockServer start(Path directory, String... directives)
            throws IOException, InterruptedException {
        var port = freePort();
        var command = new ArrayList<>(List.of("redis-server", "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString(), "--save", ""));
        command.addAll(List.of(directives));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        var server = new StockServer(process, new Endpoint("127.0.0.1", port));
        server.waitUntilItListens();
        return server;
    }

    private void waitUntilItListens() throws IOException, InterruptedException {
        for (var i = 0; i < 500; i++) {
            try (var socket = new Socket(endpoint.host(), endpoint.port())) {
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        close();
        throw new IOException("redis-server does not listen");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
