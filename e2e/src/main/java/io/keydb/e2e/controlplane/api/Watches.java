package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Open watches: each turns the store's events into lines of one response or messages of one
 * WebSocket.
 *
 * <p>An object that begins or ceases to match the selector shows as added or deleted, as in the
 * real server. A watch from a revision the history has lost is told so and ended; a bookmark tells
 * idle watches how far the store has come.
 *
 * <p>Threads: events come under the store's lock and are only handed to the event loop.
 */
final class Watches implements AutoCloseable {

    private static final long BOOKMARK_MILLIS = 30_000;

    private final Api api;
    private final Vertx vertx;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();

    Watches(Api api, Vertx vertx) {
        this.api = api;
        this.vertx = vertx;
    }

    /** One client's watch. */
    private final class Watch {
        private final ResourceKind kind;
        private final Selector selector;
        private final Consumer<String> sink;
        private final Runnable end;
        private final boolean bookmarks;
        private ObjectStore.@Nullable Subscription subscription;
        private long bookmarkTimer = -1;
        private long timeoutTimer = -1;

        Watch(
                ResourceKind kind,
                Selector selector,
                Consumer<String> sink,
                Runnable end,
                boolean bookmarks) {
            this.kind = kind;
            this.selector = selector;
            this.sink = sink;
            this.end = end;
            this.bookmarks = bookmarks;
        }

        void event(ObjectStore.Event event) {
            boolean now =
                    event.change() != ObjectStore.Change.DELETED && selector.test(event.object());
            boolean before = event.previous() != null && selector.test(event.previous());
            if (now || before) {
                String type = !now ? "DELETED" : before ? "MODIFIED" : "ADDED";
                ObjectNode shown = Api.inVersion(kind, event.object());
                send(type, shown);
            }
        }

        void send(String type, ObjectNode object) {
            ObjectNode line = Json.object().put("type", type);
            line.set("object", object);
            sink.accept(Json.write(line) + "\n");
        }

        void bookmark(Map<String, String> annotations) {
            ObjectNode mark =
                    Json.object().put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
            ObjectNode metadata = mark.putObject("metadata");
            metadata.put("resourceVersion", Long.toString(api.store().revision()));
            annotations.forEach(
                    (name, value) -> Json.ensure(metadata, "annotations").put(name, value));
            send("BOOKMARK", mark);
        }

        void start(Predicate<ObjectStore.Key> filter, String after, boolean initialEventsMarked) {
            boolean fromNow = after.isEmpty() || after.equals("0") || initialEventsMarked;
            api.store()
                    .transaction(
                            () -> {
                                subscription =
                                        fromNow
                                                ? api.store().follow(filter, this::event)
                                                : api.store()
                                                        .subscribe(
                                                                filter,
                                                                Long.parseLong(after),
                                                                this::event);
                                if (initialEventsMarked) {
                                    bookmark(Map.of("k8s.io/initial-events-end", "true"));
                                }
                                return this;
                            });
            open.add(this);
            if (bookmarks) {
                bookmarkTimer = vertx.setPeriodic(BOOKMARK_MILLIS, _ -> bookmark(Map.of()));
            }
        }

        void stopAfter(long seconds) {
            timeoutTimer =
                    vertx.setTimer(
                            TimeUnit.SECONDS.toMillis(seconds),
                            _ -> {
                                stop();
                                end.run();
                            });
        }

        void stop() {
            open.remove(this);
            if (subscription != null) {
                subscription.close();
            }
            vertx.cancelTimer(bookmarkTimer);
            vertx.cancelTimer(timeoutTimer);
        }
    }

    void open(HttpServerRequest request, ResourceKind kind) {
        Exchange exchange = new Exchange(request, io.vertx.core.buffer.Buffer.buffer());
        RequestPath path = RequestPath.parse(request.path()).orElseThrow(ApiException::noSuchPath);
        Predicate<ObjectStore.Key> filter = filter(kind, path);
        Selector selector = exchange.selector();
        String upgrade = request.getHeader("upgrade");
        if (upgrade != null && upgrade.toLowerCase(Locale.ROOT).equals("websocket")) {
            request.toWebSocket()
                    .onSuccess(
                            socket -> {
                                Watch watch =
                                        new Watch(
                                                kind,
                                                selector,
                                                socket::writeTextMessage,
                                                () -> close(socket),
                                                bookmarksWanted(exchange));
                                socket.closeHandler(_ -> watch.stop());
                                begin(watch, filter, exchange);
                            });
            return;
        }
        HttpServerResponse response =
                request.response().setChunked(true).putHeader("content-type", "application/json");
        Watch watch =
                new Watch(
                        kind, selector, response::write, response::end, bookmarksWanted(exchange));
        response.closeHandler(_ -> watch.stop());
        response.writeHead();
        begin(watch, filter, exchange);
    }

    private static void close(ServerWebSocket socket) {
        socket.close();
    }

    private static Predicate<ObjectStore.Key> filter(ResourceKind kind, RequestPath path) {
        return key ->
                key.group().equals(kind.group())
                        && key.plural().equals(kind.plural())
                        && (path.namespace().isEmpty() || key.namespace().equals(path.namespace()))
                        && (path.name().isEmpty() || key.name().equals(path.name()));
    }

    private static boolean bookmarksWanted(Exchange exchange) {
        return exchange.parameter("allowWatchBookmarks").equals("true");
    }

    private void begin(Watch watch, Predicate<ObjectStore.Key> filter, Exchange exchange) {
        String after = exchange.parameter("resourceVersion");
        try {
            watch.start(filter, after, exchange.parameter("sendInitialEvents").equals("true"));
            String seconds = exchange.parameter("timeoutSeconds");
            if (!seconds.isEmpty()) {
                watch.stopAfter(Long.parseLong(seconds));
            }
        } catch (ObjectStore.Expired _) {
            watch.send(
                    "ERROR",
                    ApiException.expired(Long.parseLong(after), api.store().revision()).status());
            watch.end.run();
        }
    }

    /** How many watches are open. */
    int count() {
        return open.size();
    }

    @Override
    public void close() {
        for (Watch watch : open) {
            watch.stop();
            watch.end.run();
        }
    }
}
