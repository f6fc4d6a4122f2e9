package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP front of the API: plain HTTP on a loopback address, JSON in and out, watches as a stream
 * or a WebSocket.
 *
 * <p>Threads: one event loop reads requests and opens watches; all else is answered on a virtual
 * thread of its own.
 */
public final class HttpApi implements AutoCloseable {

    private static final Logger LOG = System.getLogger(HttpApi.class.getName());
    private static final int MAXIMUM_HEADER_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final HttpServer server;
    private final ExecutorService workers;
    private final Discovery discovery;
    private final ResourceRequests requests;
    private final Watches watches;
    private final String url;

    private HttpApi(Api api, PodLogs logs, Vertx vertx, HttpServer server, String url) {
        this.vertx = vertx;
        this.server = server;
        this.url = url;
        this.workers = Executors.newVirtualThreadPerTaskExecutor();
        this.discovery = new Discovery(api.kinds());
        this.requests = new ResourceRequests(api, logs);
        this.watches = new Watches(api, vertx);
    }

    /**
     * Starts to listen.
     *
     * @param port the port, or 0 for a free one
     * @throws IOException when the address is taken
     */
    public static HttpApi start(Api api, PodLogs logs, String host, int port) throws IOException {
        Vertx vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setEventLoopPoolSize(1)
                                .setWorkerPoolSize(1)
                                .setInternalBlockingPoolSize(1)
                                .setUseDaemonThread(true));
        HttpServer server =
                vertx.createHttpServer(
                        new HttpServerOptions()
                                .setHost(host)
                                .setPort(port)
                                .setReuseAddress(true)
                                .setMaxHeaderSize(MAXIMUM_HEADER_BYTES)
                                .setMaxInitialLineLength(MAXIMUM_HEADER_BYTES));
        HttpApi[] front = new HttpApi[1];
        server.requestHandler(request -> front[0].accept(request));
        front[0] = new HttpApi(api, logs, vertx, server, "");
        try {
            server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            vertx.close();
            throw new IOException("cannot listen on " + host + ":" + port + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        HttpApi started =
                new HttpApi(api, logs, vertx, server, "http://" + host + ":" + server.actualPort());
        front[0] = started;
        return started;
    }

    /** Where clients find the API. */
    public String url() {
        return url;
    }

    private void accept(HttpServerRequest request) {
        boolean watch =
                "true".equals(request.getParam("watch")) || "1".equals(request.getParam("watch"));
        if (watch) {
            answerSafely(request, () -> watches.open(request, kindOf(request)));
            return;
        }
        request.body()
                .onSuccess(
                        body ->
                                workers.execute(
                                        () -> answerSafely(request, () -> answer(request, body))))
                .onFailure(_ -> request.connection().close());
    }

    private ResourceKind kindOf(HttpServerRequest request) {
        return RequestPath.parse(request.path())
                .flatMap(path -> requests.kind(path))
                .orElseThrow(ApiException::noSuchPath);
    }

    private void answerSafely(HttpServerRequest request, Runnable answer) {
        try {
            answer.run();
        } catch (ApiException e) {
            send(request, e.code(), e.status());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, () -> request.method() + " " + request.uri() + " failed", e);
            ApiException wrapped = ApiException.internal(String.valueOf(e.getMessage()));
            send(request, wrapped.code(), wrapped.status());
        }
    }

    private void answer(HttpServerRequest request, Buffer body) {
        String path = request.path();
        if (path.equals("/healthz") || path.equals("/livez") || path.equals("/readyz")) {
            request.response().putHeader("content-type", "text/plain").end("ok");
            return;
        }
        Optional<RequestPath> resource = RequestPath.parse(path);
        if (resource.isPresent()) {
            requests.answer(new Exchange(request, body), resource.get());
            return;
        }
        send(request, 200, discovery.answer(path).orElseThrow(ApiException::noSuchPath));
    }

    private static void send(HttpServerRequest request, int code, JsonNode body) {
        if (!request.response().ended()) {
            request.response()
                    .setStatusCode(code)
                    .putHeader("content-type", "application/json")
                    .end(Json.write(body));
        }
    }

    @Override
    public void close() {
        watches.close();
        server.close();
        workers.shutdownNow();
        vertx.close();
    }
}
