package io.keydb.server.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The HTTP server of the probes and the metrics: {@code GET /health/live}, {@code /health/ready}
 * and {@code /metrics}. It is the JDK's own, which costs a fraction of the memory and the start
 * time of a full HTTP stack (docs/adr/0004-management-http.md).
 *
 * <p>Threads: safe. Each request has a virtual thread, so a slow client holds up nobody.
 */
public final class ManagementServer implements AutoCloseable {
    private static final int LONGEST_REQUEST_SECONDS = 10;

    private final HttpServer http;
    private final ExecutorService requests;

    /**
     * Listens, and answers from now on.
     *
     * @param metrics the text of the metrics, made anew for each request
     */
    public static ManagementServer start(
            String address, int port, Probes probes, Supplier<String> metrics) throws IOException {
        System.setProperty(
                "sun.net.httpserver.maxReqTime", Integer.toString(LONGEST_REQUEST_SECONDS));
        InetAddress host = InetAddress.getByName(address);
        HttpServer http = HttpServer.create(new InetSocketAddress(host, port), 0);
        ManagementServer server = new ManagementServer(http);
        server.serve("/health/live", () -> Reply.of(probes.live()));
        server.serve("/health/ready", () -> Reply.of(probes.ready()));
        server.serve("/metrics", () -> new Reply(200, Metrics.CONTENT_TYPE, metrics.get()));
        http.start();
        return server;
    }

    private ManagementServer(HttpServer http) {
        this.http = http;
        this.requests =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("management-", 0).factory());
        http.setExecutor(requests);
    }

    /** The port it listens on. */
    public int port() {
        return http.getAddress().getPort();
    }

    private void serve(String path, Supplier<Reply> page) {
        http.createContext(path, exchange -> answer(exchange, path, page));
    }

    private static void answer(HttpExchange exchange, String path, Supplier<Reply> page)
            throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                send(exchange, new Reply(404, "text/plain", "Not found\n"));
            } else if (!isRead(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, new Reply(405, "text/plain", "Only GET is answered here\n"));
            } else {
                send(exchange, page.get());
            }
        }
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(reply.status(), -1);
        } else {
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Stops listening; running requests end with their connections. */
    @Override
    public void close() {
        http.stop(0);
        requests.shutdownNow();
    }

    /** One page. */
    private record Reply(int status, String contentType, String body) {
        static Reply of(Probes.Answer answer) {
            return new Reply(answer.isUp() ? 200 : 503, "application/json", answer.json());
        }
    }
}
